"""The judge of appointments, judged: a good record passes, and each way to doctor it is noticed by the check for it."""
import copy
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import judge_appointments as judging  # noqa: E402
from judge import Evidence, no_part_is_reserved_twice  # noqa: E402
from judge_appointments import Look  # noqa: E402
from states import APPOINTMENT, CASE, INVENTORY, VISIT  # noqa: E402

VAN, PART, LI = "stockLocations/van-li", "parts/p", "engineers/li"
HOUR, NOW = 3600, 100_000


def appointment(number, state, etag=1, begins=NOW + HOUR, hours=2.0, reason=""):
    one = APPOINTMENT.Appointment(name=f"appointments/{number}", etag=str(etag), case_name=f"cases/{number}", reason=reason,
                                  state=APPOINTMENT.AppointmentState.Value(f"APPOINTMENT_STATE_{state}"))
    one.starts_at.FromSeconds(begins)
    one.ends_at.FromSeconds(begins + int(hours * HOUR))
    if state == "HELD":
        one.hold_expires_at.FromSeconds(NOW + 60)
    return one


def visit(number, begins=NOW + 2 * HOUR, state=VISIT.VISIT_STATE_ACCEPTED, engineer=LI):
    one = VISIT.Visit(name=f"visits/{number}", etag="1", case_name=f"cases/{number}", engineer=engineer, state=state)
    one.starts_at.FromSeconds(begins)
    one.ends_at.FromSeconds(begins + HOUR)
    return one


def reservation(number, state=INVENTORY.RESERVATION_STATE_HELD, **holder):
    return INVENTORY.Reservation(name=f"reservations/{number}", part=PART, location=VAN, quantity=1, state=state, **holder)


def good():
    """Case 1 has a time that is held, with its part; case 2 one that is booked; case 3 one that was called off."""
    held, booked, ended = appointment(1, "HELD", begins=NOW + 5 * HOUR), appointment(2, "BOOKED", 2), appointment(3, "CANCELLED", 3, reason="no")
    held_by_staff = copy.deepcopy(held)
    held_by_staff.engineers.append(LI)
    before = appointment(2, "HELD")
    return Evidence(
        cases=[CASE.Case(name="cases/1"), CASE.Case(name="cases/2", visit="visits/2", appointment=booked.name), CASE.Case(name="cases/3")],
        visits=[visit(2)], appointments=[held_by_staff, booked, ended], work_lists={LI: [visit(2)]},
        told_of_appointments={one.name: copy.deepcopy(one) for one in (held, booked, ended)}, given_up={ended.name},
        appointment_looks=[Look(before, booked, NOW, NOW, visit(2)), Look(held, held, NOW, NOW)],
        kept_for_appointments={held.name: {(VAN, PART): 1}, ended.name: {(VAN, PART): 1}},
        reservations=[reservation(1, appointment=held.name), reservation(2, visit="visits/2"),
                      reservation(3, INVENTORY.RESERVATION_STATE_RELEASED, appointment=ended.name)],
        stock=[INVENTORY.StockLine(name="l", location=VAN, part=PART, on_hand=2, reserved=2)], stock_before={(VAN, PART): 2},
        repeated=[(booked, booked)], read_from=NOW, read_until=NOW)


def becomes(evidence, index, state, etag=9, **details):
    """The service says something else of an appointment in the end."""
    was = evidence.appointments[index]
    evidence.appointments[index] = appointment(index + 1, state, etag, begins=was.starts_at.seconds, **details)


class JudgeOfAppointmentsTest(unittest.TestCase):
    def doctored(self, check, change):
        """The check has nothing to say to the good record, and something to the doctored one."""
        evidence = good()
        self.assertEqual(check(evidence), [])
        change(evidence)
        self.assertTrue(check(evidence), f"{check.__name__} noticed nothing")

    def allowed(self, check, change):
        evidence = good()
        change(evidence)
        self.assertEqual(check(evidence), [])

    def test_a_good_record_passes(self):
        self.assertEqual([c for check in (*judging.APPOINTMENT_CHECKS, no_part_is_reserved_twice) for c in check(good())], [])

    def test_an_acknowledged_appointment_that_is_not_there(self):
        for index in range(3):
            self.doctored(judging.appointments_become_what_they_may, lambda e: e.appointments.pop(index))

    def test_an_acknowledged_change_that_was_forgotten(self):
        self.doctored(judging.appointments_become_what_they_may, lambda e: becomes(e, 1, "HELD", etag=1))
        self.doctored(judging.appointments_become_what_they_may, lambda e: becomes(e, 2, "BOOKED", etag=2))
        self.doctored(judging.appointments_become_what_they_may, lambda e: e.appointment_looks.append(
            Look(appointment(2, "BOOKED", 2), appointment(2, "HELD", 1), NOW, NOW)))

    def test_another_window_in_the_same_version(self):
        self.doctored(judging.appointments_become_what_they_may, lambda e: e.appointments[1].starts_at.FromSeconds(NOW))

    def test_a_hold_that_ended_too_soon_or_too_late(self):
        self.doctored(judging.appointments_become_what_they_may, lambda e: becomes(e, 0, "EXPIRED"))
        self.doctored(judging.appointments_become_what_they_may, lambda e: becomes(e, 0, "CANCELLED"))
        self.doctored(judging.appointments_become_what_they_may, lambda e: (setattr(e, "read_from", NOW + 90), setattr(e, "read_until", NOW + 90)))

        def in_time(e):
            becomes(e, 0, "EXPIRED")
            e.read_from = e.read_until = NOW + 61
        self.allowed(judging.appointments_become_what_they_may, in_time)

    def test_a_booking_that_ended_by_itself(self):
        for state in ("CANCELLED", "EXPIRED", "MISSED"):
            self.doctored(judging.appointments_become_what_they_may, lambda e: becomes(e, 1, state))
        self.allowed(judging.appointments_become_what_they_may, lambda e: becomes(e, 1, "KEPT"))
        self.allowed(judging.appointments_become_what_they_may, lambda e: becomes(e, 1, "CANCELLED", reason="the case was cancelled: sold"))

    def test_a_cancelled_one_that_came_back(self):
        self.doctored(judging.appointments_become_what_they_may, lambda e: becomes(e, 2, "BOOKED"))

    def test_a_booking_without_a_visit_within_its_window(self):
        check = judging.who_was_promised_a_time_is_visited_in_it
        self.doctored(check, lambda e: e.visits.pop())
        self.doctored(check, lambda e: e.visits[0].starts_at.FromSeconds(NOW))
        self.doctored(check, lambda e: setattr(e.visits[0], "state", VISIT.VISIT_STATE_CANCELLED))
        self.doctored(check, lambda e: setattr(e.cases[1], "appointment", ""))
        self.doctored(check, lambda e: becomes(e, 1, "AT_RISK"))
        self.doctored(check, lambda e: e.appointment_looks[0].visit.starts_at.FromSeconds(NOW))
        self.doctored(check, lambda e: e.appointment_looks[0].visit.ClearField("engineer"))

        def taken_back(e):
            e.appointment_looks[0].visit.ClearField("engineer")
            e.appointment_looks[0].is_planned_anew = True
        self.allowed(check, taken_back)

    def test_a_booking_that_its_engineer_does_not_know_of(self):
        check = judging.who_was_promised_a_time_is_visited_in_it
        self.doctored(check, lambda e: e.work_lists.clear())
        self.doctored(check, lambda e: e.work_lists[LI][0].starts_at.FromSeconds(NOW))

    def test_two_times_of_one_case(self):
        self.doctored(judging.a_case_has_one_time, lambda e: setattr(e.appointments[0], "case_name", "cases/2") or becomes(e, 2, "HELD") or
                      setattr(e.appointments[2], "case_name", "cases/2"))

    def test_parts_that_stay_reserved_for_what_is_over(self):
        for index, state in ((0, "EXPIRED"), (0, "CANCELLED"), (0, "BOOKED")):
            self.doctored(judging.held_parts_are_kept_and_given_back, lambda e: becomes(e, index, state))
        self.doctored(judging.held_parts_are_kept_and_given_back,
                      lambda e: setattr(e.reservations[2], "state", INVENTORY.RESERVATION_STATE_HELD))

    def test_parts_of_a_hold_that_were_given_away(self):
        self.doctored(judging.held_parts_are_kept_and_given_back, lambda e: e.reservations.pop(0))

        def taken_over(e):
            e.cases[0].visit = "visits/1"
            e.visits.append(visit(1))
            e.reservations[0] = reservation(1, visit="visits/1")
        self.allowed(judging.held_parts_are_kept_and_given_back, taken_over)

        def done_meanwhile(e):
            e.cases[0].state = CASE.CASE_STATE_PROVING
            e.reservations[0] = reservation(1, visit="visits/1", state=INVENTORY.RESERVATION_STATE_CONSUMED)
        self.allowed(judging.held_parts_are_kept_and_given_back, done_meanwhile)

    def test_a_part_that_a_hold_has_and_a_visit_too(self):
        self.doctored(no_part_is_reserved_twice, lambda e: setattr(e.stock[0], "reserved", 1))
        self.doctored(no_part_is_reserved_twice, lambda e: becomes(e, 0, "EXPIRED"))

    def test_time_that_is_held_and_given_to_another(self):
        def fill(e):
            e.visits.append(visit(4, begins=NOW + 5 * HOUR))
            e.visits[-1].ends_at.FromSeconds(NOW + 8 * HOUR)
        self.doctored(judging.held_time_is_nobody_elses, fill)

        def hold_twice(e):
            for index in (0, 2):
                becomes(e, index, "HELD", hours=0.5)
                e.appointments[index].starts_at.FromSeconds(NOW)
                e.appointments[index].ends_at.FromSeconds(NOW + 1800)
                e.appointments[index].engineers.append(LI)
        self.doctored(judging.held_time_is_nobody_elses, hold_twice)

    def test_a_request_that_was_answered_twice(self):
        self.doctored(judging.a_request_has_one_answer, lambda e: e.repeated.append((e.appointments[0], e.appointments[1])))
        self.doctored(judging.a_request_has_one_answer, lambda e: e.refused_early.append(("appointments/1", "too late")))


if __name__ == "__main__":
    unittest.main()
