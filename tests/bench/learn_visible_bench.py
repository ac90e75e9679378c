"""from the customer's word that closes a case to the next diagnosis that has learnt from its visit"""
# Targets: firstfixd firstfix
#
# Whole visits on a machine that cannot speak, one after another, against the system's clock. After each closure another
# machine is asked about until its diagnosis counts the visit; the floor is one such question when nothing is new.
import datetime
import json
import pathlib
import statistics
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy/lib"))

import fleet  # noqa: E402
from people import Phone, once  # noqa: E402
from world import World, wait_for  # noqa: E402

ROUNDS, CODE, CAUSE = 40, "j1939-102-3", "causes/map-sensor-open"


def organisation():
    data = fleet.demo()
    press = next(asset for asset in data["assets"] if asset["name"] == "assets/press-1")
    data["assets"] += [{**press, "name": f"assets/press-{n}"} for n in range(2, ROUNDS + 2)]
    now = datetime.datetime.utcnow()
    data["shifts"] = [{"name": f"shifts/li-{day}", "engineer": "engineers/li",
                       "starts_at": f"{now + datetime.timedelta(days=day, hours=-1):%FT%TZ}",
                       "ends_at": f"{now + datetime.timedelta(days=day, hours=15):%FT%TZ}"} for day in range(5)]
    for line in data["stock"]:
        line["on_hand"] = 1000
    return data


class Question:
    """What is said of a machine that shows the code now."""

    def __init__(self, world):
        self.cases, self.learnt = world.dispatcher.CaseService, 0

    def ask(self):
        case = self.cases.CreateCase(asset="assets/press-1", summary="only asking", codes=[CODE], request_id=once())
        self.learnt = self.cases.GetDiagnosis(name=case.diagnosis).visits_learnt
        self.cases.CancelCase(name=case.name, reason="only asking", request_id=once())
        return self.learnt

    def seconds(self, until):
        begun = time.perf_counter()
        wait_for(f"{until} visits are learnt", lambda: self.ask() >= until)
        return time.perf_counter() - begun


def close_a_case(world, phone, number):
    cases = world.dispatcher.CaseService
    asset = f"assets/press-{number + 2}"
    case = cases.CreateCase(asset=asset, summary="it stutters", codes=[CODE], request_id=once()).name
    phone.do_visit(phone.wait_offer(asset=asset), [CAUSE], ["parts/map-sensor"])
    cases.ConfirmCase(name=case, solved=True, channel="phone", request_id=once())


def main(bin_dir):
    with World(bin_dir, manual_clock=False) as world:
        fleet.load(world.admin, organisation())
        phone, question = Phone(world, "li"), Question(world)
        phone.wait_synced()
        question.ask()
        seen, floor = [], []
        for number in range(ROUNDS):
            close_a_case(world, phone, number)
            seen.append(question.seconds(number + 1))
            floor.append(question.seconds(number + 1))
        phone.close()
    for metric, of in (("p50", statistics.median), ("max", max)):
        value, least = of(seen) * 1e6, of(floor) * 1e6
        print(json.dumps({"bench": "learn_visible", "metric": metric, "value": round(value), "unit": "us",
                          "floor": round(least), "ratio": round(value / least, 2)}))


if __name__ == "__main__":
    main(sys.argv[1])
