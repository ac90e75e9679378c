"""What was promised, checked against what happened. Pure: everything it looks at is in one Evidence.

Each check returns complaints in words; no complaint, no fault found. judge_test.py doctors a good Evidence in every way
that a check is there for, so that a silent judge is known to be silent for a reason.
"""
import collections
import dataclasses

from judge_appointments import APPOINTMENT_CHECKS
from states import CASE, DEVICE, HELD, INVENTORY, OPEN_VISITS, VISIT


@dataclasses.dataclass
class Evidence:
    """What devices said and heard, what streams told, and what the service says in the end."""
    # What each device of our own said: its asset, its epoch, and its records in the order of their sequences.
    said: dict = dataclasses.field(default_factory=dict)            # device → (asset, epoch, [DeviceRecord])
    latched: set = dataclasses.field(default_factory=set)           # codes whose off-delay outlasts the test
    # (asset, code, component) that agents read from captures and never saw go.
    captured: set = dataclasses.field(default_factory=set)
    # Each look at a device: (device, epoch, durable_through, highest receipt that had come before the look).
    looks: list = dataclasses.field(default_factory=list)
    watched: list = dataclasses.field(default_factory=list)         # (cursor, Case, Visit or Appointment) in the order they came
    work: dict = dataclasses.field(default_factory=dict)            # engineer → [(cursor, Offer or Visit)]
    # In the end.
    episodes: list = dataclasses.field(default_factory=list)
    cases: list = dataclasses.field(default_factory=list)
    visits: list = dataclasses.field(default_factory=list)
    offers: list = dataclasses.field(default_factory=list)
    reservations: list = dataclasses.field(default_factory=list)
    stock: list = dataclasses.field(default_factory=list)
    stock_before: dict = dataclasses.field(default_factory=dict)    # (location, part) → on_hand
    timelines: dict = dataclasses.field(default_factory=dict)       # case → [entry numbers]
    # What customers were told of appointments, and what of those there is.
    told_of_appointments: dict = dataclasses.field(default_factory=dict)  # appointment → as it was told last
    appointment_looks: list = dataclasses.field(default_factory=list)     # [Look]
    given_up: set = dataclasses.field(default_factory=set)                # appointments that were asked to end
    kept_for_appointments: dict = dataclasses.field(default_factory=dict)  # appointment → {(location, part): quantity}
    repeated: list = dataclasses.field(default_factory=list)              # (answer, answer to the same request again)
    refused_early: list = dataclasses.field(default_factory=list)         # (appointment, why)
    appointments: list = dataclasses.field(default_factory=list)
    work_lists: dict = dataclasses.field(default_factory=dict)            # engineer → [Visit] that ListWork tells
    read_from: float = 0   # all that is there in the end was read between these, in seconds since 1970
    read_until: float = 0


def everything_said_is_in_one_episode(evidence):
    """Every raised fault is in exactly one episode, and chattering is counted once a raise."""
    expected = collections.Counter()
    for device, (asset, epoch, records) in evidence.said.items():
        expected.update(_episodes_of(device, asset, epoch, records, evidence.latched))
    found = collections.Counter({_identity(e): 0 for e in evidence.episodes})
    for episode in evidence.episodes:
        if episode.device in evidence.said:
            found[_identity(episode)] += episode.raise_count
    complaints = []
    for key in expected.keys() | {k for k, count in found.items() if k[3] in evidence.said}:
        if expected[key] != found[key]:
            complaints.append(f"{key}: raised {expected[key]} times, the episode says {found[key]}")
    identities = collections.Counter(_identity(e) for e in evidence.episodes)
    complaints += [f"{key} began {n} episodes" for key, n in identities.items() if n > 1]
    return complaints


def everything_captured_is_in_one_episode(evidence):
    """What an agent read from a capture is there once."""
    found = collections.Counter((e.asset, e.code, e.component) for e in evidence.episodes)
    return [f"{key} is in {found[key]} episodes" for key in evidence.captured if found[key] != 1]


def _identity(episode):
    """What a person reported no device tells apart, but its case."""
    return (episode.asset, episode.code, episode.component, episode.device or episode.case_name, episode.epoch, episode.sequence)


def _episodes_of(device, asset, epoch, records, latched):
    """(identity of the first record) → raises, by the rule alone: an episode ends with «cleared» unless it is latched."""
    out, current, active = collections.Counter(), {}, set()
    for record in records:
        change = record.fault
        key = (change.code, change.component)
        if change.kind == DEVICE.FAULT_CHANGE_KIND_CLEARED:
            active.discard(key)
            if change.code not in latched:
                current.pop(key, None)
        elif change.kind == DEVICE.FAULT_CHANGE_KIND_ACTIVE and key not in active:
            active.add(key)
            first = current.setdefault(key, (asset, *key, device, epoch, record.sequence))
            out[first] += 1
    return out


def receipts_are_kept(evidence):
    """What a receipt called durable stays durable: the service never knows less than it has said."""
    complaints, highest = [], collections.defaultdict(int)
    for device, epoch, durable, receipt in evidence.looks:
        if durable < receipt:
            complaints.append(f"{device}: a receipt said {receipt}, later the service knows only {durable}")
        if durable < highest[device, epoch]:
            complaints.append(f"{device}: durable_through fell from {highest[device, epoch]} to {durable}")
        highest[device, epoch] = max(durable, highest[device, epoch])
    return complaints


def streams_have_no_gap_and_no_repeat(evidence):
    """Every version of a case, a visit and an appointment came once, in order; an etag counts a resource's commits."""
    return _unbroken("WatchCases", evidence.watched, gapless=True) + [
        complaint for engineer, events in evidence.work.items()
        for complaint in _unbroken(f"StreamWork of {engineer}", events, gapless=False)]


def _unbroken(stream, events, gapless):
    """With gapless=False versions may be missing that were not this reader's business, but none comes twice or late."""
    complaints = []
    cursors = collections.Counter(cursor for cursor, _ in events if cursor)
    complaints += [f"{stream} repeated the cursor {cursor}" for cursor, n in cursors.items() if n > 1]
    last = {}
    for _, resource in events:
        before, now = last.get(resource.name), int(resource.etag)
        if before is None and gapless and now != 1:
            complaints.append(f"{stream}: {resource.name} began with version {now}")
        if before is not None and (now <= before or (gapless and now != before + 1)):
            complaints.append(f"{stream}: {resource.name} went from version {before} to {now}")
        last[resource.name] = now
    return complaints


def streams_end_where_the_service_is(evidence):
    """Who follows a stream knows what who asks is told."""
    told = {resource.name: resource for _, resource in evidence.watched}
    complaints = [f"WatchCases ended with another {one.name} than the service has"
                  for one in [*evidence.cases, *evidence.visits, *evidence.appointments] if told.get(one.name) != one]
    for offer in evidence.offers:
        seen = {r.name: r for _, r in evidence.work.get(offer.engineer, [])}
        if seen.get(offer.name) != offer:
            complaints.append(f"StreamWork of {offer.engineer} ended with another {offer.name} than the service has")
    return complaints


def no_engineer_is_booked_twice(evidence):
    """The planned times of visits that are not over do not overlap."""
    return booked_twice(evidence.visits)


def booked_twice(visits):
    complaints, of_engineer = [], collections.defaultdict(list)
    for visit in visits:
        if visit.state in OPEN_VISITS:
            for engineer in {member.engineer for member in visit.crew} | ({visit.engineer} - {""}):
                of_engineer[engineer].append(visit)
    for engineer, booked in of_engineer.items():
        booked.sort(key=lambda v: v.starts_at.ToNanoseconds())
        for one, next_one in zip(booked, booked[1:]):
            if next_one.starts_at.ToNanoseconds() < one.ends_at.ToNanoseconds():
                complaints.append(f"{engineer} is booked for {one.name} and {next_one.name} at the same time")
    return complaints


def no_part_is_reserved_twice(evidence):
    """What is held for visits that are not over, and for times that are held, is what the stock says is reserved, and no more than there is."""
    complaints = over_reserved(evidence.stock)
    held, used = collections.Counter(), collections.Counter()
    not_over = {v.name for v in evidence.visits if v.state in OPEN_VISITS}
    not_over |= {a.name for a in evidence.appointments if a.state == HELD}
    for one in evidence.reservations:
        if one.state == INVENTORY.RESERVATION_STATE_HELD:
            held[one.location, one.part] += one.quantity
            if (one.visit or one.appointment) not in not_over:
                complaints.append(f"{one.name} is held for {one.visit or one.appointment}, which is over")
        if one.state == INVENTORY.RESERVATION_STATE_CONSUMED:
            used[one.location, one.part] += one.quantity
    for line in evidence.stock:
        key = (line.location, line.part)
        if line.reserved != held[key]:
            complaints.append(f"{line.name}: {line.reserved} reserved, {held[key]} held by visits")
        if line.on_hand != evidence.stock_before[key] - used[key]:
            complaints.append(f"{line.name}: {line.on_hand} on hand, {evidence.stock_before[key]} less {used[key]} used expected")
    return complaints


def over_reserved(lines):
    return [f"{l.name}: {l.reserved} reserved of {l.on_hand}" for l in lines if l.reserved > l.on_hand]


def a_case_has_one_visit_and_a_visit_one_offer(evidence):
    """Open ones; a crew's visit has one offer a member."""
    complaints = []
    open_visits, open_offers = collections.defaultdict(list), collections.defaultdict(list)
    for visit in evidence.visits:
        if visit.state in OPEN_VISITS:
            open_visits[visit.case_name].append(visit.name)
    for offer in evidence.offers:
        if offer.state == VISIT.OFFER_STATE_OPEN:
            open_offers[offer.visit, offer.engineer].append(offer.name)
    current = {case.name: case.visit for case in evidence.cases}
    for case, names in open_visits.items():
        if names != [current.get(case)]:
            complaints.append(f"{case} has the open visits {names}, its current one is {current.get(case)!r}")
    for (visit, engineer), names in open_offers.items():
        if len(names) > 1:
            complaints.append(f"{visit} has the open offers {names} to {engineer}")
    open_cases = collections.Counter(c.asset for c in evidence.cases if c.state != CASE.CASE_STATE_CLOSED)
    return complaints + [f"{asset} has {n} open cases" for asset, n in open_cases.items() if n > 1]


def cases_count_right(evidence):
    """A case's counts are those of its episodes, and its timeline is numbered without a gap."""
    complaints = []
    of_case = collections.defaultdict(list)
    for episode in evidence.episodes:
        of_case[episode.case_name].append(episode)
    for case in evidence.cases:
        episodes = of_case[case.name]
        there = sum(e.state in (CASE.EPISODE_STATE_ACTIVE, CASE.EPISODE_STATE_CLEARING) for e in episodes)
        if (case.episode_count, case.active_episode_count) != (len(episodes), there):
            complaints.append(f"{case.name} counts {case.episode_count} episodes, {case.active_episode_count} active; "
                              f"there are {len(episodes)}, {there} active")
        if evidence.timelines.get(case.name) != list(range(case.timeline_count)):
            complaints.append(f"the timeline of {case.name} has a gap")
    return complaints


CHECKS = (everything_said_is_in_one_episode, everything_captured_is_in_one_episode, receipts_are_kept,
          streams_have_no_gap_and_no_repeat, streams_end_where_the_service_is, no_engineer_is_booked_twice,
          no_part_is_reserved_twice, a_case_has_one_visit_and_a_visit_one_offer, cases_count_right, *APPOINTMENT_CHECKS)


def judge(evidence):
    """All complaints, each with the check that makes it."""
    return [f"{check.__name__}: {complaint}" for check in CHECKS for complaint in check(evidence)]
