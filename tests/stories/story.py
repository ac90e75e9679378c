"""What every story begins with: a small service organisation at eight on a Monday morning, running for real."""
import os
import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[2] / "deploy/lib")]

import grpc  # noqa: E402

import fleet  # noqa: E402
from api import Api, v1  # noqa: E402
from machine import DEVICE, JSON, Machine, case_of  # noqa: E402
from people import Phone, once, photo  # noqa: E402
from world import Process, World, answered, wait_for  # noqa: E402

CASE, VISIT, INVENTORY, FLEET = v1["case"], v1["visit"], v1["inventory"], v1["fleet"]
BIN = os.environ.get("FIRSTFIX_BIN", str(pathlib.Path(__file__).resolve().parents[2] / "build/dev/bin"))
MONDAY = "2026-03-02T08:00:00Z"
MAP_SENSOR = "j1939-102-3"     # li and zoe can mend it, omar cannot
OUTPUT_SPEED = "j1939-191-9"   # omar and zoe can mend it, li cannot


def day_shifts(days=10):
    """Everybody works from six to eighteen, every day."""
    import datetime
    first = datetime.datetime(2026, 3, 2)
    for engineer in ("li", "omar", "zoe"):
        for day in range(days):
            date = first + datetime.timedelta(days=day)
            yield {"name": f"shifts/{engineer}-{date:%Y%m%d}", "engineer": f"engineers/{engineer}",
                   "starts_at": f"{date:%Y-%m-%d}T06:00:00Z", "ends_at": f"{date:%Y-%m-%d}T18:00:00Z"}


class Story(unittest.TestCase):
    """A world of its own for every test; what differs from the demo's organisation is said in `organisation`."""

    def organisation(self, data):
        """Changes the organisation before it is loaded."""

    def configuration(self):
        """What firstfixd's configuration says besides."""
        return ""

    def setUp(self):
        self.world = World(BIN, clock_start=MONDAY)
        self.world.configure(self.configuration())
        self.addCleanup(self._leave)
        self.phones, self.machines = [], []
        self.world.start()
        data = fleet.demo()
        data["shifts"] = list(day_shifts())
        self.organisation(data)
        self.data = data
        fleet.load(self.world.admin, data)
        self.api = self.world.dispatcher

    def _leave(self):
        for one in [*self.phones, *self.machines]:
            one.close()
        if any(test is self for test, _ in [*self._outcome.result.errors, *self._outcome.result.failures]):
            print((self.world.dir / "firstfixd.log").read_text()[-3000:], file=sys.stderr)
        self.world.erase()

    # --- who takes part ---
    def machine(self, device="truck-7", **more):
        self.machines.append(Machine(self.world, device, **more))
        return self.machines[-1]

    def phone(self, engineer="li"):
        self.phones.append(Phone(self.world, engineer))
        self.phones[-1].wait_synced()
        return self.phones[-1]

    # --- what is so ---
    def case(self, asset="assets/truck-7"):
        return case_of(self.world, asset)

    def cases(self, **wanted):
        return list(self.api.CaseService.ListCases(page_size=1000, **wanted).cases)

    def episodes(self, **wanted):
        return list(self.api.CaseService.ListFaultEpisodes(page_size=1000, **wanted).fault_episodes)

    def timeline(self, case):
        return [e.text for e in self.api.CaseService.ListTimelineEntries(case_name=case, page_size=1000).timeline_entries]

    def visit_of(self, case):
        return self.api.DispatchService.GetVisit(name=self.api.CaseService.GetCase(name=case).visit)

    def state(self, case):
        return CASE.CaseState.Name(self.api.CaseService.GetCase(name=case).state).removeprefix("CASE_STATE_").lower()

    def assert_refused(self, code, call, *, says="", **fields):
        """The call fails with this gRPC status, and its message says what."""
        with self.assertRaises(grpc.RpcError) as caught:
            call(**fields)
        self.assertEqual(caught.exception.code(), code, caught.exception.details())
        self.assertIn(says, caught.exception.details())

    # --- what often happens ---
    def mend(self, phone, asset="assets/truck-7", causes=("causes/map-sensor-open",), parts=("parts/map-sensor",), **more):
        """The engineer takes the open offer for the asset and does the whole visit."""
        offer = phone.wait_offer(asset=asset)
        return phone.do_visit(offer, list(causes), list(parts), **more)

    def advance(self, **by):
        return self.world.advance(**by)


main = unittest.main
