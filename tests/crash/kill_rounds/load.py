"""Who lives in the world while it is being killed: machines that talk, engineers who work, people who watch.

Everybody is a thread that goes on until leave() and keeps what it has seen, for the judge.
"""
import collections
import random
import threading

import grpc

import captures
from api import everything, v1
from machine import Machine
from people import Phone

DEVICE, VISIT, CASE = v1["device"], v1["visit"], v1["case"]
LATCHED = "j1939-102-3"    # its off-delay outlasts the test: however often it is raised, it is one episode
RECURRING = "j1939-191-9"  # without an off-delay: every time that it is raised is an episode
AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class Inhabitant(threading.Thread):
    """Does one thing after another until it is to leave; what goes wrong on the way is kept in `error`."""

    def __init__(self, name, seed):
        super().__init__(name=name, daemon=True)
        self.random = random.Random(f"{seed} {name}")
        self.leaving, self.error = threading.Event(), None

    def run(self):
        try:
            while not self.leaving.is_set():
                self.turn()
            self.last_words()
        except Exception as error:  # told by leave(), in the test's thread
            self.error = error

    def pause(self, seconds):
        """Lives on at its own pace, unless it is to leave."""
        self.leaving.wait(seconds * self.random.uniform(0.5, 1.5))

    def last_words(self):
        pass

    def leave(self, patience=60):
        self.leaving.set()
        self.join(patience)
        if self.error or self.is_alive():
            raise RuntimeError(f"{self.name} {'does not leave' if self.is_alive() else 'broke down'}") from self.error


class Talker(Inhabitant):
    """A machine that raises, repeats and clears faults, and sends everything until its receipt: late, twice, in disorder."""

    def __init__(self, world, asset, device, seed, codes):
        super().__init__(device, seed)
        self.machine, self.asset, self.codes = Machine(world, device), asset, codes
        self.spool = collections.deque()          # batches without a receipt
        self.records, self.active, self.cleared = [], [], []
        self.fresh = self.unheard = self.calm = 0

    @property
    def receipt(self):
        """The highest that a receipt has called durable."""
        return max((r.durable_through for r in list(self.machine.receipts) if r.epoch == self.machine.epoch), default=0)

    def turn(self):
        if len(self.spool) < 8:
            if self.calm == 0 and self.random.random() < 0.02:
                self.calm = 60
                self._say(self._recover())
            self._say([self.machine.worked(2)] if self.calm else [self._happening() for _ in range(self.random.randint(1, 4))])
            self.calm = max(0, self.calm - 1)
        self._listen(0.06)

    def _say(self, records):
        self.records += records
        self.spool.append(records)
        self._send(records)

    def _recover(self):
        """All is well for a while: what is active goes, and the machine only works."""
        gone, self.active = self.active, []
        self.cleared += gone
        return [self._fault(which, "CLEARED") for which in gone] + [self.machine.worked(1)]

    def last_words(self):
        for _ in range(400):
            if not self.spool:
                return
            self._listen(0.3)
        raise TimeoutError(f"{self.name}: no receipt for {len(self.spool)} batches")

    def _happening(self):
        what = self.random.random()
        if what < 0.15:
            return self.machine.worked(self.random.randint(1, 30))
        if what < 0.45 and self.active:
            gone = self.active.pop(self.random.randrange(len(self.active)))
            self.cleared.append(gone)
            return self._fault(gone, "CLEARED")
        if what < 0.6 and self.cleared:
            back = self.cleared.pop(self.random.randrange(len(self.cleared)))
            self.active.append(back)
            return self._fault(back, "ACTIVE")
        if what < 0.7 and self.active:
            return self._fault(self.random.choice(self.active), "UPDATED", occurrence_count=self.random.randint(1, 100))
        self.fresh += 1
        new = (self.random.choice(self.codes), f"unit-{self.fresh}")
        self.active.append(new)
        return self._fault(new, "ACTIVE")

    def _fault(self, which, kind, **details):
        return self.machine.fault(which[0], kind, component=which[1], **details)

    def _send(self, records):
        self.machine.send(self.machine.batch(*records))

    def _listen(self, seconds):
        """Waits a moment for receipts; without any for a while, sends again what has none."""
        before = self.receipt
        with self.machine.changed:
            self.machine.changed.wait(seconds)
        while self.spool and self.spool[0][-1].sequence <= self.receipt:
            self.spool.popleft()
        self.unheard = 0 if self.receipt > before else self.unheard + 1
        if self.unheard < 15 or not self.spool:
            return
        self.unheard = 0
        again = list(self.spool)
        if self.random.random() < 0.3:
            self.random.shuffle(again)
        for records in again:
            for _ in range(self.random.choice((1, 1, 2))):
                self._send(records)

    def leave(self, patience=150):
        super().leave(patience)
        self.machine.close()


class RecordingPhone(Phone):
    """A phone that also keeps every version of every offer and visit that the stream told."""

    def __init__(self, world, name):
        self.told = []
        super().__init__(world, name)

    def work(self):
        """The visits that the engineer is told of when asking, offered or accepted."""
        listed = self.ask("ListWork")
        return [*(offer.visit for offer in listed.offers), *listed.visits]

    def _take(self, event):
        if event.HasField("offer"):
            self.told.append((event.cursor, event.offer.offer))
        if event.HasField("visit"):
            self.told.append((event.cursor, event.visit))
        super()._take(event)


class Worker(Inhabitant):
    """An engineer who takes some offers, declines some, lets some pass, and works through the checklist of the others."""

    def __init__(self, world, name, seed):
        super().__init__(name, seed)
        self.phone, self.dealt_with, self.completed, self.in_crews = RecordingPhone(world, name), set(), 0, 0

    def turn(self):
        offer = next((o for o in list(self.phone.offers.values())
                      if o.offer.state == VISIT.OFFER_STATE_OPEN and o.offer.name not in self.dealt_with), None)
        if offer is None:
            with self.phone.changed:
                self.phone.changed.wait(0.2)
            return
        self.dealt_with.add(offer.offer.name)
        mood = self.random.random()
        try:
            if mood < 0.15:
                self.phone.send("DeclineOffer", name=offer.offer.name, reason="the road is closed")
            elif mood < 0.9:
                self._work(offer)
        except grpc.RpcError as error:  # taken back, expired or planned anew meanwhile: another offer will come
            if error.code() not in (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.OUT_OF_RANGE, grpc.StatusCode.PERMISSION_DENIED):
                raise

    def _work(self, offer):
        visit = offer.visit.name
        self.phone.send("AcceptOffer", name=offer.offer.name)
        if not self._all_have_accepted(offer):
            return
        self.phone.send("StartTravel", name=visit)
        self.phone.send("Arrive", name=visit)
        if offer.visit.engineer != f"engineers/{self.name}":
            return  # the lead of the crew does the rest
        self.phone.run_checklist(visit, told=lambda _: self.pause(0.02))
        used = [{"part": line.part, "quantity": line.quantity, "location": line.location}
                for line in offer.parts_plan.lines if line.chosen and self.random.random() < 0.7]
        self.phone.send("RecordParts", visit=visit, parts=used)
        self.phone.send("CompleteVisit", name=visit, work_summary="as the checklist says", restored=self.random.random() < 0.85)
        self.completed += 1
        self.in_crews += len(offer.visit.crew) > 1

    def _all_have_accepted(self, offer):
        """Waits for the others of the crew, if there are any; not for long."""
        phone, visit = self.phone, offer.visit.name
        with phone.changed:
            phone.changed.wait_for(lambda: visit in phone.visits or self.leaving.is_set() or
                                   phone.offers[offer.offer.name].offer.state == VISIT.OFFER_STATE_WITHDRAWN, 6)
            return visit in phone.visits


class Watcher(Inhabitant):
    """A dispatcher's screen: follows all cases, resumes where it stood, and keeps every version that it was told."""

    def __init__(self, world, seed):
        super().__init__("watcher", seed)
        self.service, self.cursor, self.told, self.call = world.dispatcher.CaseService, "", [], None

    def turn(self):
        try:
            self.call = self.service.WatchCases(cursor=self.cursor)
            for event in self.call:
                if not self.cursor and not event.cursor:
                    continue  # the picture at the beginning; it is whole with «synced»
                what = event.WhichOneof("change")
                if what in ("case", "visit", "appointment"):
                    self.told.append((event.cursor, getattr(event, what)))
                self.cursor = event.cursor or self.cursor
        except grpc.RpcError as error:
            if error.code() not in AWAY:
                raise
            self.pause(0.1)

    def leave(self, patience=60):
        self.leaving.set()
        self.call.cancel()
        super().leave(patience)


class Auditor(Inhabitant):
    """Looks again and again whether what was promised is kept, in the middle of everything."""

    def __init__(self, world, talkers, seed):
        super().__init__("auditor", seed)
        self.api, self.talkers, self.looks = world.dispatcher, talkers, []

    def turn(self):
        try:
            for talker in self.talkers:
                self.look(talker)
        except grpc.RpcError as error:
            if error.code() not in (*AWAY, grpc.StatusCode.NOT_FOUND):
                raise
        self.pause(0.2)

    def look(self, talker):
        receipt = talker.receipt  # read first: what came after the look proves nothing
        device = self.api.FleetService.GetDevice(name=f"devices/{talker.name}", timeout=5)
        self.looks.append((talker.name, device.epoch, device.durable_through, receipt))


class Customer(Inhabitant):
    """Says that it is solved as soon as she is asked."""

    def __init__(self, world, seed):
        super().__init__("mary", seed)
        self.cases, self.confirmed = world.contact("mary").CaseService, 0

    def turn(self):
        try:
            for case in everything(self.cases.ListCases, state=CASE.CASE_STATE_AWAITING_CONFIRMATION):
                self.cases.ConfirmCase(name=case.name, solved=True, request_id=f"{case.name}-{case.etag}")
                self.confirmed += 1
        except grpc.RpcError as error:  # away, or the fault came back while she was answering
            if error.code() not in (*AWAY, grpc.StatusCode.FAILED_PRECONDITION):
                raise
        self.pause(0.5)


def failing_bus(units, seconds):
    """A capture in which one control unit after another reports a code and keeps it; and what there is to find in it."""
    lines = []
    for second in range(seconds):
        lines.append(captures.engine_speed(second, 900))
        for unit in range(units):
            code = (102, 3, 1) if second >= 2 + unit * (seconds - 10) / units else None
            lines.append(captures.dm1(second + 0.001 * (unit + 1), 0x40 if code else 0x00, *([code] if code else []), source=unit + 1))
    return "\n".join(lines) + "\n", {(LATCHED, f"sa-{unit + 1}") for unit in range(units)}
