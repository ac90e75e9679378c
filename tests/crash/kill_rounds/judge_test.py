"""The judge of the kill rounds, judged: a good record passes, and each way to doctor it is noticed by the check for it."""
import copy
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import judge as judging  # noqa: E402
from judge import Evidence  # noqa: E402
from states import CASE, DEVICE, INVENTORY, VISIT  # noqa: E402

EPOCH, LATCHED, RECURRING = 7, "code-latched", "code-recurring"


def said(sequence, kind, code, component="unit-1"):
    return DEVICE.DeviceRecord(sequence=sequence, fault=DEVICE.FaultChange(
        kind=DEVICE.FaultChangeKind.Value(f"FAULT_CHANGE_KIND_{kind}"), code=code, component=component))


def episode(sequence, code, raises=1, state=CASE.EPISODE_STATE_ACTIVE, device="talker", asset="assets/talker", component="unit-1"):
    return CASE.FaultEpisode(name=f"episodes/{device}-{sequence}", asset=asset, code=code, component=component, device=device,
                             epoch=EPOCH, sequence=sequence, raise_count=raises, state=state, case_name="cases/1")


def visit(name, etag, state, engineer="engineers/li", begins=0, ends=3600):
    out = VISIT.Visit(name=name, etag=str(etag), case_name="cases/1", engineer=engineer, state=state)
    out.starts_at.FromSeconds(begins)
    out.ends_at.FromSeconds(ends)
    return out


def case(etag):
    return CASE.Case(name="cases/1", etag=str(etag), asset="assets/talker", visit="visits/2", episode_count=4,
                     active_episode_count=3, timeline_count=3, state=CASE.CASE_STATE_OFFERED)


def good():
    """One machine, one case, one visit that was declined and one that is offered."""
    over, now = visit("visits/1", 2, VISIT.VISIT_STATE_CANCELLED), visit("visits/2", 1, VISIT.VISIT_STATE_OFFERED)
    declined = VISIT.Offer(name="offers/1", etag="2", visit="visits/1", engineer="engineers/li", state=VISIT.OFFER_STATE_DECLINED)
    open_one = VISIT.Offer(name="offers/2", etag="1", visit="visits/2", engineer="engineers/li", state=VISIT.OFFER_STATE_OPEN)
    first_offer = copy.deepcopy(declined)
    first_offer.etag, first_offer.state = "1", VISIT.OFFER_STATE_OPEN
    return Evidence(
        said={"talker": ("assets/talker", EPOCH, [
            said(1, "ACTIVE", LATCHED), said(2, "CLEARED", LATCHED), said(3, "ACTIVE", LATCHED),
            said(4, "ACTIVE", RECURRING), said(5, "CLEARED", RECURRING), said(6, "ACTIVE", RECURRING), said(7, "UPDATED", RECURRING)])},
        latched={LATCHED}, captured={("assets/talker", "captured", "sa-1")},
        looks=[("talker", EPOCH, 3, 2), ("talker", EPOCH, 7, 7)],
        episodes=[episode(1, LATCHED, raises=2), episode(4, RECURRING, state=CASE.EPISODE_STATE_CLEARED), episode(6, RECURRING),
                  episode(9, "captured", device="rig", component="sa-1")],
        watched=[("a", case(1)), ("b", visit("visits/1", 1, VISIT.VISIT_STATE_OFFERED)), ("c", over), ("d", case(2)), ("e", now)],
        work={"engineers/li": [("a", first_offer), ("b", declined), ("c", open_one)]},
        cases=[case(2)], visits=[over, now], offers=[declined, open_one],
        reservations=[
            INVENTORY.Reservation(name="reservations/1", visit="visits/1", part="parts/p", location="stockLocations/l", quantity=1,
                                  state=INVENTORY.RESERVATION_STATE_CONSUMED),
            INVENTORY.Reservation(name="reservations/2", visit="visits/2", part="parts/p", location="stockLocations/l", quantity=2,
                                  state=INVENTORY.RESERVATION_STATE_HELD)],
        stock=[INVENTORY.StockLine(name="l", location="stockLocations/l", part="parts/p", on_hand=4, reserved=2)],
        stock_before={("stockLocations/l", "parts/p"): 5}, timelines={"cases/1": [0, 1, 2]})


class JudgeTest(unittest.TestCase):
    def doctored(self, check, change):
        """The check has nothing to say to the good record, and something to the doctored one; tells what."""
        evidence = good()
        self.assertEqual(check(evidence), [])
        change(evidence)
        complaints = check(evidence)
        self.assertTrue(complaints, f"{check.__name__} noticed nothing")
        return complaints

    def test_a_good_record_passes(self):
        self.assertEqual(judging.judge(good()), [])

    def test_a_lost_fault(self):
        self.doctored(judging.everything_said_is_in_one_episode, lambda e: e.episodes.pop(2))

    def test_a_fault_in_two_episodes(self):
        self.doctored(judging.everything_said_is_in_one_episode, lambda e: e.episodes.append(episode(1, LATCHED)))

    def test_an_update_that_began_an_episode(self):
        self.doctored(judging.everything_said_is_in_one_episode, lambda e: e.episodes.append(episode(7, RECURRING)))

    def test_chattering_counted_twice(self):
        self.doctored(judging.everything_said_is_in_one_episode, lambda e: setattr(e.episodes[0], "raise_count", 3))

    def test_a_recurrence_taken_for_an_update(self):
        def merge(e):
            e.episodes.pop(2)
            e.episodes[1].raise_count = 2
        self.doctored(judging.everything_said_is_in_one_episode, merge)

    def test_a_lost_capture(self):
        self.doctored(judging.everything_captured_is_in_one_episode, lambda e: e.episodes.pop())

    def test_a_capture_read_twice(self):
        self.doctored(judging.everything_captured_is_in_one_episode,
                      lambda e: e.episodes.append(episode(10, "captured", device="rig", component="sa-1")))

    def test_a_receipt_that_was_not_kept(self):
        self.doctored(judging.receipts_are_kept, lambda e: e.looks.append(("talker", EPOCH, 8, 9)))

    def test_durable_through_that_fell(self):
        self.doctored(judging.receipts_are_kept, lambda e: e.looks.append(("talker", EPOCH, 6, 0)))

    def test_a_gap_in_a_stream(self):
        self.doctored(judging.streams_have_no_gap_and_no_repeat, lambda e: e.watched.pop(0))
        self.doctored(judging.streams_have_no_gap_and_no_repeat, lambda e: e.watched.append(("f", case(4))))

    def test_a_repeat_in_a_stream(self):
        self.doctored(judging.streams_have_no_gap_and_no_repeat, lambda e: e.watched.append(("f", case(2))))
        self.doctored(judging.streams_have_no_gap_and_no_repeat, lambda e: e.watched.append(("e", case(3))))
        self.doctored(judging.streams_have_no_gap_and_no_repeat,
                      lambda e: e.work["engineers/li"].append(("d", e.offers[0])))

    def test_a_stream_that_ended_early(self):
        self.doctored(judging.streams_end_where_the_service_is, lambda e: e.watched.pop())
        self.doctored(judging.streams_end_where_the_service_is, lambda e: e.work["engineers/li"].pop())

    def test_an_engineer_booked_twice(self):
        self.doctored(judging.no_engineer_is_booked_twice,
                      lambda e: e.visits.append(visit("visits/3", 1, VISIT.VISIT_STATE_ACCEPTED, begins=3000, ends=5000)))

    def test_an_engineer_booked_twice_in_a_crew(self):
        def help_out(e):
            e.visits.append(visit("visits/3", 1, VISIT.VISIT_STATE_OFFERED, engineer="engineers/zoe", begins=3000, ends=5000))
            e.visits[-1].crew.add(engineer="engineers/zoe")
            e.visits[-1].crew.add(engineer="engineers/li")
        self.doctored(judging.no_engineer_is_booked_twice, help_out)

    def test_a_part_reserved_twice(self):
        self.doctored(judging.no_part_is_reserved_twice, lambda e: setattr(e.stock[0], "on_hand", 1))
        self.doctored(judging.no_part_is_reserved_twice, lambda e: setattr(e.stock[0], "reserved", 3))
        self.doctored(judging.no_part_is_reserved_twice, lambda e: e.reservations.pop())

    def test_a_part_held_for_a_visit_that_is_over(self):
        self.doctored(judging.no_part_is_reserved_twice, lambda e: setattr(e.reservations[1], "visit", "visits/1"))

    def test_a_part_used_twice(self):
        self.doctored(judging.no_part_is_reserved_twice, lambda e: setattr(e.stock[0], "on_hand", 3))

    def test_two_visits_of_one_case(self):
        self.doctored(judging.a_case_has_one_visit_and_a_visit_one_offer,
                      lambda e: setattr(e.visits[0], "state", VISIT.VISIT_STATE_PROPOSED))

    def test_two_open_offers_of_one_visit(self):
        def offer_twice(e):
            e.offers[0].state, e.offers[0].visit = VISIT.OFFER_STATE_OPEN, "visits/2"
        self.doctored(judging.a_case_has_one_visit_and_a_visit_one_offer, offer_twice)

    def test_two_open_cases_of_one_machine(self):
        def open_twice(e):
            e.cases.append(case(1))
            e.cases[-1].name = "cases/2"
        self.doctored(judging.a_case_has_one_visit_and_a_visit_one_offer, open_twice)

    def test_a_case_that_miscounts(self):
        self.doctored(judging.cases_count_right, lambda e: setattr(e.cases[0], "episode_count", 5))
        self.doctored(judging.cases_count_right, lambda e: e.timelines["cases/1"].remove(1))


if __name__ == "__main__":
    unittest.main()
