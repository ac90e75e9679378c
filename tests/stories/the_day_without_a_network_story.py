"""A whole day without a network, two hundred writes in the phone; in the evening they come twice, late, in any order.

It is the same visit as if each had come once and in time. And what a dispatcher decided meanwhile stands, while nothing
of what the engineer did is lost.
"""
import random

import grpc

from story import CASE, Story, VISIT, main, once
from api import v1
from machine import stamp

WRITES = 200
PICTURES = (v1["knowledge"].STEP_KIND_PHOTO, v1["knowledge"].STEP_KIND_SIGNATURE)


class TheDayWithoutANetwork(Story):
    def accepted(self, device, code="j1939-102-3"):
        machine = self.machine(device)
        machine.say(machine.fault(code))
        case = self.case(f"assets/{device}")
        phone = self.phone(self.visit_of(case.name).engineer.split("/")[1])
        offer = phone.wait_offer(asset=f"assets/{device}")
        phone.send("AcceptOffer", name=offer.offer.name)
        return phone, case.name, offer.visit.name

    def answers(self, phone, step, how_often):
        """How a careful engineer answers a step, again and again; the last one is meant."""
        if step.template.id == "finding":
            return [VISIT.Evidence(choice=("harness", "sensor", "both")[n % 3]) for n in reversed(range(how_often))]
        if step.template.id == "walk-round":  # something is seen once, and taken back
            return [VISIT.Evidence(choice="damage" if n == 1 else "good") for n in range(how_often)]
        if step.template.id == "supply":
            return [VISIT.Evidence(reading=4.8 + n / 100) for n in range(how_often)]
        if step.template.id == "note":
            return [VISIT.Evidence(text=f"note {n}") for n in range(how_often)]
        good = phone.answer_for(step)
        return [good] * (1 if good.HasField("blob") else how_often)

    def days_work(self, phone, visit, morning):
        """The writes of one visit as the phone makes them, each a minute after the other by its clock."""
        queue, minute = [], iter(range(WRITES))

        def add(method, **fields):
            queue.append((method, {**fields, "request_id": once()}))

        def at():
            return stamp(morning + 60 * next(minute))

        add("StartTravel", name=visit, at=at())
        add("Arrive", name=visit, at=at())
        steps = list(phone.api.ListSteps(visit=visit).steps)
        spare = WRITES - 5 - len(steps)
        many = [s for s in steps if s.template.kind not in PICTURES]
        each, rest = divmod(spare, len(many))
        for step in steps:
            how_often = 1 + (each + (1 if many.index(step) < rest else 0) if step in many else 0)
            for evidence in self.answers(phone, step, how_often):
                evidence = VISIT.Evidence.FromString(evidence.SerializeToString())
                evidence.taken_at.CopyFrom(at())
                add("CompleteStep", name=step.name, evidence=evidence)
        add("RecordParts", visit=visit, parts=[{"part": "parts/sensor-harness", "location": "stockLocations/depot-north"}], at=at())
        add("RecordParts", visit=visit, parts=[{"part": "parts/map-sensor", "location": "stockLocations/depot-north", "quantity": 2}], at=at())
        add("CompleteVisit", name=visit, found_causes=["causes/map-sensor-open"], work_summary="a new sensor", restored=True, at=at())
        self.assertEqual(len(queue), WRITES)
        return queue

    def deliver(self, phone, queue):
        """What the phone does by the rule of EngineerService: what comes too early is kept and sent again."""
        waiting, rounds = list(queue), 0
        while waiting:
            kept = []
            for method, fields in waiting:
                try:
                    getattr(phone.api, method)(**fields)
                except grpc.RpcError as error:
                    self.assertEqual(error.code(), grpc.StatusCode.FAILED_PRECONDITION, f"{method}: {error.details()}")
                    kept.append((method, fields))
            self.assertLess(len(kept), len(waiting), f"nothing goes on: {kept[:1]}")
            waiting, rounds = kept, rounds + 1
            if waiting:
                self.advance(hours=1)
        return rounds

    def as_it_is(self, phone, visit):
        """All that is known of a visit, without names, times of receipt and pictures."""
        def plain(evidence):
            answer = evidence.WhichOneof("answer")
            return (evidence.taken_at.seconds, answer, None if answer == "blob" else getattr(evidence, answer), evidence.signed_by)
        record = self.api.DispatchService.GetVisit(name=visit)
        steps = {s.template.id: (s.state, plain(s.answer), s.evidence_count, bool(s.follow_up)) for s in phone.api.ListSteps(visit=visit).steps}
        kept = phone.api.ListStepEvidence(parent=visit, page_size=1000).step_evidence
        numbers = {s.name: s.template.id for s in phone.api.ListSteps(visit=visit).steps}
        evidence = sorted((numbers[e.name.split("/evidence/")[0]], e.outcome, *plain(e.evidence)[:3]) for e in kept)
        outcome = self.api.KnowledgeService.GetOutcome(name=f"outcomes/{visit.split('/')[1]}")
        return {"visit": (record.state, record.travelled_at, record.arrived_at, record.completed_at, list(record.found_causes), record.work_summary),
                "steps": steps, "evidence": evidence, "outcome": (list(outcome.causes), list(outcome.parts))}

    def on_hand(self, part):
        return {line.location: line.on_hand for line in self.api.InventoryService.ListStockLines().stock_lines if line.part == part}

    def test_two_hundred_writes_twice_late_and_in_any_order_give_the_same_visit(self):
        phone, case, visit = self.accepted("truck-7")
        other, other_case, other_visit = self.accepted("truck-8")
        morning = int(self.world.now())
        self.advance(hours=8)
        before = self.on_hand("parts/map-sensor")["stockLocations/depot-north"]
        self.deliver(other, self.days_work(other, other_visit, morning))
        in_between = self.on_hand("parts/map-sensor")["stockLocations/depot-north"]
        wanted = self.as_it_is(other, other_visit)
        self.assertEqual(wanted["steps"]["chafed-at"][0], VISIT.STEP_STATE_DONE)
        self.assertEqual(len(wanted["evidence"]), WRITES - 5)

        queue = self.days_work(phone, visit, morning) * 2
        seed = random.randrange(10 ** 6)
        random.Random(seed).shuffle(queue)
        rounds = self.deliver(phone, queue)
        self.assertGreater(rounds, 1, "something came too early, else nothing is shown here")
        found = self.as_it_is(phone, visit)
        for what in wanted:
            self.assertEqual(found[what], wanted[what], f"seed {seed}")
        after = self.on_hand("parts/map-sensor")["stockLocations/depot-north"]
        self.assertEqual((before - in_between, in_between - after), (2, 2), "the parts have left the stock once")
        self.assertEqual(len([c for c in self.cases() if c.follow_up_of == case]), 1, "what was seen once is looked into, once")

    def overruled(self, overrule):
        """Li works without a network while `overrule(visit)` takes the visit away; the queue comes in the evening."""
        phone, case, visit = self.accepted("truck-7")
        self.assertEqual(phone.name, "li")
        morning = int(self.world.now())
        self.advance(minutes=30)
        stock = self.on_hand("parts/map-sensor")
        steps = list(phone.api.ListSteps(visit=visit).steps)
        overrule(visit)
        self.advance(hours=9)
        sends = [("StartTravel", {"name": visit, "at": stamp(morning + 600)}), ("Arrive", {"name": visit, "at": stamp(morning + 2400)})]
        for n, step in enumerate(steps[:4]):
            evidence = phone.answer_for(step)
            evidence.taken_at.CopyFrom(stamp(morning + 2500 + n))
            sends.append(("CompleteStep", {"name": step.name, "evidence": evidence}))
        sends.append(("RecordParts", {"visit": visit, "parts": [{"part": "parts/map-sensor"}], "at": stamp(morning + 5000)}))
        sends.append(("CompleteVisit", {"name": visit, "found_causes": ["causes/map-sensor-open"], "restored": True, "at": stamp(morning + 6000)}))
        for method, fields in sends:
            phone.send(method, **fields)
        self.assertEqual(self.on_hand("parts/map-sensor")["stockLocations/van-li"], stock["stockLocations/van-li"] - 1, "the part is gone from the van")
        return phone, case, visit, len(sends)

    def kept(self, visit):
        return list(self.api.DispatchService.ListOverruledWork(visit=visit).overruled_work)

    def test_the_dispatcher_gave_it_to_another_meanwhile(self):
        def give_to_zoe(visit):
            self.api.DispatchService.ReassignVisit(name=visit, engineer="engineers/zoe", reason="li does not answer", request_id=once())
            zoe = self.phone("zoe")
            zoe.send("AcceptOffer", name=zoe.wait_offer(asset="assets/truck-7").offer.name)
        phone, case, visit, sent = self.overruled(give_to_zoe)
        record = self.api.DispatchService.GetVisit(name=visit)
        self.assertEqual((record.engineer, record.state), ("engineers/zoe", VISIT.VISIT_STATE_ACCEPTED), "the dispatcher's word stands")
        self.assertFalse(any(s.answered_by for s in phone.api.ListSteps(visit=visit).steps), "and Zoe's checklist is her own")
        kept = self.kept(visit)
        self.assertEqual(len(kept), sent, "nothing of what Li did is lost")
        self.assertEqual([w.engineer for w in kept], ["engineers/li"] * sent)
        self.assertEqual(kept[-1].found_causes, ["causes/map-sensor-open"])
        self.assertTrue(kept[3].evidence.confirmed)
        told = [line for line in self.timeline(case) if line.endswith(": kept, not counted")]
        self.assertEqual(len(told), sent)
        self.assertTrue(all("li does not answer" in line and "now with engineers/zoe" in line for line in told))
        self.assertTrue(any("completed the work, found causes/map-sensor-open" in line for line in told))
        zoe = next(p for p in self.phones if p.name == "zoe")
        zoe.send("Arrive", name=visit)
        zoe.run_checklist(visit)
        zoe.send("CompleteVisit", name=visit, work_summary="it was mended already", restored=True)
        self.assertEqual(self.api.CaseService.GetCase(name=case).visit_count, 1)

    def test_the_visit_was_cancelled_meanwhile(self):
        def cancel(visit):
            self.api.CaseService.CancelCase(name=self.case().name, reason="the truck is sold", request_id=once())
        _, case, visit, sent = self.overruled(cancel)
        self.assertEqual(len(self.kept(visit)), sent)
        closed = self.api.CaseService.GetCase(name=case)
        self.assertEqual(closed.resolution, CASE.CASE_RESOLUTION_CANCELLED)
        self.assertTrue(any("the truck is sold" in line and "kept, not counted" in line for line in self.timeline(case)))

    def test_who_has_a_connection_is_told_instead(self):
        phone, case, visit = self.accepted("truck-7")
        self.api.DispatchService.ReassignVisit(name=visit, engineer="engineers/zoe", reason="she is nearer", request_id=once())
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, phone.api.Arrive, says="any more: taken back: she is nearer",
                            name=visit, request_id=once())
        self.assertFalse(self.kept(visit))

    def test_who_never_had_the_visit_adds_nothing_to_it(self):
        phone, case, visit = self.accepted("truck-7")
        stranger = self.world.engineer("omar").EngineerService
        self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, stranger.Arrive, name=visit, request_id=once())
        self.api.DispatchService.ReassignVisit(name=visit, engineer="engineers/zoe", reason="nearer", request_id=once())
        self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, stranger.Arrive, name=visit, request_id=once())
        self.assertFalse(self.kept(visit))


if __name__ == "__main__":
    main()
