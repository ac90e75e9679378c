"""The engineer worked in a cellar without a network. The phone kept everything in a queue and sent it in the evening,
some of it twice, because the answer to the first time never came through.

What is sent twice counts once; what the phone missed meanwhile it hears from where it stood, or it is told to begin anew.
"""
import grpc

from story import MAP_SENSOR, VISIT, Story, main, once


class ThePhoneInTheCellar(Story):
    def offered(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        phone = self.phone()
        return phone, phone.wait_offer(asset="assets/truck-7")

    def on_site(self):
        phone, offer = self.offered()
        phone.send("AcceptOffer", name=offer.offer.name)
        phone.send("Arrive", name=offer.visit.name)
        return phone, offer.visit.name

    def test_a_day_s_work_sent_twice_is_done_once(self):
        phone, offer = self.offered()
        visit, queue = offer.visit.name, []

        def send(method, **fields):
            queue.append((method, {**fields, "request_id": once()}))
            return phone.send(method, **queue[-1][1])

        answers = [send("AcceptOffer", name=offer.offer.name), send("StartTravel", name=visit), send("Arrive", name=visit)]
        for step in phone.api.ListSteps(visit=visit).steps:
            answers.append(send("CompleteStep", name=step.name, evidence=phone.answer_for(step)))
        answers.append(send("RecordParts", visit=visit, parts=[{"part": "parts/map-sensor"}]))
        answers.append(send("CompleteVisit", name=visit, found_causes=["causes/map-sensor-open"], restored=True))
        before = self.everything()
        self.world.server.kill()
        self.world.start_server()
        again = [phone.send(method, **fields) for method, fields in queue]
        self.assertEqual(again, answers, "the same request_id gives the same answer")
        self.assertEqual(self.everything(), before, "and changes nothing")

    def everything(self):
        case = self.case()
        visit = self.visit_of(case.name)
        steps = self.world.engineer("li").EngineerService.ListSteps(visit=visit.name).steps
        return case, visit, list(steps), list(self.api.InventoryService.ListStockLines().stock_lines), self.timeline(case.name)

    def test_one_id_for_two_requests_is_refused(self):
        phone, offer = self.offered()
        phone.send("AcceptOffer", name=offer.offer.name, request_id="monday-1")
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, phone.api.StartTravel, says="used for another request",
                            name=offer.visit.name, request_id="monday-1")
        self.assertEqual(self.visit_of(self.case().name).state, VISIT.VISIT_STATE_ACCEPTED)

    def test_another_person_may_use_the_same_id(self):
        phone, offer = self.offered()
        phone.send("AcceptOffer", name=offer.offer.name, request_id="1")
        case = self.world.contact("mary").CaseService.CreateCase(asset="assets/press-1", summary="it drips", request_id="1")
        self.assertEqual(case.asset, "assets/press-1")

    def test_a_request_that_was_refused_may_be_put_right_under_its_id(self):
        phone, visit = self.on_site()
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, phone.api.CompleteVisit, name=visit, work_summary="done",
                            restored=True, request_id="evening")
        phone.run_checklist(visit)
        self.assertEqual(phone.send("CompleteVisit", name=visit, work_summary="done", restored=True, request_id="evening").state,
                         VISIT.VISIT_STATE_COMPLETED)

    def test_what_happened_offline_keeps_its_time(self):
        phone, offer = self.offered()
        phone.send("AcceptOffer", name=offer.offer.name)
        arrived = int(self.world.now())
        self.advance(hours=9)
        visit = phone.send("Arrive", name=offer.visit.name, at={"seconds": arrived})
        self.assertEqual(visit.arrived_at.seconds, arrived)

    def test_a_time_that_cannot_be_is_refused(self):
        phone, offer = self.offered()
        phone.send("AcceptOffer", name=offer.offer.name)
        now = int(self.world.now())
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, phone.api.Arrive, says="future", name=offer.visit.name, at={"seconds": now + 3600})
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, phone.api.Arrive, says="7 days", name=offer.visit.name, at={"seconds": now - 8 * 86400})

    def test_a_yes_that_comes_too_late(self):
        phone, offer = self.offered()
        self.advance(minutes=20)
        self.assert_refused(grpc.StatusCode.OUT_OF_RANGE, phone.api.AcceptOffer, says="expired", name=offer.offer.name, request_id=once())

    def test_the_phone_hears_what_it_missed_once_and_in_order(self):
        phone, visit = self.on_site()
        stood_at = phone.cursor
        phone.close()
        other = self.phone()  # the same engineer's tablet goes on
        other.run_checklist(visit)
        done = other.send("CompleteVisit", name=visit, work_summary="done", restored=True)
        self.world.server.kill()
        self.world.start_server()
        missed = self.read_until_visit(phone.api, stood_at, VISIT.VISIT_STATE_COMPLETED)
        steps = [e.step.name for e in missed if e.HasField("step")]
        self.assertEqual(steps, [step.name for step in phone.api.ListSteps(visit=visit).steps if step.answered_by])
        self.assertEqual(missed[-1].visit, done)
        halfway = self.read_until_visit(phone.api, missed[2].cursor, VISIT.VISIT_STATE_COMPLETED)
        self.assertEqual([e.cursor for e in halfway], [e.cursor for e in missed[3:]], "every event is a place to go on from")

    def read_until_visit(self, api, cursor, state):
        """What the stream tells from the cursor on, up to the visit in this state."""
        call, events = api.StreamWork(cursor=cursor), []
        for event in call:
            events.append(event)
            if event.HasField("visit") and event.visit.state == state:
                call.cancel()
                return events
        return events

    def test_a_new_phone_begins_with_what_is_open(self):
        phone, visit = self.on_site()
        call, seen = phone.api.StreamWork(), []
        for event in call:
            if event.synced:
                call.cancel()
                break
            seen.append(event.visit.name)
        self.assertEqual(seen, [visit])
        self.assertEqual([v.name for v in phone.api.ListWork().visits], [visit])

    def test_a_cursor_that_is_too_old_is_told_so(self):
        phone, offer = self.offered()
        old = phone.cursor
        phone.close()
        self.advance(days=40)
        with self.assertRaises(grpc.RpcError) as caught:
            next(phone.api.StreamWork(cursor=old))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.OUT_OF_RANGE)
        self.assertIn("begin again", caught.exception.details())

    def test_a_cursor_of_another_stream_is_refused(self):
        phone, _ = self.offered()
        for nonsense in ("nonsense", "1", phone.cursor[:-1] + ("0" if phone.cursor[-1] != "0" else "1"), "x" * 5000):
            with self.subTest(cursor=nonsense[:20]), self.assertRaises(grpc.RpcError) as caught:
                next(phone.api.StreamWork(cursor=nonsense))
            self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)


if __name__ == "__main__":
    main()
