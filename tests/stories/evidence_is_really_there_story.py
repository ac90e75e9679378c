"""The checklist was full of ticks. The photos behind them were of another machine, the readings were round numbers from
home, and the customer had signed nothing.

Steps come in order, a mandatory one cannot be skipped, an answer is checked against what the step asks, and a photo or
signature is really there, byte for byte.
"""
import hashlib
import os

import grpc

from story import MAP_SENSOR, VISIT, Story, answered, main, once, photo


def jpeg(size):
    """Noise that begins as a JPEG does."""
    return b"\xff\xd8\xff\xe0" + os.urandom(size - 4)


class EvidenceIsReallyThere(Story):
    def setUp(self):
        super().setUp()
        machine, self.li = self.machine(), self.phone()
        machine.say(machine.fault(MAP_SENSOR))
        offer = self.li.wait_offer(asset="assets/truck-7")
        self.visit = offer.visit.name
        self.li.send("AcceptOffer", name=offer.offer.name)
        self.steps = {step.template.id: step for step in self.li.api.ListSteps(visit=self.visit).steps}

    def arrive(self):
        self.li.send("Arrive", name=self.visit)

    def answer(self, step, **evidence):
        return self.li.send("CompleteStep", name=self.steps[step].name, evidence=evidence)

    def refuse(self, step, says, code=grpc.StatusCode.INVALID_ARGUMENT, **evidence):
        self.assert_refused(code, self.li.api.CompleteStep, says=says, name=self.steps[step].name, evidence=evidence, request_id=once())

    def up_to(self, step):
        """Answers everything before the step."""
        for id_, one in self.steps.items():
            if id_ == step:
                return
            self.li.send("CompleteStep", name=one.name, evidence=self.li.answer_for(one))

    # --- order ---
    def test_nothing_is_answered_before_the_engineer_is_there(self):
        self.refuse("greet", "on site", grpc.StatusCode.FAILED_PRECONDITION, confirmed=True)

    def test_steps_come_in_order(self):
        self.arrive()
        self.refuse("lock-out", "comes first", grpc.StatusCode.FAILED_PRECONDITION, confirmed=True)
        self.up_to("lock-out")
        self.answer("lock-out", confirmed=True)

    def test_a_mandatory_step_cannot_be_skipped_and_another_can_with_a_reason(self):
        self.arrive()
        self.up_to("greet")
        self.refuse("greet", "cannot be skipped", grpc.StatusCode.FAILED_PRECONDITION, skipped_reason="nobody was there")
        self.up_to("note")
        self.refuse("note", "reason", skipped_reason="")
        self.assertEqual(self.answer("note", skipped_reason="nothing to say").state, VISIT.STEP_STATE_SKIPPED)

    def test_the_visit_is_not_complete_while_a_mandatory_step_is_open(self):
        self.arrive()
        self.up_to("sign")
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.li.api.CompleteVisit, says="customer signs", name=self.visit,
                            work_summary="done", restored=True, request_id=once())

    def test_what_was_found_has_to_be_said(self):
        self.arrive()
        self.li.run_checklist(self.visit)
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, self.li.api.CompleteVisit, says="say what was found", name=self.visit,
                            restored=True, request_id=once())
        self.assert_refused(grpc.StatusCode.NOT_FOUND, self.li.api.CompleteVisit, says="causes/none", name=self.visit,
                            found_causes=["causes/none"], restored=True, request_id=once())

    # --- answers ---
    def test_a_reading_outside_its_limits_is_refused_and_both_limits_pass(self):
        self.arrive()
        self.up_to("supply")
        for wrong in (4.74, 5.26, float("nan"), float("inf"), -5.0):
            self.refuse("supply", "reading" if wrong == wrong and abs(wrong) < 9 else "finite", reading=wrong)
        self.answer("supply", reading=4.75)
        self.assertEqual(self.answer("supply", reading=5.25).state, VISIT.STEP_STATE_DONE)

    def test_an_answer_of_another_kind_is_refused(self):
        self.arrive()
        self.up_to("greet")
        self.refuse("greet", "to be confirmed", confirmed=False)
        self.refuse("greet", "to be confirmed", text="hello")
        self.up_to("supply")
        self.refuse("supply", "a reading in V", confirmed=True)
        self.up_to("finding")
        self.refuse("finding", "one of its choices", choice="none of them")
        self.up_to("serial")
        self.refuse("serial", "a scan", scan="")
        self.refuse("serial", "a scan", scan="x" * 4001)

    def test_a_second_answer_counts_and_the_first_one_stays(self):
        self.arrive()
        self.up_to("supply")
        self.answer("supply", reading=4.9)
        step = self.answer("supply", reading=5.1)
        self.assertEqual(step.evidence_count, 2)
        kept = [e.evidence for e in self.li.api.ListStepEvidence(parent=step.name).step_evidence]
        self.assertEqual([e.reading for e in kept], [4.9, 5.1])
        self.assertEqual({e.by for e in kept}, {"engineers/li"})

    def test_another_engineer_does_not_answer(self):
        self.arrive()
        self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, self.world.engineer("zoe").EngineerService.CompleteStep,
                            name=self.steps["greet"].name, evidence={"confirmed": True}, request_id=once())

    # --- photos and signatures ---
    def test_a_photo_that_was_never_sent_is_no_evidence(self):
        self.arrive()
        self.up_to("photo-before")
        nowhere = "blobs/" + hashlib.sha256(b"nothing").hexdigest()
        self.refuse("photo-before", nowhere, grpc.StatusCode.NOT_FOUND, blob=nowhere)
        self.refuse("photo-before", "uploaded", text="I took one, really")
        self.answer("photo-before", blob=self.li.upload().name)

    def upload(self, data, chunk=1 << 18, **header):
        header = {"sha256": hashlib.sha256(data).hexdigest(), "media_type": "image/jpeg", "size_bytes": len(data), **header}
        chunks = [data[at:at + chunk] for at in range(0, len(data), chunk)] or [b""]
        return self.li.api.UploadBlob(requests=[{**(header if n == 0 else {}), "data": part} for n, part in enumerate(chunks)])

    def test_what_comes_back_is_what_was_sent(self):
        for size in (100, 262_144, 262_145, 5_000_000, 16 << 20):
            with self.subTest(size=size):
                data = jpeg(size)
                blob = self.upload(data)
                self.assertEqual((blob.name, blob.size_bytes), ("blobs/" + hashlib.sha256(data).hexdigest(), size))
                chunks = list(self.api.EngineerService.DownloadBlob(name=blob.name))
                self.assertEqual(chunks[0].media_type, "image/jpeg")
                self.assertTrue(b"".join(c.data for c in chunks) == data)
                self.assertLessEqual(max(len(c.data) for c in chunks), 262_144)

    def test_a_photo_that_was_damaged_on_the_way_is_not_kept(self):
        data = jpeg(100_000)
        name = "blobs/" + hashlib.sha256(data).hexdigest()
        refused = ((dict(sha256=hashlib.sha256(b"other").hexdigest()), "sha256", grpc.StatusCode.INVALID_ARGUMENT),
                   (dict(sha256="not hex"), "sha256", grpc.StatusCode.INVALID_ARGUMENT),
                   (dict(size_bytes=99_999), "size_bytes", grpc.StatusCode.INVALID_ARGUMENT),
                   (dict(size_bytes=100_001), "size_bytes", grpc.StatusCode.INVALID_ARGUMENT),
                   (dict(media_type="application/x-sh"), "media_type", grpc.StatusCode.INVALID_ARGUMENT),
                   (dict(size_bytes=(16 << 20) + 1), "16 MiB", grpc.StatusCode.RESOURCE_EXHAUSTED))
        for header, says, code in refused:
            with self.subTest(header):
                self.assert_refused(code, lambda: self.upload(data, **header), says=says)
                with self.assertRaises(grpc.RpcError) as caught:
                    next(self.li.api.DownloadBlob(name=name))
                self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_a_chunk_or_a_photo_that_is_too_large(self):
        self.assert_refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: self.upload(bytes(1_048_577), chunk=1_048_577), says="1 MiB")
        self.assert_refused(grpc.StatusCode.RESOURCE_EXHAUSTED, lambda: self.upload(bytes((16 << 20) + 1), size_bytes=1), says="16 MiB")
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: self.upload(b""), says="size_bytes")

    def test_a_photo_sent_twice_is_kept_once_and_survives_a_kill(self):
        picture = photo()
        first = self.upload(picture, media_type="image/png")
        self.world.server.kill()
        self.world.start_server()
        self.assertEqual(answered("the photo is sent again", lambda: self.upload(picture, media_type="image/png")), first)
        self.assertEqual(b"".join(c.data for c in self.api.EngineerService.DownloadBlob(name=first.name)), picture)


if __name__ == "__main__":
    main()
