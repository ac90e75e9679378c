"""kill -9 of broker, firstfixd and agents at random moments, under load; afterwards every promise is checked.

FIRSTFIX_KILL_ROUNDS sets how often (default 4, the full test is 20), FIRSTFIX_KILL_SEED which moments; the seed is
printed, and the same seed makes the same choices (what the threads do between them is the machine's affair).
"""
import collections
import datetime
import os
import pathlib
import random
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(ROOT / "deploy/lib"), str(ROOT / "tests/stories")]

import fleet  # noqa: E402
from api import everything  # noqa: E402
from bookers import Booker, Unhurried  # noqa: E402
from judge import Evidence, booked_twice, judge, over_reserved, streams_end_where_the_service_is  # noqa: E402
from load import LATCHED, RECURRING, Auditor, Customer, Talker, Watcher, Worker, failing_bus  # noqa: E402
from states import APPOINTMENT, HELD, OPEN_VISITS  # noqa: E402
from world import World, answered, wait_for  # noqa: E402

BIN = os.environ.get("FIRSTFIX_BIN", str(ROOT / "build/dev/bin"))
ROUNDS = int(os.environ.get("FIRSTFIX_KILL_ROUNDS") or 4)
SEED = int(os.environ.get("FIRSTFIX_KILL_SEED") or random.SystemRandom().getrandbits(32))
TALKERS, AGENTS, ENGINEERS, DAYS = 8, 3, 8, 5
BOOKERS, UNHURRIED = 8, 4  # customers with appointments, and the engineers of their territory
PATIENT = {  # as the territories are before all is compared: automation offers, and offers stand
    "name": "territories/north", "automation": "AUTOMATION_LEVEL_AUTOMATIC", "offer_timeout": {"seconds": 3600}}


def organisation(now):
    """The demo's organisation, with more engineers, machines and parts, and no patience with unanswered offers."""
    data = fleet.demo()
    data["territories"][0]["offer_timeout"] = "4s"
    data["asset_models"][0]["proving_time"] = "5s"
    for code in data["fault_codes"]:
        code["off_delay"] = {f"faultCodes/{LATCHED}": "86400s", f"faultCodes/{RECURRING}": "0s"}.get(code["name"], "10s")
    # What recurs takes two skills that nobody has both of: a crew goes.
    next(c for c in data["causes"] if c["name"] == "causes/output-speed-lost")["skills"].append({"skill": "skills/diesel", "level": 1})
    for n in range(TALKERS):
        data["assets"].append(asset(f"talker-{n}"))
    for n in range(AGENTS):
        data["assets"].append(asset(f"rig-{n}"))
    for n in range(ENGINEERS):
        hire(data, now, f"engineer-{n}", "territories/north", 52.4 + n / 40, ("skills/diesel", "skills/driveline")[n % 2], sensors=3)
    open_the_south(data, now)
    return data


def open_the_south(data, now):
    """A territory where customers make appointments: time and parts are scarce, a hold is short, and vans may meet."""
    data["territories"].append({**data["territories"][0], "name": "territories/south", "appointment_hold": "60s", "hand_over": "300s"})
    data["sites"].append({**data["sites"][0], "name": "sites/south-yard", "territory": "territories/south",
                          "position": {"latitude_deg": 51.6, "longitude_deg": 13.3}})
    data["stock_locations"].append({"name": "stockLocations/depot-south", "kind": "STOCK_LOCATION_KIND_DEPOT", "territory": "territories/south",
                                    "position": {"latitude_deg": 51.55, "longitude_deg": 13.37}})
    data["stock"] += [{"location": "stockLocations/depot-south", "part": f"parts/{part}", "on_hand": BOOKERS // 2}
                      for part in ("map-sensor", "sensor-harness")]
    for n in range(BOOKERS):
        data["assets"].append({**asset(f"booker-{n}"), "site": "sites/south-yard", "devices": []})
    for n in range(UNHURRIED):
        hire(data, now, f"unhurried-{n}", "territories/south", 51.5 + n / 20, "skills/diesel", sensors=1)


def hire(data, now, name, territory, latitude_deg, skill, sensors):
    """An engineer with a van and shifts for days."""
    van = f"stockLocations/van-{name}"
    data["stock_locations"].append({"name": van, "kind": "STOCK_LOCATION_KIND_VAN", "territory": territory})
    data["engineers"].append({
        "name": f"engineers/{name}", "territory": territory, "van": van, "skills": [{"skill": skill, "level": 3}],
        "home": {"latitude_deg": latitude_deg, "longitude_deg": latitude_deg - 39.2}})
    data["stock"].append({"location": van, "part": "parts/map-sensor", "on_hand": sensors})
    for day in range(DAYS):
        begin = now.replace(microsecond=0) + datetime.timedelta(days=day, hours=-1)
        data["shifts"].append({"name": f"shifts/{name}-{day}", "engineer": f"engineers/{name}", "starts_at": begin.isoformat() + "Z",
                               "ends_at": (begin + datetime.timedelta(hours=14)).isoformat() + "Z"})


def asset(device):
    return {"name": f"assets/{device}", "model": "assetModels/truck-13l", "site": "sites/hill-farm-yard", "devices": [device]}


class KillRounds(unittest.TestCase):
    maxDiff = None  # all that the judge has to say

    def setUp(self):
        print(f"seed {SEED}, {ROUNDS} rounds: FIRSTFIX_KILL_SEED={SEED} makes the same choices", flush=True)
        self.random = random.Random(SEED)
        self.world = World(BIN, manual_clock=False)
        self.addCleanup(self._leave)
        self.world.start()
        fleet.load(self.world.admin, organisation(datetime.datetime.utcnow()))
        self.evidence = Evidence(latched={LATCHED})
        for line in everything(self.world.dispatcher.InventoryService.ListStockLines):
            self.evidence.stock_before[line.location, line.part] = line.on_hand

    def _leave(self):
        if self.world.server.running and self.world.server.running.poll() not in (None, 0, -9):
            print(f"firstfixd ended with {self.world.server.running.returncode}")
        if any(test is self for test, _ in [*self._outcome.result.errors, *self._outcome.result.failures]):
            print((self.world.dir / "firstfixd.log").read_text()[-5000:])
        self.world.erase()

    def settle_in(self):
        """Everybody moves in. The watcher first: it sees every case from its beginning."""
        world = self.world
        self.watcher = Watcher(world, SEED)
        self.workers = [Worker(world, f"engineer-{n}", SEED) for n in range(ENGINEERS)]
        for n in range(AGENTS):
            world.add_device(f"rig-{n}")
        # Every other machine has nothing latched, so that it can recover and its case can close.
        self.talkers = [Talker(world, f"assets/talker-{n}", f"talker-{n}", SEED, (LATCHED, RECURRING)[n % 2:]) for n in range(TALKERS)]
        self.workers += [Unhurried(world, f"unhurried-{n}", SEED) for n in range(UNHURRIED)]
        self.bookers = [Booker(world, f"booker-{n}", LATCHED, SEED) for n in range(BOOKERS)]
        self.others = [Auditor(world, self.talkers, SEED), Customer(world, SEED)]
        self.watcher.start()
        wait_for("the watcher has the picture", lambda: self.watcher.cursor)
        for one in [*self.workers, *self.talkers, *self.bookers, *self.others]:
            one.start()
        for n in range(AGENTS):
            capture = world.dir / f"rig-{n}.log"
            text, found = failing_bus(units=30, seconds=20 * ROUNDS + 60)
            capture.write_text(text)
            self.evidence.captured |= {(f"assets/rig-{n}", *fault) for fault in found}
            world.agent(f"rig-{n}", "--source", f"can-log:{capture},speed=10").start()

    def kill_one_round(self, number):
        world = self.world
        victims = self.random.choice(("server", "server", "broker", "agents", "server broker", "server broker agents")).split()
        self.talkers[0].leaving.wait(self.random.uniform(0.1, 2.0))  # the random moment
        self.assertTrue(world.server.alive(), "firstfixd died by itself")
        if "agents" in victims:
            for agent in world.agents.values():
                agent.kill()
        if "server" in victims:
            world.server.kill()
        if "broker" in victims:
            world.broker.kill()
        print(f"round {number}: killed {' and '.join(victims)}", flush=True)
        comes_back = {"broker": world.start_broker, "server": world.start_server,
                      "agents": lambda: [agent.start() for agent in world.agents.values()]}
        for victim in self.random.sample(victims, len(victims)):
            comes_back[victim]()
        self.everybody_has_looked_back()
        self.assertEqual(booked_twice(self.ask("DispatchService", "ListVisits")), [])
        self.assertEqual(over_reserved(self.ask("InventoryService", "ListStockLines")), [])

    def everybody_has_looked_back(self):
        """Every customer has looked at the appointments once more since now."""
        turns = {booker: booker.turns for booker in self.bookers}
        wait_for("all customers have looked back", lambda: all(
            booker.turns > turns[booker] + 1 or booker.error for booker in self.bookers))

    def come_to_rest(self):
        """What was begun is finished: everything said has its receipt, everything captured has come, offers stand."""
        for territory in (PATIENT, {**PATIENT, "name": "territories/south", "hand_over": {"seconds": 300}, "appointment_hold": {"seconds": 60}}):
            answered("UpdateTerritory", lambda: self.world.admin.FleetService.UpdateTerritory(territory=territory))
        for one in [*self.talkers, *self.bookers, *self.workers, *self.others]:
            one.leave()
        for talker in self.talkers:
            self.others[0].look(talker)
            self.evidence.said[talker.name] = (talker.asset, talker.machine.epoch, talker.records)
        self.evidence.looks = self.others[0].looks
        for booker in self.bookers:
            booker.testify(self.evidence)
        wait_for("the agents' captures are read to their end", lambda: self.evidence.captured <= {
            (e.asset, e.code, e.component) for e in self.ask("CaseService", "ListFaultEpisodes")}, 120)

    def ask(self, service, method, **wanted):
        call = getattr(getattr(self.world.dispatcher, service), method)
        return answered(method, lambda: everything(call, **wanted))

    def take_stock(self):
        """Reads everything back, until the streams have told as much."""
        evidence, api = self.evidence, self.world.dispatcher.AdminService
        before = answered("GetStatus", api.GetStatus).log_position
        evidence.read_from = time.time()
        evidence.episodes = self.ask("CaseService", "ListFaultEpisodes")
        evidence.cases = self.ask("CaseService", "ListCases")
        evidence.visits = self.ask("DispatchService", "ListVisits")
        evidence.offers = self.ask("DispatchService", "ListOffers")
        evidence.reservations = self.ask("InventoryService", "ListReservations")
        evidence.appointments = self.ask("AppointmentService", "ListAppointments")
        evidence.work_lists = {f"engineers/{worker.name}": worker.phone.work() for worker in self.workers}
        evidence.stock = self.ask("InventoryService", "ListStockLines")
        evidence.timelines = {case.name: [int(e.name.rsplit("/", 1)[1]) for e in self.ask(
            "CaseService", "ListTimelineEntries", case_name=case.name)] for case in evidence.cases}
        evidence.watched = list(self.watcher.told)
        evidence.work = {f"engineers/{worker.name}": list(worker.phone.told) for worker in self.workers}
        evidence.read_until = time.time()
        still = api.GetStatus().log_position == before
        return still and not streams_end_where_the_service_is(evidence)

    def test_nothing_is_lost_and_nothing_happens_twice(self):
        self.settle_in()
        for number in range(1, ROUNDS + 1):
            self.kill_one_round(number)
        self.come_to_rest()
        self.compare()
        self.tell()
        self.let_holds_end_while_nobody_is_there()
        self.compare()
        self.assertEqual([one.name for one in self.evidence.appointments if one.state == HELD], [])
        self.watcher.leave()
        for worker in self.workers:
            worker.phone.close()

    def compare(self):
        """What is there, with what was said and told."""
        try:
            wait_for("the streams have told all that the service knows", self.take_stock, 60)
        except TimeoutError:
            pass  # the judge says what is missing
        self.assertEqual(judge(self.evidence), [])

    def let_holds_end_while_nobody_is_there(self):
        """Killed once more, and started only when the time of what is held is up."""
        held = [one for one in self.evidence.appointments if one.state == HELD]
        self.world.server.kill()
        ends = max((one.hold_expires_at.ToMicroseconds() / 1e6 for one in held), default=0)
        wait_for("the holds' time is up", lambda: time.time() > ends, 90)
        self.world.start_server()
        print(f"{len(held)} appointments were held when firstfixd was killed, until their time was up", flush=True)
        wait_for("no hold is left", lambda: not self.ask("AppointmentService", "ListAppointments", state=HELD))

    def tell(self):
        evidence = self.evidence
        over = sum(v.state not in OPEN_VISITS for v in evidence.visits)
        print(f"{sum(len(records) for _, _, records in evidence.said.values())} records of {TALKERS} machines and {AGENTS} agents, "
              f"{len(evidence.episodes)} episodes, {len(evidence.cases)} cases, {len(evidence.visits)} visits ({over} over), "
              f"{len(evidence.offers)} offers, {sum(w.completed for w in self.workers)} visits completed "
              f"({sum(w.in_crews for w in self.workers)} by crews), {self.others[1].confirmed} cases confirmed, "
              f"{len(evidence.reservations)} reservations, {len(evidence.watched)} changes watched", flush=True)
        done = sum((booker.done for booker in self.bookers), collections.Counter())
        states = collections.Counter(APPOINTMENT.AppointmentState.Name(one.state)[18:].lower() for one in evidence.appointments)
        print(f"customers: {told(done)}, {len(evidence.appointment_looks)} looks back, {len(evidence.repeated)} requests repeated; "
              f"{len(evidence.appointments)} appointments: {told(states)}", flush=True)
        self.assertGreater(sum(w.completed for w in self.workers), 0, "nobody worked: the load is no load")
        self.assertTrue(done["booked"], "nobody booked: the load is no load")


def told(counter):
    return ", ".join(f"{n} {what}" for what, n in sorted(counter.items()))


if __name__ == "__main__":
    unittest.main()
