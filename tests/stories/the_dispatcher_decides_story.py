"""The new system sent people on its own from the first day, and the dispatchers, who knew better at times, could only
watch. A week later it was switched off.

How much is done without a person is set per territory and per cause; what is proposed waits for a yes; and a dispatcher
may approve, give to another, cancel or open by hand at any time, with a reason that stays on record.
"""
import grpc

from story import CASE, INVENTORY, MAP_SENSOR, OUTPUT_SPEED, VISIT, Story, main, once


class Deciding(Story):
    level = "AUTOMATION_LEVEL_AUTOMATIC"
    rules = ()

    def organisation(self, data):
        data["territories"][0].update(automation=self.level, automation_rules=list(self.rules))

    def broken(self, code=MAP_SENSOR, device="truck-7"):
        machine = self.machine(device)
        machine.say(machine.fault(code))
        return self.case(f"assets/{device}")

    def offers(self):
        return list(self.api.DispatchService.ListOffers().offers)

    def held(self):
        return [r for r in self.api.InventoryService.ListReservations().reservations if r.state == INVENTORY.RESERVATION_STATE_HELD]

    def approve(self, case, **more):
        return self.api.CaseService.ApproveCase(name=case.name, **{"request_id": once(), **more})


class ObserveOnly(Deciding):
    level = "AUTOMATION_LEVEL_OBSERVE"

    def test_it_diagnoses_and_touches_nothing(self):
        case = self.broken()
        self.assertEqual((self.state(case.name), case.visit, self.held(), self.offers()), ("open", "", [], []))
        self.assertEqual(self.api.CaseService.GetDiagnosis(name=case.diagnosis).causes[0].cause, "causes/map-sensor-open")
        self.advance(hours=5)
        self.assertEqual(self.api.DispatchService.ListVisits().visits[:], [])

    def test_a_person_s_yes_plans_and_offers(self):
        case = self.broken()
        self.approve(case)
        self.assertEqual(self.state(case.name), "offered")
        self.assertEqual(len(self.offers()), 1)


class ProposeFirst(Deciding):
    level = "AUTOMATION_LEVEL_PROPOSE"
    rules = ({"cause": "causes/output-speed-lost", "level": "AUTOMATION_LEVEL_AUTOMATIC"},
             {"cause": "causes/wheel-sensors-dirty", "level": "AUTOMATION_LEVEL_OBSERVE"})

    def test_a_proposal_is_whole_and_waits(self):
        case = self.broken()
        self.assertEqual((self.state(case.name), case.owner), ("proposed", "dispatch"))
        self.assertEqual(case.next_action, "approve the proposed visit")
        visit = self.visit_of(case.name)
        self.assertEqual(visit.state, VISIT.VISIT_STATE_PROPOSED)
        self.assertTrue(visit.assignment.reason and visit.assignment.runners_up and visit.assignment.impossible)
        self.assertIn("skills/diesel", next(o.reason for o in visit.assignment.impossible if o.engineer == "engineers/omar"))
        self.assertTrue(self.held(), "its parts are kept")
        self.advance(hours=3)
        self.assertEqual(self.offers(), [], "nobody is asked")
        self.assertEqual(list(self.world.engineer("li").EngineerService.ListWork().offers), [])

    def test_a_yes_offers_what_was_proposed(self):
        case = self.broken()
        before = self.visit_of(case.name)
        self.approve(case)
        after = self.visit_of(case.name)
        self.assertEqual((after.name, after.engineer, after.starts_at), (before.name, before.engineer, before.starts_at))
        self.assertEqual(after.state, VISIT.VISIT_STATE_OFFERED)

    def test_two_dispatchers_say_yes(self):
        case = self.broken()
        self.approve(case)
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.approve, says="nothing waits for approval", case=case)
        self.assertEqual(len(self.offers()), 1)

    def test_a_cause_may_have_its_own_level(self):
        self.assertEqual(self.state(self.broken(OUTPUT_SPEED, "truck-7").name), "offered")
        self.assertEqual(self.state(self.broken("j1939-789-2", "truck-8").name), "open")

    def test_another_fault_before_the_yes_plans_it_anew(self):
        case = self.broken()
        first = self.visit_of(case.name)
        machine = self.machines[0]
        machine.say(machine.fault(OUTPUT_SPEED, component="sa-3"), machine.fault("j1939-84-9", component="sa-3"))
        case = self.case()
        self.assertEqual(len(self.api.DispatchService.ListVisits().visits), 1)
        self.assertEqual(case.visit, first.name, "it is the same visit, planned again")
        held = self.held()
        self.assertEqual({r.visit for r in held}, {first.name})
        self.assertEqual(sum(l.reserved for l in self.api.InventoryService.ListStockLines().stock_lines), sum(r.quantity for r in held))


class TheDispatcherDecides(Deciding):
    def test_giving_it_to_a_named_one(self):
        case = self.broken()
        visit = self.visit_of(case.name)
        other = "engineers/zoe" if visit.engineer == "engineers/li" else "engineers/li"
        self.api.DispatchService.ReassignVisit(name=visit.name, engineer=other, reason="the customer knows her", request_id=once())
        now = self.visit_of(case.name)
        self.assertEqual((now.engineer, now.state), (other, VISIT.VISIT_STATE_OFFERED))
        offers = {o.engineer: o for o in self.offers()}
        self.assertEqual(offers[other].state, VISIT.OFFER_STATE_OPEN)
        self.assertEqual(offers[visit.engineer].state, VISIT.OFFER_STATE_WITHDRAWN)
        self.assertIn("the customer knows her", offers[visit.engineer].reason)
        self.assertTrue(any("the customer knows her" in line for line in self.timeline(case.name)))

    def test_giving_it_to_whoever_else_can(self):
        case = self.broken()
        before = self.visit_of(case.name).engineer
        self.api.DispatchService.ReassignVisit(name=case.visit, reason="he is ill", request_id=once())
        self.assertNotIn(self.visit_of(case.name).engineer, ("", before))

    def test_not_to_one_who_cannot(self):
        case = self.broken()
        before = self.visit_of(case.name)
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.api.DispatchService.ReassignVisit, says="skills/diesel",
                            name=case.visit, engineer="engineers/omar", reason="he is near", request_id=once())
        self.assertEqual(self.visit_of(case.name), before, "a refusal changes nothing")

    def test_an_accepted_visit_can_be_given_away_and_its_engineer_hears_it(self):
        case, phone = self.broken(), self.phone("li")
        if self.visit_of(case.name).engineer != "engineers/li":
            self.api.DispatchService.ReassignVisit(name=case.visit, engineer="engineers/li", reason="his customer", request_id=once())
        phone.send("AcceptOffer", name=phone.wait_offer(asset="assets/truck-7").offer.name)
        self.api.DispatchService.ReassignVisit(name=case.visit, engineer="engineers/zoe", reason="li is ill", request_id=once())
        withdrawn = phone.wait_offer(state=VISIT.OFFER_STATE_WITHDRAWN)
        self.assertIn("li is ill", withdrawn.offer.reason)
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, phone.api.StartTravel, says="li is ill", name=case.visit, request_id=once())

    def test_not_once_the_engineer_is_on_the_way(self):
        case, phone = self.broken(), self.phone("li")
        phone.send("AcceptOffer", name=phone.wait_offer().offer.name)
        phone.send("StartTravel", name=case.visit)
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.api.DispatchService.ReassignVisit, says="cannot be given",
                            name=case.visit, reason="too late", request_id=once())

    def test_cancelling_a_visit_plans_another(self):
        case = self.broken()
        first = self.visit_of(case.name)
        cancelled = self.api.DispatchService.CancelVisit(name=first.name, reason="the gate is locked today", request_id=once())
        self.assertEqual((cancelled.state, cancelled.cancel_reason), (VISIT.VISIT_STATE_CANCELLED, "the gate is locked today"))
        second = self.visit_of(case.name)
        self.assertNotEqual(second.name, first.name)
        self.assertEqual(second.state, VISIT.VISIT_STATE_OFFERED)
        self.assertEqual({r.visit for r in self.held()}, {second.name})

    def test_cancelling_a_case_ends_everything_about_it(self):
        case = self.broken()
        self.api.CaseService.CancelCase(name=case.name, reason="the truck has been sold", request_id=once())
        after = self.api.CaseService.GetCase(name=case.name)
        self.assertEqual((after.state, after.resolution, after.cancel_reason),
                         (CASE.CASE_STATE_CLOSED, CASE.CASE_RESOLUTION_CANCELLED, "the truck has been sold"))
        self.assertEqual(self.held(), [])
        self.assertEqual([o.state for o in self.offers()], [VISIT.OFFER_STATE_WITHDRAWN])
        self.advance(days=2)
        self.assertEqual(len(self.offers()), 1, "and nothing comes of it later")
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.api.CaseService.CancelCase, says="closed already",
                            name=case.name, reason="again", request_id=once())

    def test_every_decision_needs_a_reason(self):
        case = self.broken()
        for call, name in ((self.api.DispatchService.ReassignVisit, case.visit), (self.api.DispatchService.CancelVisit, case.visit),
                           (self.api.CaseService.CancelCase, case.name)):
            self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, call, says="reason is needed", name=name, request_id=once())

    # --- by hand ---
    def test_opening_a_case_by_hand(self):
        case = self.api.CaseService.CreateCase(asset="assets/press-1", summary="it drips", codes=[OUTPUT_SPEED], severity=CASE_CRITICAL,
                                               request_id=once())
        self.assertEqual((case.summary, case.severity, case.episode_count), ("it drips", CASE_CRITICAL, 1))
        self.assertEqual(self.state(case.name), "offered")
        self.assertEqual(self.api.CaseService.GetDiagnosis(name=case.diagnosis).causes[0].cause, "causes/output-speed-lost")
        self.assertIn(self.visit_of(case.name).engineer, ("engineers/omar", "engineers/zoe"))

    def test_what_cannot_be_opened(self):
        self.broken()
        create = self.api.CaseService.CreateCase
        self.assert_refused(grpc.StatusCode.ALREADY_EXISTS, create, says="add to that one", asset="assets/truck-7", summary="again", request_id=once())
        self.assert_refused(grpc.StatusCode.NOT_FOUND, create, asset="assets/none", summary="x", request_id=once())
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, create, says="summary", asset="assets/press-1", request_id=once())
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, create, says="fault.code", asset="assets/press-1", summary="x", codes=["NO GOOD"],
                            request_id=once())
        self.assert_refused(grpc.StatusCode.RESOURCE_EXHAUSTED, create, says="500 bytes", asset="assets/press-1", summary="x" * 501, request_id=once())
        self.assertEqual(len(self.cases()), 1)

    def test_a_customer_opens_a_case_for_the_own_machine_twice_and_there_is_one(self):
        mary, id_ = self.world.contact("mary").CaseService, once()
        first = mary.CreateCase(asset="assets/press-1", summary="it drips", request_id=id_)
        self.assertEqual(mary.CreateCase(asset="assets/press-1", summary="it drips", request_id=id_), first)
        self.assertEqual(len(self.cases()), 1)


CASE_CRITICAL = 4

if __name__ == "__main__":
    main()
