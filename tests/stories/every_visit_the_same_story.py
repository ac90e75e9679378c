"""The first engineer wiped the machine clean; the second did not; the customer complained of the second.

Every visit runs the same service standard, in order, with evidence that is really there; a standard that is improved
serves the next visit, not the one that is on.
"""
import hashlib

import grpc

from story import Story, VISIT, main, once
from api import v1
from people import photo

KNOWLEDGE = v1["knowledge"]
INVALID, STATE = grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION


class EveryVisitTheSame(Story):
    def organisation(self, data):
        data["contacts"].append({"name": "contacts/sam", "display_name": "Sam Other", "customer": "customers/elsewhere"})
        data["customers"].append({"name": "customers/elsewhere", "display_name": "Elsewhere"})
        data["contacts"].append({"name": "contacts/wang", "display_name": "Wang Fang", "customer": "customers/hill-farm", "language": "zh-CN"})
        data["standards"].append({"name": "serviceStandards/press-lock", "display_name": "The press's own lock-out", "kind": "STANDARD_KIND_SAFETY",
                                  "assets": ["assets/press-1"],
                                  "steps": [{"id": "bleed", "title": {"text": {"en": "Bleed the accumulator"}}, "kind": "STEP_KIND_CONFIRM", "mandatory": True}]})

        # The press's oil filter is changed every two years, and has been due for ten days.
        data["parts"].append({"name": "parts/oil-filter", "display_name": "Oil filter"})
        for van in ("van-li", "van-omar", "van-zoe"):
            data["stock"].append({"location": f"stockLocations/{van}", "part": "parts/oil-filter", "on_hand": 1})
        data["asset_models"][0]["preventive"] = [{"part": "parts/oil-filter", "every": "63072000s"}]
        press = next(a for a in data["assets"] if a["name"] == "assets/press-1")
        press["commissioned_at"] = "2024-02-21T00:00:00Z"

    def begun(self, phone="li", code="j1939-102-3", device="truck-7"):
        """An engineer at the machine; returns the phone and the visit's name."""
        machine = self.machine(device)
        machine.say(machine.fault(code))
        planned = self.visit_of(self.case(f"assets/{device}").name)
        if planned.engineer != f"engineers/{phone}":
            self.api.DispatchService.ReassignVisit(name=planned.name, engineer=f"engineers/{phone}", reason="for this story", request_id=once())
        phone = self.phone(phone)
        self.offer = phone.wait_offer(asset=f"assets/{device}")
        visit = self.offer.visit.name
        phone.send("AcceptOffer", name=self.offer.offer.name)
        phone.send("Arrive", name=visit)
        return phone, visit

    def steps(self, phone, visit):
        return {s.template.id: s for s in phone.api.ListSteps(visit=visit).steps}

    def run_until(self, phone, visit, last):
        """Answers well up to, not including, the step."""
        while (step := self.next_step(phone, visit)).template.id != last:
            phone.send("CompleteStep", name=step.name, evidence=phone.answer_for(step))
        return step

    def next_step(self, phone, visit):
        return next(s for s in phone.api.ListSteps(visit=visit).steps if s.state == VISIT.STEP_STATE_OPEN)

    def answer(self, phone, step, **evidence):
        return phone.send("CompleteStep", name=step.name, evidence=VISIT.Evidence(**evidence))

    def refused(self, code, phone, step, says="", **evidence):
        self.assert_refused(code, phone.api.CompleteStep, says=says, name=step.name, evidence=VISIT.Evidence(**evidence), request_id=once())

    # --- the same for everybody ---
    def test_two_engineers_run_the_same_steps_in_the_same_order(self):
        li, first = self.begun("li")
        zoe, second = self.begun("zoe", device="truck-8")
        ids = [[s.template.id for s in phone.api.ListSteps(visit=visit).steps] for phone, visit in ((li, first), (zoe, second))]
        self.assertEqual(ids[0], ids[1])
        self.assertEqual(ids[0][:4], ["dress", "greet", "photo-before", "lock-out"])
        self.assertEqual(ids[0][-5:], ["walk-round", "clean", "photo-after", "explain", "sign"])

    def test_each_reads_it_in_their_own_language(self):
        li, visit = self.begun("li")
        self.assertEqual(self.steps(li, visit)["clean"].title, "工作区域和设备擦拭干净", "Li reads Chinese")
        self.assertIn("您好", self.steps(li, visit)["greet"].detail)
        self.assertTrue(any(s.title == "动手前给设备拍照" for s in self.offer.steps), "in the offer too")
        def reads(contact):
            return {s.title for s in self.world.contact(contact).EngineerService.ListSteps(visit=visit).steps}
        self.assertIn("Work area and machine wiped clean", reads("mary"))
        self.assertIn("工作区域和设备擦拭干净", reads("wang"), "zh-CN finds zh-Hans")
        self.assert_refused(grpc.StatusCode.NOT_FOUND, self.world.contact("sam").EngineerService.ListSteps, visit=visit)

    def test_the_press_is_locked_out_its_own_way(self):
        case = self.world.contact("mary").CaseService.CreateCase(asset="assets/press-1", summary="it drips", request_id=once())
        visit = self.visit_of(case.name)
        ids = [s.template.id for s in self.world.engineer("li").EngineerService.ListSteps(visit=visit.name).steps]
        self.assertEqual(ids[ids.index("lock-out"):][:2], ["lock-out", "bleed"])
        _, truck = self.begun()
        self.assertNotIn("bleed", [s.template.id for s in self.world.engineer("li").EngineerService.ListSteps(visit=truck).steps])

    def test_what_is_due_anyway_is_in_the_checklist_and_not_only_in_the_kit(self):
        case = self.world.contact("mary").CaseService.CreateCase(asset="assets/press-1", summary="it drips", request_id=once())
        visit = self.visit_of(case.name)
        def steps(of, reader):
            return {s.template.id: s for s in reader.EngineerService.ListSteps(visit=of).steps}
        due = steps(visit.name, self.api)["replace-oil-filter"]
        self.assertEqual(due.title, "Replace Oil filter")
        self.assertIn("Due on 2026-02-20", due.detail)
        self.assertFalse(due.template.mandatory, "it has not failed: it may wait, with a reason")
        self.assertEqual(steps(visit.name, self.world.engineer("li"))["replace-oil-filter"].title, "更换Oil filter")
        _, truck = self.begun()
        self.assertNotIn("replace-oil-filter", steps(truck, self.api), "nobody knows how old the truck is")

    # --- in order, and nothing left out ---
    def test_steps_come_in_order_and_mandatory_ones_are_not_skipped(self):
        phone, visit = self.begun()
        steps = self.steps(phone, visit)
        self.refused(STATE, phone, steps["clean"], says="comes first", confirmed=True)
        self.refused(STATE, phone, steps["dress"], says="is mandatory and cannot be skipped", skipped_reason="in a hurry")
        self.run_until(phone, visit, "clean")
        self.assert_refused(STATE, phone.api.CompleteVisit, says="«Work area and machine wiped clean» is mandatory and still open",
                            name=visit, work_summary="done", restored=True, request_id=once())

    def test_an_optional_step_is_left_out_with_a_reason_that_everybody_sees(self):
        phone, visit = self.begun()
        note = self.run_until(phone, visit, "note")
        self.answer(phone, note, skipped_reason="nothing to add")
        self.assertTrue(any("left out: nothing to add" in line for line in self.timeline(self.case().name)))

    # --- evidence is really there ---
    def test_a_photo_is_a_photo_of_this_visit_and_proves_one_thing(self):
        phone, visit = self.begun()
        before = self.run_until(phone, visit, "photo-before")
        self.refused(INVALID, phone, before, says="wants a photo", confirmed=True)
        self.refused(grpc.StatusCode.NOT_FOUND, phone, before, blob="blobs/" + "0" * 64)
        shot = phone.upload().name
        self.answer(phone, before, blob=shot)
        after = self.run_until(phone, visit, "photo-after")
        self.refused(INVALID, phone, after, says="a photo proves one thing once", blob=shot)
        self.answer(phone, after, blob=phone.upload().name)

    def test_what_is_uploaded_is_what_it_says(self):
        phone = self.phone()
        picture = photo()
        digest = hashlib.sha256(picture).hexdigest()
        def upload(**change):
            first = {"sha256": digest, "media_type": "image/png", "size_bytes": len(picture), "data": picture, **change}
            return phone.api.UploadBlob(requests=[first])
        for says, change in [("sha256 is not that", {"sha256": "0" * 64}), ("size_bytes says", {"size_bytes": 5}),
                             ("first bytes are another format's", {"media_type": "image/jpeg"}),
                             ("is none of", {"media_type": "text/html"})]:
            self.assert_refused(INVALID, upload, says=says, **change)
        self.assertEqual(upload().name, f"blobs/{digest}")

    def test_only_the_customer_signs(self):
        phone, visit = self.begun()
        sign = self.run_until(phone, visit, "sign")
        name = phone.upload().name
        self.refused(INVALID, phone, sign, says="signed_by is needed", blob=name)
        self.refused(INVALID, phone, sign, says="a stranger here", blob=name, signed_by="contacts/sam")
        self.answer(phone, sign, blob=name, signed_by="contacts/mary")

    def test_times_that_cannot_be_are_refused(self):
        phone, visit = self.begun()
        step = self.next_step(phone, visit)
        def taken(minutes):
            evidence = VISIT.Evidence(confirmed=True)
            evidence.taken_at.FromMicroseconds(int((self.world.now() + 60 * minutes) * 1e6))
            return evidence
        for minutes, says in [(-30, "before the visit began"), (30, "in the future")]:
            for part in (says, "(Europe/Berlin)"):  # by the clocks at the machine
                self.assert_refused(INVALID, phone.api.CompleteStep, says=part, name=step.name, evidence=taken(minutes), request_id=once())

    def test_a_step_of_another_visit_and_a_visit_of_another_engineer(self):
        phone, visit = self.begun()
        step = self.next_step(phone, visit)
        self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, self.world.engineer("zoe").EngineerService.CompleteStep,
                            name=step.name, evidence=VISIT.Evidence(confirmed=True), request_id=once())
        self.assert_refused(grpc.StatusCode.NOT_FOUND, phone.api.CompleteStep, name=f"{visit}/steps/000999",
                            evidence=VISIT.Evidence(confirmed=True), request_id=once())

    # --- answers are corrected, never overwritten ---
    def test_a_correction_keeps_both(self):
        phone, visit = self.begun()
        supply = self.run_until(phone, visit, "supply")
        self.answer(phone, supply, reading=5.0)
        self.assertEqual(self.answer(phone, supply, reading=5.1).answer.reading, 5.1)
        kept = phone.api.ListStepEvidence(parent=supply.name).step_evidence
        self.assertEqual([e.evidence.reading for e in kept], [5.0, 5.1])
        self.assertEqual(kept[1].corrects, kept[0].name)
        self.assertTrue(any("corrected: 5.1 V" in line for line in self.timeline(self.case().name)))

    # --- what is found decides what is asked ---
    def test_a_branch_is_asked_only_where_it_belongs(self):
        phone, visit = self.begun()
        finding = self.run_until(phone, visit, "finding")
        self.answer(phone, finding, choice="sensor")
        self.assertEqual(self.steps(phone, visit)["chafed-at"].state, VISIT.STEP_STATE_HIDDEN)
        self.answer(phone, finding, choice="harness")
        self.refused(STATE, phone, self.steps(phone, visit)["serial"], says="comes first", scan="SN-1")
        self.answer(phone, self.next_step(phone, visit), blob=phone.upload().name)
        self.assertEqual(self.next_step(phone, visit).template.id, "serial")

    def test_a_failed_check_opens_a_case_by_itself_and_the_visit_goes_on(self):
        phone, visit = self.begun()
        case = self.case().name
        look = self.run_until(phone, visit, "walk-round")
        failed = self.answer(phone, look, choice="damage")
        self.assertEqual(failed.state, VISIT.STEP_STATE_FAILED)
        second = self.api.CaseService.GetCase(name=failed.follow_up)
        self.assertEqual((second.asset, second.follow_up_of), ("assets/truck-7", case))
        self.assertTrue(second.visit, "it is planned at once")
        self.assertTrue(any("check failed" in line for line in self.timeline(case)))
        self.answer(phone, look, choice="damage")
        self.assertEqual(len(self.cases()), 2, "a check that fails twice opens one case")
        phone.run_checklist(visit)
        phone.send("CompleteVisit", name=visit, found_causes=["causes/map-sensor-open"], restored=True)
        self.assertNotEqual(self.state(case), "in_progress")

    def test_a_good_check_opens_nothing(self):
        phone, visit = self.begun()
        phone.run_checklist(visit)
        self.assertEqual(len(self.cases()), 1)

    # --- a standard that is improved ---
    def test_a_standard_changed_during_a_visit_changes_the_next_one(self):
        phone, visit = self.begun()
        before = [s.template.id for s in phone.api.ListSteps(visit=visit).steps]
        knowledge = self.world.admin.KnowledgeService
        closing = knowledge.GetServiceStandard(name="serviceStandards/closing")
        added = closing.steps.add(id="thank", kind=KNOWLEDGE.STEP_KIND_CONFIRM, mandatory=True)
        added.title.text["en"] = "Thank the customer"
        self.assertEqual(knowledge.UpdateServiceStandard(service_standard=closing).revision, 2)
        phone.run_checklist(visit)
        self.assertEqual([s.template.id for s in phone.api.ListSteps(visit=visit).steps], before)
        self.assertIn("serviceStandards/closing@1", self.api.DispatchService.GetVisit(name=visit).standards)
        _, next_visit = self.begun("zoe", device="truck-8")
        self.assertIn("serviceStandards/closing@2", self.api.DispatchService.GetVisit(name=next_visit).standards)
        revisions = knowledge.ListStandardRevisions(standard="serviceStandards/closing").standard_revisions
        self.assertEqual([r.standard.revision for r in revisions], [1, 2])
        self.assertNotIn("thank", [s.id for s in revisions[0].standard.steps], "the old one can still be read")
        self.assertIn("thank", [s.id for s in revisions[1].standard.steps])
        self.assertEqual(revisions[1].made_by, "admin")


if __name__ == "__main__":
    main()
