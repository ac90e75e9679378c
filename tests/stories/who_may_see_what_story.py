"""A customer changed one digit in the address and read another customer's order, with the engineer's home address on it.

Who asks is known, for one tenant, in one role, for a time. Tenants never meet; a customer sees the own cases and of
those what is meant for customers; and a test's clock cannot be switched on where real people wait.
"""
import subprocess
import time

import grpc
from google.protobuf.duration_pb2 import Duration

from story import MAP_SENSOR, Api, Story, fleet, main, once, wait_for


class WhoMaySeeWhat(Story):
    def organisation(self, data):
        data["customers"].append({"name": "customers/mill", "display_name": "The Mill"})
        data["contacts"].append({"name": "contacts/tom", "display_name": "Tom", "customer": "customers/mill"})

    def broken(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        return self.case()

    def with_token(self, token):
        api = Api(self.world.address, token)
        self.addCleanup(api.close)
        return api

    # --- who asks ---
    def test_without_a_good_token_nobody_gets_anything(self):
        good = self.world.token("dispatcher", "dispatch/ann")
        head, body, signature = good.split(".")
        forged = ".".join((head, self.world.token("admin", "admin").split(".")[1], signature))
        unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + body + "."
        for name, token in (("none", ""), ("nonsense", "nonsense"), ("forged", forged), ("unsigned", unsigned), ("cut", good[:-4]),
                            ("long", "x" * 5_000)):
            with self.subTest(name):
                api = self.with_token(token)
                self.assert_refused(grpc.StatusCode.UNAUTHENTICATED, api.CaseService.ListCases)
                with self.assertRaises(grpc.RpcError) as caught:
                    next(api.CaseService.WatchCases())
                self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAUTHENTICATED)
                self.assert_refused(grpc.StatusCode.UNAUTHENTICATED, api.EngineerService.UploadBlob, requests=[{"data": b"x"}])

    def test_a_token_of_another_key(self):
        other = self.world.dir / "other.key"
        other.write_text("0" * 64)
        token = subprocess.run([self.world.bin / "firstfix", "token", "--key-file", other, "--tenant", "demo", "--role", "admin",
                                "--subject", "admin"], check=True, capture_output=True, text=True).stdout.strip()
        self.assert_refused(grpc.StatusCode.UNAUTHENTICATED, self.with_token(token).CaseService.ListCases)

    def test_a_token_ends(self):
        token = subprocess.run([self.world.bin / "firstfix", "token", "--key-file", self.world.dir / "token.key", "--tenant", "demo",
                                "--role", "dispatcher", "--subject", "dispatch/ann", "--hours", "1"],
                               check=True, capture_output=True, text=True).stdout.strip()
        api = self.with_token(token)
        api.CaseService.ListCases()
        self.advance(seconds=max(0, time.time() - self.world.now()) + 3601)  # tokens are signed by the real clock
        self.assert_refused(grpc.StatusCode.UNAUTHENTICATED, api.CaseService.ListCases, says="expired")

    def test_each_role_does_its_own(self):
        case = self.broken()
        li, mary = self.world.engineer("li"), self.world.contact("mary")
        for call, fields in ((li.CaseService.CancelCase, {"name": case.name, "reason": "x"}), (li.FleetService.UpdateAsset, {}),
                             (li.AdminService.AdvanceClock, {}), (li.CaseService.ConfirmCase, {"name": case.name, "solved": True}),
                             (mary.CaseService.ApproveCase, {"name": case.name}), (mary.FleetService.ListAssets, {}),
                             (mary.EngineerService.ListWork, {}), (mary.InventoryService.ListStockLines, {}),
                             (self.api.EngineerService.AcceptOffer, {"name": "offers/x"}), (self.api.AdminService.AdvanceClock, {}),
                             (self.api.FleetService.UpdateAsset, {})):
            self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, call, says="may not call", **fields)

    # --- what is seen ---
    def test_a_customer_sees_the_own_cases_only(self):
        case = self.broken()
        mary, tom = (self.world.contact(name).CaseService for name in ("mary", "tom"))
        self.assertEqual([c.name for c in mary.ListCases().cases], [case.name])
        self.assertEqual(list(tom.ListCases().cases), [])
        for call, fields in ((tom.GetCase, {"name": case.name}), (tom.ListTimelineEntries, {"case_name": case.name}),
                             (tom.ConfirmCase, {"name": case.name, "solved": True, "request_id": once()}),
                             (tom.CreateCase, {"asset": "assets/press-1", "summary": "mine now", "request_id": once()})):
            self.assert_refused(grpc.StatusCode.NOT_FOUND, call, **fields)
        stranger = self.world.contact("nobody").CaseService
        self.assertEqual(list(stranger.ListCases().cases), [])

    def test_and_of_those_what_is_meant_for_customers(self):
        case = self.broken()
        seen = self.world.contact("mary").CaseService.GetCase(name=case.name)
        self.assertEqual((seen.summary, seen.state, seen.visit), (case.summary, case.state, case.visit))
        self.assertEqual((seen.territory, seen.diagnosis, seen.parts_plan, seen.owner, seen.timeline_count), ("", "", "", "", 0))
        self.assertTrue(case.territory and case.diagnosis and case.parts_plan and case.owner, "a dispatcher sees all of that")

    def test_a_home_address_is_for_leads(self):
        self.assertFalse(self.api.WorkforceService.GetEngineer(name="engineers/li").HasField("home"))
        self.assertFalse(self.world.engineer("zoe").WorkforceService.GetEngineer(name="engineers/li").HasField("home"))
        self.assertTrue(self.world.api("lead", "lead/kim").WorkforceService.GetEngineer(name="engineers/li").HasField("home"))

    def test_an_engineer_s_stream_is_the_own_work(self):
        self.broken()
        engineer = self.visit_of(self.case().name).engineer.split("/")[1]
        other = self.phone({"li": "zoe", "zoe": "li"}[engineer])
        self.assertEqual((other.offers, other.visits), ({}, {}))

    # --- tenants ---
    def test_tenants_never_meet(self):
        case = self.broken()
        machine = self.machine("truck-7", tenant="other")
        self.assertIn("no asset claims", machine.say(machine.fault(MAP_SENSOR)).reason, "the same device id, another's device")
        theirs = self.world.api("admin", "admin", "other")
        self.assertEqual(list(theirs.CaseService.ListCases().cases), [])
        self.assert_refused(grpc.StatusCode.NOT_FOUND, theirs.CaseService.GetCase, name=case.name)
        self.assert_refused(grpc.StatusCode.NOT_FOUND, theirs.CaseService.CancelCase, name=case.name, reason="x", request_id=once())
        self.assertEqual([d.epoch for d in theirs.FleetService.ListDevices().devices], [machine.epoch])
        self.assertNotEqual(self.api.FleetService.GetDevice(name="devices/truck-7").epoch, machine.epoch)
        data = fleet.demo()
        data["shifts"] = []
        fleet.load(theirs, data)  # the same names, another organisation
        wait_for("what was held for it is acted upon", lambda: list(theirs.CaseService.ListCases().cases))
        self.assertEqual(len(theirs.CaseService.ListCases().cases), 1)
        self.assertEqual([c.name for c in self.cases()], [case.name])

    def test_a_cursor_of_another_tenant_leads_nowhere(self):
        self.broken()
        call = self.api.CaseService.WatchCases()
        cursor = next(event.cursor for event in call if event.cursor)
        call.cancel()
        with self.assertRaises(grpc.RpcError) as caught:
            next(self.world.api("dispatcher", "dispatch/ann", "other").CaseService.WatchCases(cursor=cursor))
        self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)

    # --- the clock ---
    def test_a_manual_clock_is_refused_in_production(self):
        config = (self.world.dir / "firstfixd.toml").read_text()
        for environment in ('environment = "production"', ""):
            path = self.world.dir / "production.toml"
            path.write_text(config.replace('environment = "test"', environment).replace("/store", "/other-store"))
            ended = subprocess.run([self.world.bin / "firstfixd", "--config", path], capture_output=True, text=True, timeout=20)
            self.assertEqual(ended.returncode, 2)
            self.assertIn('clock = "manual" is for tests', ended.stderr)

    def test_time_does_not_run_backwards(self):
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, self.world.admin.AdminService.AdvanceClock, by=Duration(seconds=-1))
        before = self.world.now()
        self.advance(hours=5)
        self.world.server.kill()
        self.world.start_server()
        self.assertEqual(self.world.now(), before + 5 * 3600, "not over a restart either")


if __name__ == "__main__":
    main()
