"""What the benches of the path are about: a service organisation of fifty engineers and as many machines as wanted.

Five territories of ten engineers with their vans, forty sites each; twenty causes behind forty fault codes; a checklist
of ten steps a visit. Everything is offered automatically. Written through the public API into a World with the
system's clock.
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy/lib"))

import fleet  # noqa: E402
from world import TENANT, World  # noqa: E402

TERRITORIES, ENGINEERS, SITES = 5, 50, 200
CODES, CAUSES, PARTS, SKILLS = 40, 20, 20, 4
DAYS = 8
USER = "bench"  # one broker user that may speak for every device


def money(millis):
    return {"currency": "EUR", "millis": str(millis)}


def place(territory, number):
    """Some sixty by sixty kilometres a territory."""
    return {"latitude_deg": 50 + territory * 0.6 + (number * 37 % 100) * 0.005,
            "longitude_deg": 8 + (number * 61 % 100) * 0.008}


def knowledge():
    yield "skills", [{"name": f"skills/s{i}", "display_name": f"Skill {i}"} for i in range(SKILLS)]
    yield "parts", [{"name": f"parts/p{i}", "display_name": f"Part {i}", "carry_cost": money(3000)} for i in range(PARTS)]
    yield "fault_codes", [{"name": f"faultCodes/j1939-{100 + i}-3", "display_name": f"Signal {i}: voltage above normal",
                           "severity": "SEVERITY_MAJOR", "alarm_class": "ALARM_CLASS_ALARM"} for i in range(CODES)]
    steps = ["CONFIRM", "PHOTO", "CONFIRM", "READING", "CONFIRM", "SCAN", "CONFIRM", "PHOTO", "CONFIRM", "SIGNATURE"]

    def standard(name, kind, numbers):
        return {"name": f"serviceStandards/{name}", "display_name": name, "kind": f"STANDARD_KIND_{kind}", "steps": [
            {"id": f"step-{n}", "kind": f"STEP_KIND_{steps[n]}", "mandatory": True,
             "title": {"text": {"en": f"Step {n} of every visit, said in one plain sentence", "zh-Hans": f"第 {n} 步"}}}
            | ({"maximum": 5, "unit": "V"} if steps[n] == "READING" else {}) for n in numbers]}
    yield "standards", [standard("opening", "OPENING", range(0, 2)), standard("isolate", "SAFETY", range(2, 3)),
                        standard("replace", "REPAIR", range(3, 7)), standard("closing", "CLOSING", range(7, 10))]
    yield "causes", [{"name": f"causes/c{i}", "display_name": f"Sensor {i} open or shorted high",
                      "codes": [{"code": f"faultCodes/j1939-{100 + 2 * i + k}-3", "probability": 0.9 - 0.3 * k} for k in (0, 1)],
                      "parts": [{"part": f"parts/p{i % PARTS}", "probability": 0.85, "quantity": 1},
                                {"part": f"parts/p{(i + 1) % PARTS}", "probability": 0.2, "quantity": 1}],
                      "skills": [{"skill": f"skills/s{i % SKILLS}", "level": 1 + i % 3}], "repair_time": "2700s", "rate": 3,
                      "repair_standard": "serviceStandards/replace"} for i in range(CAUSES)]


def workforce(now):
    engineers, locations, stock, shifts = [], [], [], []
    for t in range(TERRITORIES):
        locations.append({"name": f"stockLocations/depot-{t}", "kind": "STOCK_LOCATION_KIND_DEPOT",
                          "territory": f"territories/t{t}", "position": place(t, 50)})
    for e in range(ENGINEERS):
        t = e % TERRITORIES
        locations.append({"name": f"stockLocations/van-{e}", "kind": "STOCK_LOCATION_KIND_VAN"})
        engineers.append({"name": f"engineers/e{e}", "display_name": f"Engineer {e}", "territory": f"territories/t{t}",
                          "van": f"stockLocations/van-{e}", "home": place(t, e), "language": "en",
                          "skills": [{"skill": f"skills/s{(e // TERRITORIES + k) % SKILLS}", "level": 3 + k} for k in (0, 1)]})
        for day in range(DAYS):  # half of them by day, half of them by night
            begin = now + datetime.timedelta(days=day, hours=12 * (e % 2) - 1)
            shifts.append({"name": f"shifts/e{e}-{day}", "engineer": f"engineers/e{e}", "starts_at": begin.isoformat() + "Z",
                           "ends_at": (begin + datetime.timedelta(hours=12)).isoformat() + "Z"})
    for location in locations:
        stock += [{"location": location["name"], "part": f"parts/p{p}", "on_hand": 5000} for p in range(PARTS)]
    return {"stock_locations": locations, "engineers": engineers, "shifts": shifts, "stock": stock}


def organisation(machines):
    now = datetime.datetime.utcnow().replace(microsecond=0)
    data = dict(knowledge()) | workforce(now)
    data["customers"] = [{"name": f"customers/k{i}", "display_name": f"Customer {i}", "response_time": "14400s",
                          "restore_time": "86400s", "second_visit_cost": money(420000)} for i in range(SITES)]
    data["territories"] = [{"name": f"territories/t{t}", "display_name": f"Territory {t}", "offer_timeout": "86400s",
                            "automation": "AUTOMATION_LEVEL_AUTOMATIC", "time_zone": "Europe/Berlin"} for t in range(TERRITORIES)]
    data["sites"] = [{"name": f"sites/s{i}", "display_name": f"Yard {i}", "customer": f"customers/k{i}",
                      "territory": f"territories/t{i % TERRITORIES}", "position": place(i % TERRITORIES, i)} for i in range(SITES)]
    data["asset_models"] = [{"name": "assetModels/truck", "display_name": "Truck", "family": "truck", "proving_time": "1200s"}]
    data["assets"] = [{"name": f"assets/m{i}", "display_name": f"Machine {i}", "model": "assetModels/truck",
                       "site": f"sites/s{i % SITES}", "devices": [f"m{i}"]} for i in range(machines)]
    return data


class ServiceAtWork(World):
    """The organisation in a running world, for `with`. Its broker lets one user speak for all devices."""

    def __init__(self, bin_dir, machines):
        super().__init__(bin_dir, manual_clock=False)
        self.machines = machines
        secret = self.add_device(USER)
        (self.dir / "bench.password").write_text(secret)
        acl = self.dir / "broker/acl"
        acl.write_text(acl.read_text() + f"\nuser {TENANT}/{USER}\ntopic readwrite firstfix/v1/#\ntopic readwrite floor/#\n")

    def furnish(self):
        fleet.load(self.admin, organisation(self.machines))
        tokens = [self.token("dispatcher", "dispatch/ann")]
        tokens += [self.token("engineer", f"engineers/e{e}") for e in range(ENGINEERS)]
        (self.dir / "tokens").write_text("\n".join(tokens) + "\n")

    def __exit__(self, *_):
        self.erase()

    def account_arguments(self):
        return ["--broker", f"tcp://127.0.0.1:{self.mqtt_port}", "--user", f"{TENANT}/{USER}",
                "--password-file", self.dir / "bench.password"]
