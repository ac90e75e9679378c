"""The people of a FirstFix world: an engineer with a phone that loses its connection, and a customer."""
import hashlib
import os
import struct
import threading
import uuid
import zlib

import grpc

from api import v1
from world import answered

STEP = v1["knowledge"]
VISIT = v1["visit"]


def once():
    """A fresh request_id."""
    return uuid.uuid4().hex


def photo():
    """A fresh PNG, like no other: four pixels of noise. A photo proves one thing once."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", 4, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" + os.urandom(12))) + chunk(b"IEND", b"")


class Phone:
    """An engineer's phone: keeps the stream open, resumes it where it stood, and sends a write until it is answered."""

    def __init__(self, world, name, customer="contacts/mary"):
        self.world, self.name, self.customer = world, name, customer  # who signs for the customer
        self.api = world.engineer(name).EngineerService
        self.cursor, self.seen, self.offers, self.visits, self.deviations = "", [], {}, {}, {}
        self.changed = threading.Condition()
        self.closed, self.call = False, None
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        while not self.closed:
            try:
                self.call = self.api.StreamWork(cursor=self.cursor)
                if self.closed:  # meanwhile
                    self.call.cancel()
                for event in self.call:
                    self._take(event)
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.OUT_OF_RANGE:
                    self.cursor = ""
                with self.changed:
                    self.changed.wait(0.1)

    def _take(self, event):
        with self.changed:
            if event.cursor:
                self.seen.append(event.cursor)
                self.cursor = event.cursor
            if event.HasField("offer"):
                self.offers[event.offer.offer.name] = event.offer
            if event.HasField("visit"):
                self.visits[event.visit.name] = event.visit
            if event.HasField("deviation"):
                self.deviations[event.deviation.name] = event.deviation
            self.changed.notify_all()

    def close(self):
        self.closed = True
        if self.call:
            self.call.cancel()
        self.thread.join(10)

    def wait_synced(self, seconds=20):
        """Until all that was open when the stream began has come."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.cursor, seconds), f"the stream of {self.name} does not begin"

    def wait_offer(self, state=VISIT.OFFER_STATE_OPEN, seconds=60, **wanted):
        """The first offer of that state whose case matches the fields."""
        def found():
            for offer in list(self.offers.values()):
                if offer.offer.state == state and all(getattr(offer.case, k) == v for k, v in wanted.items()):
                    return offer
        with self.changed:
            if not self.changed.wait_for(found, seconds):
                raise TimeoutError(f"no offer for {self.name} in {seconds} s; has {[(o.offer.name, o.offer.state) for o in self.offers.values()]}")
            return found()

    def wait_deviation(self, name, state, seconds=60):
        """The deviation asked for, as soon as it is decided so."""
        def found():
            deviation = self.deviations.get(name)
            return deviation if deviation and deviation.state == state else None
        with self.changed:
            if not self.changed.wait_for(found, seconds):
                raise TimeoutError(f"{name} is not {state} after {seconds} s; is {self.deviations.get(name)}")
            return found()

    def ask(self, method, **fields):
        """Asks as an app does that may be offline: until there is an answer."""
        return answered(method, lambda: getattr(self.api, method)(timeout=5, **fields))

    def send(self, method, **fields):
        """A write that may be sent more than once: always with the same request_id."""
        fields.setdefault("request_id", once())
        return self.ask(method, **fields)

    def upload(self, data=None, media_type="image/png"):
        data = data or photo()
        digest = hashlib.sha256(data).hexdigest()
        half = len(data) // 2
        return self.ask("UploadBlob", requests=[
            {"sha256": digest, "media_type": media_type, "size_bytes": len(data), "data": data[:half]}, {"data": data[half:]}])

    def answer_for(self, step):
        """A good answer to a step of any kind."""
        kind = step.template.kind
        if kind == STEP.STEP_KIND_PHOTO:
            return VISIT.Evidence(blob=self.upload().name)
        if kind == STEP.STEP_KIND_SIGNATURE:
            return VISIT.Evidence(blob=self.upload().name, signed_by=self.customer)
        return {STEP.STEP_KIND_CONFIRM: lambda: VISIT.Evidence(confirmed=True),
                STEP.STEP_KIND_READING: lambda: VISIT.Evidence(reading=(step.template.minimum + step.template.maximum) / 2),
                STEP.STEP_KIND_CHOICE: lambda: VISIT.Evidence(choice=step.template.choices[0]),
                STEP.STEP_KIND_TEXT: lambda: VISIT.Evidence(text="nothing more"),
                STEP.STEP_KIND_SCAN: lambda: VISIT.Evidence(scan="SN-0001")}[kind]()

    def run_checklist(self, visit, told=lambda step: None):
        """Answers step after step; what one answer shows or hides counts for the next."""
        done = []
        while step := next((s for s in self.ask("ListSteps", visit=visit).steps if s.state == VISIT.STEP_STATE_OPEN), None):
            done.append(self.send("CompleteStep", name=step.name, evidence=self.answer_for(step)))
            told(done[-1])
        return done

    def do_visit(self, offer, causes, parts=(), told=lambda step: None, work_summary=""):
        """Accept to complete, as the standard wants it. Without causes, the summary has to say what was done."""
        visit = offer.visit.name
        self.send("AcceptOffer", name=offer.offer.name)
        self.send("StartTravel", name=visit)
        self.send("Arrive", name=visit)
        self.run_checklist(visit, told)
        self.send("RecordParts", visit=visit, parts=[{"part": part, "quantity": 1} for part in parts])
        return self.send("CompleteVisit", name=visit, found_causes=list(causes), work_summary=work_summary, restored=True)
