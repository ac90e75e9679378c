"""The quick fix was to reinstall; everything on the desk would have been lost.

A cause or a repair that puts the customer's data at risk carries a back-up before it and a verification after it, and
neither can be left out without the customer.
"""
import grpc

from story import Story, VISIT, main, once
from api import v1

CORRUPT = "j1939-628-12"  # the control unit's program has to be loaded anew: settings are at risk
DEVIATION_STATE = v1["visit"].DeviationState
STATE = grpc.StatusCode.FAILED_PRECONDITION


class Visits(Story):
    def begun(self, code=CORRUPT, asset="truck-7"):
        machine = self.machine(asset)
        machine.say(machine.fault(code))
        case = self.case(f"assets/{asset}")
        phone = self.phone(self.visit_of(case.name).engineer.split("/")[1])
        offer = phone.wait_offer(asset=f"assets/{asset}")
        phone.send("AcceptOffer", name=offer.offer.name)
        phone.send("Arrive", name=offer.visit.name)
        return phone, offer.visit.name

    def ids(self, phone, visit):
        return [s.template.id for s in phone.api.ListSteps(visit=visit).steps]

    def steps(self, phone, visit):
        return {s.template.id: s for s in phone.api.ListSteps(visit=visit).steps}

    def run_until(self, phone, visit, last):
        for step in phone.api.ListSteps(visit=visit).steps:
            if step.template.id == last:
                return step
            if step.state == VISIT.STEP_STATE_OPEN:
                phone.send("CompleteStep", name=step.name, evidence=phone.answer_for(step))


class TheChildsHomework(Visits):
    def test_the_back_up_comes_before_the_repair_and_the_verification_after(self):
        phone, visit = self.begun()
        ids = self.ids(phone, visit)
        order = [ids.index(i) for i in ("save-data", "lock-out", "reflash", "tag-off", "show-data", "sign")]
        self.assertEqual(order, sorted(order), "saved while there is power, compared when there is power again")

    def test_nothing_is_loaded_before_all_is_saved(self):
        phone, visit = self.begun()
        steps = self.steps(phone, visit)
        self.run_until(phone, visit, "ask-data")
        self.assert_refused(STATE, phone.api.CompleteStep, says="comes first", name=steps["reflash"].name,
                            evidence=VISIT.Evidence(confirmed=True), request_id=once())
        self.assert_refused(STATE, phone.api.CompleteStep, says="is mandatory and cannot be skipped", name=steps["ask-data"].name,
                            evidence=VISIT.Evidence(skipped_reason="there is nothing"), request_id=once())

    def test_the_visit_does_not_end_before_the_customer_has_seen_it_all_there(self):
        phone, visit = self.begun()
        self.run_until(phone, visit, "show-data")
        self.assert_refused(STATE, phone.api.CompleteVisit, says="is mandatory and still open", name=visit,
                            found_causes=["causes/program-memory-corrupt"], restored=True, request_id=once())
        phone.run_checklist(visit)
        phone.send("CompleteVisit", name=visit, found_causes=["causes/program-memory-corrupt"], restored=True)

    def test_only_the_customer_gives_the_data_up(self):
        phone, visit = self.begun()
        save = self.run_until(phone, visit, "save-data")
        asked = phone.send("RequestDeviation", name=save.name, reason="the unit cannot be read", benefit="it runs again today", offline=True)
        self.assertEqual(asked.state, DEVIATION_STATE.Value("DEVIATION_STATE_REQUESTED"), "not even without a connection")
        lead, mary = self.world.api("lead", "leads/kim"), self.world.contact("mary")
        self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, lead.DispatchService.DecideDeviation, says="the customer",
                            name=asked.name, approve=True, request_id=once())
        mary.DispatchService.DecideDeviation(name=asked.name, approve=True, reason="I have it on paper", request_id=once())
        self.assertEqual(self.steps(phone, visit)["save-data"].state, VISIT.STEP_STATE_DEVIATED)
        self.assertTrue(any("I have it on paper" in line for line in self.timeline(self.case().name)))

    def test_a_repair_that_risks_nothing_asks_for_no_back_up(self):
        phone, visit = self.begun(code="j1939-102-3")
        self.assertNotIn("save-data", self.ids(phone, visit))

    def test_another_cause_found_on_site_brings_its_back_up_with_it(self):
        phone, visit = self.begun(code="j1939-102-3")
        phone.run_checklist(visit)
        found = {"name": visit, "found_causes": ["causes/program-memory-corrupt"], "restored": True}
        self.assert_refused(STATE, phone.api.CompleteVisit, says="puts the customer's data at risk", request_id=once(), **found)
        phone.send("AddRepair", visit=visit, cause="causes/program-memory-corrupt")
        ids = self.ids(phone, visit)
        self.assertLess(ids.index("save-data"), ids.index("reflash"))
        self.assert_refused(STATE, phone.api.CompleteStep, says="comes first", name=self.steps(phone, visit)["reflash"].name,
                            evidence=VISIT.Evidence(confirmed=True), request_id=once())
        self.assert_refused(STATE, phone.api.CompleteVisit, says="is mandatory and still open", request_id=once(), **found)
        phone.run_checklist(visit)
        phone.send("CompleteVisit", **found)
        self.assertTrue(any("adds the repair of causes/program-memory-corrupt" in line for line in self.timeline(self.case().name)))


class WithoutStandardsOfTheirOwn(Visits):
    """An organisation that never thought of it is kept from the same loss."""

    def organisation(self, data):
        data["standards"] = [s for s in data["standards"] if "_DATA_" not in s["kind"]]

    def test_the_built_in_back_up_is_asked_for(self):
        phone, visit = self.begun()
        ids = self.ids(phone, visit)
        self.assertLess(ids.index("backup"), ids.index("reflash"))
        self.assertLess(ids.index("reflash"), ids.index("verify"))


if __name__ == "__main__":
    main()
