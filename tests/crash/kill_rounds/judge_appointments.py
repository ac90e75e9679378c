"""What customers were told about appointments, checked against what became of it. Pure, and a part of the judge."""
import collections
import dataclasses

from states import APPOINTMENT, HELD, INVENTORY, OPEN_APPOINTMENTS, OPEN_VISITS, PROMISED, VISIT, WORK_DONE

SLACK_S = 15  # how late a timer may be while everything is killed and started again
SHORTEST_VISIT_S = 2700  # no repair in this world takes less
CASE_OVER = ("the case was cancelled", "there is nothing left to come for")
# Offered to its engineer, or agreed to.
WITH_ENGINEER = (VISIT.VISIT_STATE_OFFERED, VISIT.VISIT_STATE_ACCEPTED, VISIT.VISIT_STATE_TRAVELLING, VISIT.VISIT_STATE_ON_SITE)
NOT_BEGUN = (VISIT.VISIT_STATE_PROPOSED, VISIT.VISIT_STATE_OFFERED, VISIT.VISIT_STATE_ACCEPTED)


@dataclasses.dataclass
class Look:
    """An appointment as the customer knew it, and as it was found later."""
    known: object
    seen: object
    at: float              # seconds since 1970, before it was asked for
    until: float           # and after it was answered
    visit: object = None   # the case's visit, if case and appointment were the same before and after it was asked for
    is_planned_anew: bool = False  # the visit had just been taken back, and was to be planned again at once


def _state(one):
    return APPOINTMENT.AppointmentState.Name(one.state).removeprefix("APPOINTMENT_STATE_").lower()


def _seconds(stamp):
    return stamp.ToMicroseconds() / 1e6


def _for_customers(one):
    """As a customer sees it."""
    seen = type(one)()
    seen.CopyFrom(one)
    seen.ClearField("engineers")
    seen.ClearField("later_in_a_row")
    return seen


def appointments_become_what_they_may(evidence):
    """What a customer was told of an appointment is not forgotten, and ends only for a reason that she knows."""
    complaints = []
    for look in evidence.appointment_looks:
        complaints += _became(look.known, look.seen, look.at, look.until, evidence.given_up)
    now = {one.name: one for one in evidence.appointments}
    for name, known in evidence.told_of_appointments.items():
        if name not in now:
            complaints.append(f"{name}, which was {_state(known)}, is not there")
        else:
            complaints += _became(known, _for_customers(now[name]), evidence.read_from, evidence.read_until, evidence.given_up)
    return complaints


def _became(known, seen, at, until, given_up):
    step = f"{known.name} was {_state(known)} in version {known.etag} and is {_state(seen)} in version {seen.etag}"
    if seen.reason:
        step += f", since «{seen.reason}»"
    if int(seen.etag) < int(known.etag):
        return [f"{step}: it has been forgotten"]
    if seen.etag == known.etag and _for_customers(seen) != _for_customers(known):
        return [f"{step}: it is another"]
    if not _may_be(known, seen, until, given_up):
        return [step]
    if seen.state == HELD and at > _seconds(seen.hold_expires_at) + SLACK_S:
        return [f"{step}, {at - _seconds(seen.hold_expires_at):.0f} s after its time"]
    return []


def _may_be(known, seen, until, given_up):
    state = _state(seen)
    ended = seen.name in given_up or seen.reason.startswith(CASE_OVER)
    after_promise = (state in ("booked", "at_risk", "kept") or (state == "missed" and until >= _seconds(seen.ends_at)) or
                     (state == "cancelled" and ended))
    if known.state == HELD:
        same_time = (known.starts_at, known.ends_at) == (seen.starts_at, seen.ends_at)
        expired = state == "expired" and until >= _seconds(known.hold_expires_at)
        return (state == "held" and same_time and known.hold_expires_at == seen.hold_expires_at) or expired or after_promise
    if known.state in PROMISED:
        return after_promise
    return known.state == seen.state or (_state(known), state) == ("missed", "kept")


def who_was_promised_a_time_is_visited_in_it(evidence):
    """A booked appointment has a visit that begins within its window, and whoever comes knows of it."""
    complaints = [complaint for look in evidence.appointment_looks if look.visit and not look.is_planned_anew
                  for complaint in _within(look.seen, look.visit)]
    cases, visits = ({one.name: one for one in several} for several in (evidence.cases, evidence.visits))
    for one in evidence.appointments:
        case = cases[one.case_name]
        if one.state not in PROMISED:
            continue
        if case.appointment != one.name:
            complaints.append(f"{one.name} is {_state(one)}, {case.name} says {case.appointment!r}")
        visit = visits.get(case.visit)
        complaints += _within(one, visit) + _known_to_its_engineer(one, visit, evidence.work_lists)
    return complaints


def _within(one, visit):
    if one.state != APPOINTMENT.APPOINTMENT_STATE_BOOKED:
        return [] if one.reason else [f"{one.name} is at risk, nobody knows why"]
    if visit is None or visit.state not in OPEN_VISITS or not visit.engineer:
        return [f"{one.name} is booked, and nobody is planned for it"]
    start = visit.starts_at.ToNanoseconds()
    if visit.state in NOT_BEGUN and not one.starts_at.ToNanoseconds() <= start <= one.ends_at.ToNanoseconds():
        return [f"{one.name} is booked, {visit.name} begins outside of its window"]
    return []


def _known_to_its_engineer(one, visit, work_lists):
    if one.state != APPOINTMENT.APPOINTMENT_STATE_BOOKED or visit is None or visit.state not in WITH_ENGINEER:
        return []
    for listed in work_lists.get(visit.engineer, []):
        if listed.name == visit.name and (listed.starts_at, listed.ends_at) == (visit.starts_at, visit.ends_at):
            return []
    return [f"{one.name} is booked, {visit.name} is not among the work of {visit.engineer}"]


def a_case_has_one_time(evidence):
    """It holds one window at most, and one is promised at most."""
    of_case = collections.Counter((one.case_name, one.state == HELD) for one in evidence.appointments
                                  if one.state in OPEN_APPOINTMENTS)
    return [f"{case} has {n} appointments that are {'held' if held else 'promised'}" for (case, held), n in of_case.items() if n > 1]


def held_parts_are_kept_and_given_back(evidence):
    """What was reserved for a hold stays so until it ends, or goes to its case's own visit; and no longer. Once the work
    is done there is nothing left to come for."""
    complaints, held = [], collections.defaultdict(collections.Counter)
    visit_of = {one.name: one.visit for one in evidence.cases}
    state_of = {one.name: one.state for one in evidence.cases}
    state = {one.name: one for one in evidence.appointments}
    for one in evidence.reservations:
        if one.visit and one.state == INVENTORY.RESERVATION_STATE_HELD:
            held[one.visit][one.location, one.part] = one.quantity
        if one.appointment and one.state == INVENTORY.RESERVATION_STATE_HELD:
            held[one.appointment][one.location, one.part] = one.quantity
            if one.appointment not in state or state[one.appointment].state != HELD:
                complaints.append(f"{one.name} is held for {one.appointment}, which is not")
    for name, parts in evidence.kept_for_appointments.items():
        if name not in state or state[name].state != HELD or state_of[state[name].case_name] in WORK_DONE:
            continue
        kept = held[name] + held[visit_of[state[name].case_name]]
        complaints += [f"{name} is held, its case is in state {state_of[state[name].case_name]}, and {quantity} of {part} "
                       f"at {location} are not any more"
                       for (location, part), quantity in parts.items() if kept[location, part] < quantity]
    return complaints


def held_time_is_nobody_elses(evidence):
    """Whoever would come in a window that is held has no other visit that fills it, nor another hold so short."""
    complaints, windows = [], collections.Counter()
    case_of = {one.name: one.visit for one in evidence.cases}
    for one in evidence.appointments:
        if one.state != HELD:
            continue
        begin, end = one.starts_at.ToNanoseconds(), one.ends_at.ToNanoseconds()
        for engineer in one.engineers:
            windows[engineer, begin, end] += 1
            complaints += [f"{engineer} is booked for {visit.name} and held for {one.name} at the same time" for visit in evidence.visits
                           if visit.state in OPEN_VISITS and visit.name != case_of[one.case_name] and visit.engineer == engineer
                           and visit.starts_at.ToNanoseconds() <= begin and end < visit.ends_at.ToNanoseconds()]
    return complaints + [f"{engineer} is held {n} times for one window" for (engineer, begin, end), n in windows.items()
                         if n > 1 and (end - begin) / 1e9 < SHORTEST_VISIT_S]


def a_request_has_one_answer(evidence):
    """The same request once more gets the same answer; and no hold is called too late before it is."""
    return ([f"{one.name} was answered twice, differently" for one, again in evidence.repeated if one != again] +
            [f"{name} was refused before its time was up: {why}" for name, why in evidence.refused_early])


APPOINTMENT_CHECKS = (appointments_become_what_they_may, who_was_promised_a_time_is_visited_in_it, a_case_has_one_time,
                      held_parts_are_kept_and_given_back, held_time_is_nobody_elses, a_request_has_one_answer)
