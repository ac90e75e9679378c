"""Customers who are shown times, think about one, take it and change their minds; and the engineers who come to them.

Whatever a customer was told is kept, and looked at again and again, whoever was killed meanwhile.
"""
import collections
import contextlib
import time

import grpc

from api import everything
from judge_appointments import Look
from load import Inhabitant, Worker
from states import CASE, HELD, INVENTORY, OPEN_APPOINTMENTS, PROMISED
from world import answered

# Somebody was faster, nobody has time, the engineer has set out, or the time to think is over: another time, then.
REFUSALS = (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.OUT_OF_RANGE, grpc.StatusCode.ABORTED, grpc.StatusCode.ALREADY_EXISTS)
WINDOWS_S = (1800, 7200)


class Booker(Inhabitant):
    """Has a machine that nobody listens to and that is always broken; wants to be told when somebody comes."""

    def __init__(self, world, asset, code, seed):
        super().__init__(asset, seed)
        customer, self.staff = world.contact("mary"), world.dispatcher
        self.asset, self.code = f"assets/{asset}", code
        self.cases, self.appointments = customer.CaseService, customer.AppointmentService
        self.known = {}          # appointment → as the service told it last
        self.kept = {}           # appointment → {(location, part): quantity} that was seen reserved for it
        self.forgotten = set()   # appointments that she holds and does nothing about
        self.given_up = set()    # appointments that were asked to end, by calling them off or by taking another
        self.early = []          # refusals of what was held as too late, which came too soon
        self.repeated = []       # pairs of answers to one request
        self.looks, self.done, self.asked, self.turns = [], collections.Counter(), 0, 0

    def turn(self):
        self.turns += 1
        self._look_at_open()
        case = self._case()
        if case:
            self._decide(case)
        self.pause(0.15)

    def last_words(self):
        """Most leave with a time held that they never take."""
        self._look_at_open()  # what she changed in her last turn has ended what she held before
        case = self._case()
        if case and self.random.random() < 0.8:
            self._hold(case, instead_of=self._of(case, (HELD,)))

    def _look_at_open(self):
        for name in [name for name, one in self.known.items() if one.state in OPEN_APPOINTMENTS]:
            self.look(name)

    def look(self, name):
        """Is it what it was, or what has become of it since?"""
        at = time.time()
        seen, visit, due = self._ask(self.appointments.GetAppointment, name=name), None, False
        if seen.state in PROMISED:
            ask_case = self.staff.CaseService.GetCase
            record = self._ask(ask_case, name=seen.case_name)
            visit = self._ask(self.staff.DispatchService.GetVisit, name=record.visit) if record.visit else None
            still = (self._ask(ask_case, name=seen.case_name).etag, self._ask(self.appointments.GetAppointment, name=name).etag)
            due = bool(record.plan_due_reason)
            visit = visit if still == (record.etag, seen.etag) and record.appointment == name else None
        self.looks.append(Look(self.known[name], seen, at, time.time(), visit, due))
        self.known[name] = seen

    def testify(self, evidence):
        """Tells the judge, after leaving."""
        evidence.told_of_appointments.update(self.known)
        evidence.appointment_looks += self.looks
        evidence.given_up |= self.given_up
        evidence.kept_for_appointments.update(self.kept)
        evidence.repeated += self.repeated
        evidence.refused_early += self.early

    def _case(self):
        """The open case of the machine; a new one if there is none."""
        for case in answered("ListCases", lambda: everything(self.cases.ListCases, asset=self.asset, open_only=True)):
            return case
        return self._write(self.cases.CreateCase, asset=self.asset, summary="it does not pull", codes=[self.code])

    def _of(self, case, states):
        return next((one for one in self.known.values() if one.case_name == case.name and one.state in states), None)

    def _decide(self, case):
        held, promised, mood = self._of(case, (HELD,)), self._of(case, PROMISED), self.random.random()
        if held and held.name in self.forgotten:
            return
        if held:
            if mood < 0.5:
                self._book(held, promised)
            elif mood < 0.6:
                self._call_off(held)
            elif mood < 0.7:
                self._hold(case, instead_of=held)
            elif mood < 0.75:
                self.forgotten.add(held.name)
        elif promised:
            if mood < 0.1:
                self._move(promised)
            elif mood < 0.16:
                self._call_off(promised)
            elif mood < 0.24:
                self._hold(case)
        elif mood < 0.7 and case.state != CASE.CASE_STATE_AWAITING_CONFIRMATION:
            self._hold(case)

    def _hold(self, case, instead_of=None):
        slot = self._slot(case.name)
        if slot is None:
            return
        with self._ends(instead_of):
            held = self._write(self.appointments.HoldSlot, case_name=case.name, starts_at=slot.starts_at, ends_at=slot.ends_at)
        if held is None:
            return
        self._keep(held, "held")
        self.kept[held.name] = {
            (one.location, one.part): one.quantity
            for one in answered("ListReservations", lambda: everything(self.staff.InventoryService.ListReservations))
            if one.appointment == held.name and one.state == INVENTORY.RESERVATION_STATE_HELD}

    def _book(self, held, promised):
        with self._ends(promised):
            self._keep(self._write(self.appointments.BookAppointment, name=held.name), "booked")

    def _move(self, promised):
        slot = self._slot(promised.case_name)
        if slot:
            self._keep(self._write(self.appointments.RescheduleAppointment, name=promised.name, starts_at=slot.starts_at,
                                   ends_at=slot.ends_at), "moved")

    def _call_off(self, one):
        with self._ends(one):
            self._keep(self._write(self.appointments.CancelAppointment, name=one.name, reason="something came up"), "called off")

    @contextlib.contextmanager
    def _ends(self, one):
        """Around a request that ends an appointment: it may, from before it is sent until it is known to be refused."""
        before = self.done["refused"]
        if one:
            self.given_up.add(one.name)
        yield
        if one and self.done["refused"] > before:
            self.given_up.discard(one.name)

    def _slot(self, case_name):
        try:
            slots = self._ask(self.appointments.SearchSlots, case_name=case_name, max_slots=8,
                              window={"seconds": self.random.choice(WINDOWS_S)}).slots
        except grpc.RpcError as error:
            if error.code() not in REFUSALS:
                raise
            return None
        return self.random.choice(slots) if slots else None

    def _keep(self, answer, what):
        if answer is not None:
            self.known[answer.name] = answer
            self.done[what] += 1

    def _ask(self, call, **fields):
        return answered(self.name, lambda: call(timeout=5, **fields))

    def _write(self, call, **fields):
        """Sends the same request until it is answered, sometimes once more; None if it is refused."""
        self.asked += 1
        fields["request_id"] = f"{self.name}-{self.asked}"
        try:
            answer = self._ask(call, **fields)
            if self.random.random() < 0.2:
                self.repeated.append((answer, self._ask(call, **fields)))
            return answer
        except grpc.RpcError as error:
            if error.code() not in REFUSALS:
                raise
            self._refused(fields.get("name"), error)
            return None

    def _refused(self, name, error):
        self.done["refused"] += 1
        known = self.known.get(name)
        if error.code() == grpc.StatusCode.OUT_OF_RANGE and known and time.time() < known.hold_expires_at.ToMicroseconds() / 1e6:
            self.early.append((name, error.details()))


class Unhurried(Worker):
    """An engineer who agrees to most visits and seldom sets out at once, so that what was promised lies ahead for long."""

    def _work(self, offer):
        if self.random.random() < 0.15:
            super()._work(offer)
        else:
            self.phone.send("AcceptOffer", name=offer.offer.name)
