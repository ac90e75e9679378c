"""a hazard called in on a full day: from the call to the booking, with what is less urgent planned anew in the same commit"""
# Targets: firstfixd firstfix
#
# Fifty engineers in five territories, whose day is full. Hazards, and breakdowns that can wait, are called in by turns
# over gRPC; the floor is such a breakdown, which is booked beside what there is and disturbs nobody. Only hazards that
# something gave way to count.
import json
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy/lib"))

from people import once  # noqa: E402
from service_at_work import CODES, ServiceAtWork  # noqa: E402

FULL, ROUNDS, WARM_UP = 400, 110, 10


class Calls:
    def __init__(self, world):
        self.cases, self.visits, self.number = world.dispatcher.CaseService, world.dispatcher.DispatchService, 0

    def call_in(self, severity):
        """The case, and how long it took."""
        self.number += 1
        wanted = dict(asset=f"assets/m{self.number}", summary="called in", severity=f"SEVERITY_{severity}",
                      codes=[f"j1939-{100 + self.number * 7 % CODES}-3"], request_id=once())
        begun = time.perf_counter()
        case = self.cases.CreateCase(**wanted)
        return case, time.perf_counter() - begun

    def gave_way(self, case):
        return len(self.visits.GetVisit(name=case.visit).assignment.gave_way) if case.visit else 0


def main(bin_dir):
    with ServiceAtWork(bin_dir, FULL + 2 * ROUNDS + 1) as world:
        world.start()
        world.furnish()
        calls = Calls(world)
        for _ in range(FULL):
            calls.call_in("MAJOR")
        urgent, floor, moved = [], [], 0
        for number in range(ROUNDS):
            case, took = calls.call_in("HAZARD")
            _, plain = calls.call_in("MAJOR")
            if number < WARM_UP:
                continue
            floor.append(plain)
            gave_way = calls.gave_way(case)
            moved += gave_way
            if gave_way:
                urgent.append(took)
    print(f"── {len(urgent)} of {len(floor)} hazards were given way to, by {moved} visits", file=sys.stderr)
    for metric, of in (("p50", statistics.median), ("p99", lambda all_of: sorted(all_of)[len(all_of) * 99 // 100])):
        value, least = of(urgent) * 1e3, of(floor) * 1e3
        print(json.dumps({"bench": "urgent_case", "metric": metric, "value": round(value, 2), "unit": "ms",
                          "floor": round(least, 2), "ratio": round(value / least, 2)}))


if __name__ == "__main__":
    main(sys.argv[1])
