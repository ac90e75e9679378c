"""Nobody listens in: the way of a fault over TLS, and what a stranger's certificate is worth.

The broker asks for certificates, firstfixd answers over TLS, and who calls may be named by the certificate alone. A
machine or a person with a certificate of another authority gets nowhere, and neither does a broker with one.
"""
import pathlib
import subprocess
import unittest

import grpc
from story import BIN, CASE, MONDAY, day_shifts, main

import captures
import fleet
from api import ROOT, Api, serving
from world import TENANT, World, wait_for


class SecureWorld(World):
    """As any world, over TLS."""

    def certificate(self, authority, *what):
        subprocess.run([ROOT / "deploy/make-certificates", self.dir / authority, *what], check=True)
        return {"cert_file": self.dir / authority / f"{what[1]}.crt", "key_file": self.dir / authority / f"{what[1]}.key"}

    @property
    def authority(self):
        return self.dir / "ours/ca.crt"

    def _write_config(self):
        super()._write_config()
        ours = self.dir / "ours"
        self.certificate("ours", "server", "server", "localhost", "127.0.0.1")
        self.certificate("ours", "client", "firstfixd")
        broker = self.dir / "broker/mosquitto.conf"
        broker.write_text(broker.read_text() + f"cafile {self.authority}\ncertfile {ours}/server.crt\n"
                                               f"keyfile {ours}/server.key\nrequire_certificate true\n")
        config = self.dir / "firstfixd.toml"
        config.write_text(config.read_text().replace('broker = "tcp://', f'''ca_file = "{self.authority}"
cert_file = "{ours}/firstfixd.crt"
key_file = "{ours}/firstfixd.key"
broker = "ssl://''').replace("[grpc]\n", f'''[grpc]
cert_file = "{ours}/server.crt"
key_file = "{ours}/server.key"
client_ca_file = "{self.authority}"
client_certificate = "optional"
'''))

    def start_server(self):
        self.server.start()
        wait_for("firstfixd is SERVING",
                 lambda: serving(self.address, ca_file=self.authority) or self._must_live(self.server))

    def api(self, role, subject, tenant=TENANT):
        key = (role, subject, tenant)
        if key not in self.apis:
            self.apis[key] = Api(self.address, self.token(role, subject, tenant), self.authority)
        return self.apis[key]

    def agent_over_tls(self, device, source, trusts, certificate):
        process = self.agent(device, "--source", source)
        process.command = [c.replace("tcp://", "ssl://") for c in process.command] + [
            "--ca-file", str(trusts), "--cert", str(certificate["cert_file"]), "--key", str(certificate["key_file"])]
        return process


class NobodyListensIn(unittest.TestCase):
    def setUp(self):
        self.world = SecureWorld(BIN, clock_start=MONDAY)
        self.addCleanup(self.world.erase)
        self.world.start()
        data = fleet.demo()
        data["shifts"] = list(day_shifts())
        fleet.load(self.world.admin, data)
        capture = self.world.dir / "drive.log"
        capture.write_text(captures.drive(20, fault_from=2))
        self.source = f"can-log:{capture},speed=max"

    def as_certificate(self, authority, name, uri):
        api = Api(self.world.address, "", self.world.authority,
                  **self.world.certificate(authority, "client", name, uri))
        self.addCleanup(api.close)
        return api

    def test_the_way_of_a_fault_over_tls(self):
        mine = self.world.certificate("ours", "client", "truck-7")
        self.world.agent_over_tls("truck-7", self.source, self.world.authority, mine).start()
        ann = self.as_certificate("ours", "ann", f"firstfix://{TENANT}/dispatcher/dispatch/ann")
        case = wait_for("the fault is a case", lambda: list(ann.CaseService.ListCases().cases))[0]
        self.assertEqual(case.asset, "assets/truck-7")
        self.assertIn(case.state, (CASE.CASE_STATE_OFFERED, CASE.CASE_STATE_PROPOSED))

        li = self.as_certificate("ours", "li", f"firstfix://{TENANT}/engineer/engineers/li")
        self.assertEqual(li.CaseService.GetCase(name=case.name).name, case.name)
        with self.assertRaises(grpc.RpcError) as refused:
            li.CaseService.CancelCase(name=case.name, reason="not mine")
        self.assertEqual(refused.exception.code(), grpc.StatusCode.PERMISSION_DENIED, "the certificate names a role too")

    def test_a_strangers_certificate_is_worth_nothing(self):
        mallory = self.as_certificate("theirs", "mallory", f"firstfix://{TENANT}/admin/mallory")
        with self.assertRaises(grpc.RpcError) as refused:
            mallory.FleetService.ListSites()
        self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.assert_never_connects("truck-7", self.world.authority, self.world.certificate("theirs", "client", "truck-7"))

    def test_an_agent_does_not_talk_to_a_strangers_broker(self):
        mine = self.world.certificate("ours", "client", "truck-7")
        self.world.certificate("theirs", "client", "anybody")
        self.assert_never_connects("truck-7", self.world.dir / "theirs/ca.crt", mine)

    def assert_never_connects(self, device, trusts, certificate):
        """It tries, is refused, tries again; firstfixd never hears of it."""
        agent = self.world.agent_over_tls(device, self.source, trusts, certificate)
        agent.start()
        wait_for("the agent tries again", lambda: pathlib.Path(agent.log).read_text().count("trying again") >= 2)
        self.assertNotIn("connected to", pathlib.Path(agent.log).read_text())
        self.assertEqual(list(self.world.admin.FleetService.ListDevices().devices), [])
        self.assertEqual(list(self.world.admin.CaseService.ListCases().cases), [])


if __name__ == "__main__":
    main()
