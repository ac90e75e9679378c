"""By nine the day was upside down: two calls had gone to the one who was there, a colleague came in after all, and each
drove past the other's machines until evening. Every single decision had been right when it was made.

The days of a territory are looked at as a whole after every change. What would be better is proposed with its reasons,
and moved all at once or not at all; who is on the way, or has been promised something, is left in peace. Where a hazard breaks
into a full day, what is less urgent gives way to it in the same moment, and is planned anew.
"""
import datetime

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from story import MAP_SENSOR, VISIT, Story, day_shifts, main, once, v1

PROPOSAL = v1["plan_proposal"]
STATE = grpc.StatusCode.FAILED_PRECONDITION
WEST, EAST = 13.0, 14.2  # longitudes, some 80 km and two hours apart
MACHINES = {"west-1": 13.02, "east-1": 14.19, "east-2": 14.16}


class UpsideDown(Story):
    """Li lives in the west, zoe in the east. Zoe was to have the week off."""
    level = "AUTOMATION_LEVEL_PROPOSE"

    def organisation(self, data):
        data["territories"][0]["automation"] = self.level
        truck = data["assets"][0]
        for device, longitude in MACHINES.items():
            data["sites"].append({**data["sites"][0], "name": f"sites/{device}", "position": {"latitude_deg": 52.5, "longitude_deg": longitude}})
            data["assets"].append({**truck, "name": f"assets/{device}", "serial_number": device, "devices": [device], "site": f"sites/{device}"})
        for engineer in data["engineers"]:
            name = engineer["name"].split("/")[1]
            engineer["home"] = {"latitude_deg": 52.5, "longitude_deg": EAST if name == "zoe" else WEST}
            for part in data["parts"]:  # all have all parts with them, so that the way alone decides
                data["stock"] = [line for line in data["stock"] if (line["location"], line["part"]) != (engineer["van"], part["name"])]
                data["stock"].append({"location": engineer["van"], "part": part["name"], "on_hand": 20})
        data["shifts"] = [shift for shift in day_shifts() if shift["engineer"] != "engineers/zoe"]

    @property
    def planning(self):
        return self.api.PlanningService

    def broken(self, device):
        machine = self.machine(device)
        machine.say(machine.fault(MAP_SENSOR))
        return self.case(f"assets/{device}").name

    def morning(self):
        """All three machines stop, and all is given to li, who is the only one."""
        self.cases = {device: self.broken(device) for device in MACHINES}
        self.assertEqual(set(self.who().values()), {"li"})

    def zoe_comes_in(self):
        for shift in day_shifts(days=3):
            if shift["engineer"] == "engineers/zoe":
                self.world.admin.WorkforceService.UpdateShift(
                    shift={**shift, **{key: self.time(shift[key]) for key in ("starts_at", "ends_at")}}, request_id=once())

    @staticmethod
    def time(text):
        out = Timestamp()
        out.FromJsonString(text)
        return out

    def visit(self, device):
        return self.visit_of(self.cases[device])

    def who(self):
        return {device: self.visit(device).engineer.removeprefix("engineers/") for device in self.cases}

    def proposals(self, state=PROPOSAL.PLAN_PROPOSAL_STATE_OPEN):
        return list(self.planning.ListPlanProposals(territory="territories/north", state=state).plan_proposals)

    def commit(self, proposal, **more):
        return self.planning.CommitPlanProposal(name=proposal.name, request_id=once(), **more)


class Proposed(UpsideDown):
    def proposal(self):
        self.morning()
        self.zoe_comes_in()
        self.advance(minutes=1)
        proposals = self.proposals()
        self.assertEqual(len(proposals), 1)
        return proposals[0]

    def test_who_is_nearer_is_proposed_for_all_of_it_and_a_yes_moves_everything_at_once(self):
        proposal, before = self.proposal(), self.who()
        self.assertEqual({(m.visit, m.to_engineer) for m in proposal.moves if m.to_engineer == "engineers/zoe"},
                         {(self.visit(device).name, "engineers/zoe") for device in ("east-1", "east-2")})
        self.assertGreater(proposal.saves, 0)
        self.assertGreater(proposal.travel_saved.seconds, 3600)
        self.assertTrue(all(move.reason for move in proposal.moves) and proposal.rests_on)
        self.assertEqual(self.who(), before, "a proposal moves nothing")

        done = self.commit(proposal, etag=proposal.etag)
        self.assertEqual((done.state, done.settled_by), (PROPOSAL.PLAN_PROPOSAL_STATE_COMMITTED, "dispatch/ann"))
        self.assertEqual(self.who(), {"west-1": "li", "east-1": "zoe", "east-2": "zoe"})
        for move in proposal.moves:
            visit = self.api.DispatchService.GetVisit(name=move.visit)
            self.assertEqual((visit.starts_at, visit.state), (move.starts_at, VISIT.VISIT_STATE_PROPOSED))
        self.assertTrue(any("planned anew as a whole" in line for line in self.timeline(self.cases["east-1"])))
        held = {r.visit: r.location for r in self.api.InventoryService.ListReservations(page_size=1000).reservations
                if r.state == v1["inventory"].RESERVATION_STATE_HELD}
        self.assertEqual({held[self.visit(device).name] for device in ("east-1", "east-2")}, {"stockLocations/van-zoe"})
        self.assert_refused(STATE, self.commit, says="no longer open", proposal=proposal)

    def test_what_has_been_overtaken_is_refused_whole(self):
        proposal = self.proposal()
        self.api.DispatchService.CancelVisit(name=self.visit("east-2").name, reason="she found a spare", request_id=once())
        before = {device: (self.visit(device).engineer, self.visit(device).starts_at) for device in ("west-1", "east-1")}
        with self.assertRaises(grpc.RpcError) as refused:
            self.commit(proposal)
        self.assertEqual(refused.exception.code(), STATE)
        self.assertRegex(refused.exception.details(), r"nothing was moved: (visits|rosters)/\S+ has changed")
        self.assertEqual({device: (self.visit(device).engineer, self.visit(device).starts_at) for device in before}, before)
        self.assertEqual(self.planning.GetPlanProposal(name=proposal.name).state, PROPOSAL.PLAN_PROPOSAL_STATE_OVERTAKEN)
        self.assertEqual(self.proposals(), [])

    def test_a_no_is_a_no_until_somebody_asks(self):
        proposal = self.proposal()
        self.planning.RejectPlanProposal(name=proposal.name, reason="zoe only fills in", request_id=once())
        west = self.visit("west-1")
        self.api.DispatchService.ReassignVisit(name=west.name, engineer="engineers/zoe", reason="to have a change", request_id=once())
        self.api.DispatchService.ReassignVisit(name=west.name, engineer="engineers/li", reason="and back", request_id=once())
        self.advance(minutes=2)
        self.assertEqual(self.proposals(), [], "something has changed, but it is the same that would move")
        asked = self.planning.ReplanTerritory(territory="territories/north", request_id=once())
        self.assertEqual({m.visit for m in asked.proposal.moves if m.to_engineer == "engineers/zoe"},
                         {m.visit for m in proposal.moves if m.to_engineer == "engineers/zoe"})

    def test_whom_a_dispatcher_has_named_keeps_it(self):
        self.morning()
        self.zoe_comes_in()
        self.api.DispatchService.ReassignVisit(name=self.visit("east-1").name, engineer="engineers/zoe", reason="she is there", request_id=once())
        self.api.DispatchService.ReassignVisit(name=self.visit("east-1").name, engineer="engineers/li", reason="he knows it", request_id=once())
        self.advance(minutes=1)
        self.assertNotIn(self.visit("east-1").name, {m.visit for p in self.proposals() for m in p.moves})

    def test_a_day_that_is_good_is_left_alone(self):
        self.cases = {"west-1": self.broken("west-1")}
        self.zoe_comes_in()
        self.advance(minutes=2)
        self.assertEqual(self.proposals(), [])
        answer = self.planning.ReplanTerritory(territory="territories/north", request_id=once())
        self.assertFalse(answer.HasField("proposal"))
        self.assertTrue(answer.none_reason)

    def test_dispatchers_hear_of_it_and_engineers_do_not_decide(self):
        proposal = self.proposal()
        first = next(e.plan_proposal for e in self.api.CaseService.WatchCases() if e.HasField("plan_proposal"))
        self.assertEqual(first.name, proposal.name)
        engineer = self.world.engineer("zoe").PlanningService
        self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, engineer.CommitPlanProposal, name=proposal.name, request_id=once())


class Automatic(UpsideDown):
    level = "AUTOMATION_LEVEL_AUTOMATIC"

    def test_what_nobody_has_agreed_to_moves_by_itself_and_is_offered_anew(self):
        self.morning()
        li, zoe = self.phone("li"), self.phone("zoe")
        asked = li.wait_offer(asset="assets/east-1").offer.name
        self.zoe_comes_in()
        self.advance(minutes=1)
        self.assertEqual(self.who(), {"west-1": "li", "east-1": "zoe", "east-2": "zoe"})
        self.assertEqual(len(self.proposals(PROPOSAL.PLAN_PROPOSAL_STATE_COMMITTED)), 1)
        self.assertEqual(self.api.DispatchService.GetOffer(name=asked).state, VISIT.OFFER_STATE_WITHDRAWN)
        self.assert_refused(STATE, li.api.AcceptOffer, says="settled already", name=asked)
        zoe.send("AcceptOffer", name=zoe.wait_offer(asset="assets/east-1").offer.name)
        self.assertEqual(self.visit("east-1").state, VISIT.VISIT_STATE_ACCEPTED)

    def test_an_offer_that_moves_in_time_alone_keeps_its_deadline_and_the_phone_shows_the_new_time(self):
        self.cases = {device: self.broken(device) for device in ("east-1", "west-1")}
        li = self.phone("li")
        before = li.wait_offer(asset="assets/west-1")
        self.assertGreater(before.visit.starts_at.seconds, self.visit("east-1").starts_at.seconds)
        self.zoe_comes_in()
        self.advance(minutes=1)
        self.assertEqual(self.who(), {"west-1": "li", "east-1": "zoe"})
        starts_at = self.visit("west-1").starts_at
        self.assertLess(starts_at.seconds, before.visit.starts_at.seconds - 3600)
        with li.changed:
            self.assertTrue(li.changed.wait_for(
                lambda: before.visit.name in li.visits and li.visits[before.visit.name].starts_at == starts_at, 30))
        offer = self.api.DispatchService.GetOffer(name=before.offer.name)
        self.assertEqual((offer.state, offer.expires_at), (VISIT.OFFER_STATE_OPEN, before.offer.expires_at))
        li.send("AcceptOffer", name=offer.name)

    def test_what_is_agreed_or_under_way_does_not_move(self):
        self.morning()
        li = self.phone("li")
        for device in ("east-1", "east-2"):
            li.send("AcceptOffer", name=li.wait_offer(asset=f"assets/{device}").offer.name)
        li.send("StartTravel", name=self.visit("east-1").name)
        before = {device: (self.visit(device).engineer, self.visit(device).starts_at) for device in ("east-1", "east-2")}
        self.zoe_comes_in()
        self.advance(minutes=1)
        self.assertEqual({device: (self.visit(device).engineer, self.visit(device).starts_at) for device in before}, before)

    def test_after_a_sick_call_the_rest_is_planned_at_once_and_then_as_a_whole(self):
        self.morning()
        self.zoe_comes_in()
        self.advance(minutes=1)
        li = self.world.admin.WorkforceService.GetEngineer(name="engineers/li")
        li.inactive = True
        self.world.admin.WorkforceService.UpdateEngineer(engineer=li, request_id=once())
        self.advance(seconds=0)
        self.assertEqual(set(self.who().values()), {"zoe"}, "nobody waits for the improver")
        self.advance(minutes=2)
        starts = sorted((self.visit(device).starts_at.seconds, device) for device in self.cases)
        self.assertEqual([device for _, device in starts][-1], "west-1", "she does what is near first")


class AHazardComesFirst(UpsideDown):
    """Zoe stays away: li has the whole day, and the hazard, to himself."""
    level = "AUTOMATION_LEVEL_AUTOMATIC"

    def organisation(self, data):
        super().organisation(data)
        data["sites"].append({**data["sites"][0], "name": "sites/hazard", "position": {"latitude_deg": 52.5, "longitude_deg": 13.05}})
        data["assets"].append({**data["assets"][0], "name": "assets/hazard", "serial_number": "hazard", "devices": [], "site": "sites/hazard"})

    def hazard(self):
        made = self.api.CaseService.CreateCase(asset="assets/hazard", summary="the driver smells gas", codes=[MAP_SENSOR],
                                               severity=v1["common"].SEVERITY_HAZARD, request_id=once())
        self.cases["hazard"] = made.name

    def span(self, device):
        visit = self.visit(device)
        return visit.travel_starts_at.seconds, visit.ends_at.seconds

    def test_what_is_less_urgent_gives_way_at_once_and_who_is_on_the_way_goes_on(self):
        self.morning()
        li = self.phone("li")
        li.send("AcceptOffer", name=li.wait_offer(asset="assets/west-1").offer.name)
        li.send("StartTravel", name=self.visit("west-1").name)
        east = li.wait_offer(asset="assets/east-1").offer.name
        li.send("AcceptOffer", name=east)
        before = {device: self.span(device) for device in MACHINES}
        self.hazard()
        hazard = self.visit("hazard")
        self.assertEqual(self.span("west-1"), before["west-1"])
        self.assertLess(hazard.starts_at.seconds, before["west-1"][1] + 3600, "straight after the visit that has begun")
        self.assertEqual([self.visit("east-1").name], list(hazard.assignment.gave_way))
        self.assertIn("gives way to it", hazard.assignment.reason)
        spans = sorted(self.span(device) for device in self.cases)
        self.assertTrue(all(ends <= sets_out for (_, ends), (sets_out, _) in zip(spans, spans[1:])), spans)
        self.assertGreater(self.span("east-1")[0], hazard.ends_at.seconds - 1)
        self.assertTrue(any(f"it gives way to {self.cases['hazard']}, a hazard" in line for line in self.timeline(self.cases["east-1"])))
        self.assertEqual(self.api.DispatchService.GetOffer(name=east).state, VISIT.OFFER_STATE_WITHDRAWN, "he is told")
        li.send("AcceptOffer", name=li.wait_offer(asset="assets/hazard").offer.name)
        li.send("AcceptOffer", name=self.visit("east-1").offer)
        self.assertEqual(self.visit("east-1").state, VISIT.VISIT_STATE_ACCEPTED)

    def test_a_second_hazard_does_not_drive_the_first_away(self):
        self.morning()
        self.hazard()
        first = self.span("hazard")
        made = self.api.CaseService.CreateCase(asset="assets/truck-7", summary="smoke", codes=[MAP_SENSOR],
                                               severity=v1["common"].SEVERITY_HAZARD, request_id=once())
        self.assertEqual(self.span("hazard"), first)
        self.assertNotIn(self.visit("hazard").name, self.visit_of(made.name).assignment.gave_way)


class AHazardAndADispatcher(AHazardComesFirst):
    level = "AUTOMATION_LEVEL_PROPOSE"

    def test_what_is_less_urgent_gives_way_at_once_and_who_is_on_the_way_goes_on(self):
        """Here a dispatcher decides about what somebody was asked for."""
        self.morning()
        for device in MACHINES:
            self.api.CaseService.ApproveCase(name=self.cases[device], request_id=once())
        before = {device: self.span(device) for device in MACHINES}
        self.hazard()
        self.assertEqual({device: self.span(device) for device in MACHINES}, before)
        late = self.visit("hazard")
        self.assertRegex(late.assignment.reason, r"could come if visits/\S+( and visits/\S+)? gave way: \d+ min sooner")
        self.api.CaseService.ApproveCase(name=self.cases["hazard"], make_room=True, request_id=once())
        hazard = self.visit("hazard")
        self.assertLess(hazard.starts_at.seconds, late.starts_at.seconds)
        self.assertEqual(hazard.state, VISIT.VISIT_STATE_OFFERED)
        self.assertTrue(hazard.assignment.gave_way)
        for name in hazard.assignment.gave_way:
            self.assertEqual(self.api.DispatchService.GetVisit(name=name).state, VISIT.VISIT_STATE_PROPOSED)
        self.assert_refused(STATE, self.api.CaseService.ApproveCase, says="can wait", name=self.cases[self.waiting()], make_room=True)

    def waiting(self):
        return next(device for device in MACHINES if self.visit(device).state == VISIT.VISIT_STATE_PROPOSED)


if __name__ == "__main__":
    main()
