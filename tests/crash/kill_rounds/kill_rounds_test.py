"""kill -9 of broker, firstfixd and agents at random moments, under load; afterwards every promise is checked.

FIRSTFIX_KILL_ROUNDS sets how often (default 4, the full test is 20), FIRSTFIX_KILL_SEED which moments; the seed is
printed, and the same seed makes the same choices (what the threads do between them is the machine's affair).
"""
import datetime
import os
import pathlib
import random
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(ROOT / "deploy/lib"), str(ROOT / "tests/stories")]

import fleet  # noqa: E402
from api import everything  # noqa: E402
from judge import OPEN_VISITS, Evidence, booked_twice, judge, over_reserved, streams_end_where_the_service_is  # noqa: E402
from load import LATCHED, RECURRING, Auditor, Customer, Talker, Watcher, Worker, failing_bus  # noqa: E402
from world import World, answered, wait_for  # noqa: E402

BIN = os.environ.get("FIRSTFIX_BIN", str(ROOT / "build/dev/bin"))
ROUNDS = int(os.environ.get("FIRSTFIX_KILL_ROUNDS") or 4)
SEED = int(os.environ.get("FIRSTFIX_KILL_SEED") or random.SystemRandom().getrandbits(32))
TALKERS, AGENTS, ENGINEERS, DAYS = 8, 3, 8, 5


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
        name = f"engineer-{n}"
        data["stock_locations"].append({"name": f"stockLocations/van-{name}", "kind": "STOCK_LOCATION_KIND_VAN", "territory": "territories/north"})
        data["engineers"].append({
            "name": f"engineers/{name}", "territory": "territories/north", "van": f"stockLocations/van-{name}",
            "home": {"latitude_deg": 52.4 + n / 40, "longitude_deg": 13.2 + n / 40},
            "skills": [{"skill": ("skills/diesel", "skills/driveline")[n % 2], "level": 3}]})
        data["stock"].append({"location": f"stockLocations/van-{name}", "part": "parts/map-sensor", "on_hand": 3})
        for day in range(DAYS):
            begin = now.replace(microsecond=0) + datetime.timedelta(days=day, hours=-1)
            data["shifts"].append({"name": f"shifts/{name}-{day}", "engineer": f"engineers/{name}", "starts_at": begin.isoformat() + "Z",
                                   "ends_at": (begin + datetime.timedelta(hours=14)).isoformat() + "Z"})
    return data


def asset(device):
    return {"name": f"assets/{device}", "model": "assetModels/truck-13l", "site": "sites/hill-farm-yard", "devices": [device]}


class KillRounds(unittest.TestCase):
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
        self.others = [Auditor(world, self.talkers, SEED), Customer(world, SEED)]
        self.watcher.start()
        wait_for("the watcher has the picture", lambda: self.watcher.cursor)
        for one in [*self.workers, *self.talkers, *self.others]:
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
        self.assertEqual(booked_twice(self.ask("DispatchService", "ListVisits")), [])
        self.assertEqual(over_reserved(self.ask("InventoryService", "ListStockLines")), [])

    def come_to_rest(self):
        """What was begun is finished: everything said has its receipt, everything captured has come, offers stand."""
        patient = {"name": "territories/north", "automation": "AUTOMATION_LEVEL_AUTOMATIC", "offer_timeout": {"seconds": 3600}}
        answered("UpdateTerritory", lambda: self.world.admin.FleetService.UpdateTerritory(territory=patient))
        for one in [*self.talkers, *self.workers, *self.others]:
            one.leave()
        for talker in self.talkers:
            self.others[0].look(talker)
            self.evidence.said[talker.name] = (talker.asset, talker.machine.epoch, talker.records)
        self.evidence.looks = self.others[0].looks
        wait_for("the agents' captures are read to their end", lambda: self.evidence.captured <= {
            (e.asset, e.code, e.component) for e in self.ask("CaseService", "ListFaultEpisodes")}, 120)

    def ask(self, service, method, **wanted):
        call = getattr(getattr(self.world.dispatcher, service), method)
        return answered(method, lambda: everything(call, **wanted))

    def take_stock(self):
        """Reads everything back, until the streams have told as much."""
        evidence, api = self.evidence, self.world.dispatcher.AdminService
        before = api.GetStatus().log_position
        evidence.episodes = self.ask("CaseService", "ListFaultEpisodes")
        evidence.cases = self.ask("CaseService", "ListCases")
        evidence.visits = self.ask("DispatchService", "ListVisits")
        evidence.offers = self.ask("DispatchService", "ListOffers")
        evidence.reservations = self.ask("InventoryService", "ListReservations")
        evidence.stock = self.ask("InventoryService", "ListStockLines")
        evidence.timelines = {case.name: [int(e.name.rsplit("/", 1)[1]) for e in self.ask(
            "CaseService", "ListTimelineEntries", case_name=case.name)] for case in evidence.cases}
        evidence.watched = list(self.watcher.told)
        evidence.work = {f"engineers/{worker.name}": list(worker.phone.told) for worker in self.workers}
        still = api.GetStatus().log_position == before
        return still and not streams_end_where_the_service_is(evidence)

    def test_nothing_is_lost_and_nothing_happens_twice(self):
        self.settle_in()
        for number in range(1, ROUNDS + 1):
            self.kill_one_round(number)
        self.come_to_rest()
        try:
            wait_for("the streams have told all that the service knows", self.take_stock, 60)
        except TimeoutError:
            pass  # the judge says what is missing
        self.watcher.leave()
        for worker in self.workers:
            worker.phone.close()
        self.tell()
        self.assertEqual(judge(self.evidence), [])

    def tell(self):
        evidence = self.evidence
        over = sum(v.state not in OPEN_VISITS for v in evidence.visits)
        print(f"{sum(len(records) for _, _, records in evidence.said.values())} records of {TALKERS} machines and {AGENTS} agents, "
              f"{len(evidence.episodes)} episodes, {len(evidence.cases)} cases, {len(evidence.visits)} visits ({over} over), "
              f"{len(evidence.offers)} offers, {sum(w.completed for w in self.workers)} visits completed "
              f"({sum(w.in_crews for w in self.workers)} by crews), {self.others[1].confirmed} cases confirmed, "
              f"{len(evidence.reservations)} reservations, {len(evidence.watched)} changes watched", flush=True)
        self.assertGreater(sum(w.completed for w in self.workers), 0, "nobody worked: the load is no load")


if __name__ == "__main__":
    unittest.main()
