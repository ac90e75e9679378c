"""A whole FirstFix on this machine: broker, firstfixd, agents; started, killed and started again at will.

The quickstart shows one to people; the tests live in one. Everything is in one directory, every port is free when
taken, and close() leaves nothing running.
"""
import pathlib
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import grpc

from api import ROOT, Api, serving

TENANT = "demo"
PATIENCE_S = 30


def free_port():
    """A port that nobody has, and that the system does not hand out by itself: else any program that connects somewhere
    between the look and the use could be given it."""
    while True:
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", random.randrange(10_000, 32_000)))
                return s.getsockname()[1]
            except OSError:  # taken
                pass


def wait_for(what, condition, seconds=PATIENCE_S):
    """Asks `condition` until it answers with something true, and returns that. Fails loudly with `what`."""
    end = time.monotonic() + seconds
    pause = 0.01
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s in vain: {what}")
        select_nothing(pause)
        pause = min(pause * 1.5, 0.25)


def answered(what, call):
    """Calls until the service is there to answer."""
    def attempt():
        try:
            return call(),
        except grpc.RpcError as error:
            if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
                return None
            raise
    return wait_for(f"{what} is answered", attempt)[0]


def select_nothing(seconds):
    """Gives the processor away between two looks at a thing of another process that cannot be waited for."""
    import select
    select.select([], [], [], seconds)


class Process:
    """A program that can be killed the hard way."""

    def __init__(self, name, command, log):
        self.name, self.command, self.log = name, [str(c) for c in command], log
        self.running = None

    def start(self):
        with open(self.log, "ab") as out:
            self.running = subprocess.Popen(self.command, stdout=out, stderr=out, stdin=subprocess.DEVNULL)

    def kill(self):
        self.running.send_signal(signal.SIGKILL)
        self.running.wait()

    def stop(self, seconds=15):
        """Asks it to end; returns its exit code."""
        if self.running is None or self.running.poll() is not None:
            return self.running.returncode if self.running else 0
        self.running.terminate()
        try:
            return self.running.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def alive(self):
        return self.running is not None and self.running.poll() is None


class World:
    def __init__(self, bin_dir, directory=None, manual_clock=True, clock_start="2026-03-02T08:00:00Z"):
        self.bin = pathlib.Path(bin_dir).resolve()
        self.dir = pathlib.Path(directory or tempfile.mkdtemp(prefix="firstfix-"))
        self.dir.mkdir(parents=True, exist_ok=True)
        self.mqtt_port, self.grpc_port = free_port(), free_port()
        self.address = f"127.0.0.1:{self.grpc_port}"
        self.manual_clock, self.clock_start = manual_clock, clock_start
        self.passwords = {"firstfixd": secrets.token_hex(16)}
        self.agents, self.apis = {}, {}
        self._write_config()
        self.broker = Process("broker", ["mosquitto", "-c", self.dir / "broker/mosquitto.conf"], self.dir / "broker.log")
        self.server = Process("firstfixd", [self.bin / "firstfixd", "--config", self.dir / "firstfixd.toml"], self.dir / "firstfixd.log")

    def __enter__(self):
        try:
            self.start()
            self.furnish()
        except BaseException:  # nobody calls __exit__ for what was never entered
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def furnish(self):
        """What there shall be besides, once everything runs; for worlds of a special kind."""

    # --- what is there ---
    def start(self):
        self.start_broker()
        self.start_server()

    def start_broker(self):
        self.broker.start()
        wait_for("the broker listens", lambda: self.connects(self.mqtt_port) or self._must_live(self.broker))

    def start_server(self):
        self.server.start()
        wait_for("firstfixd is SERVING", lambda: serving(self.address) or self._must_live(self.server))
        for api in self.apis.values():  # those that were connected before it was killed
            wait_for("everybody is connected again", api.serving)

    def close(self):
        for api in self.apis.values():
            api.close()
        self.apis = {}
        for process in [*self.agents.values(), self.server, self.broker]:
            process.stop()

    def erase(self):
        self.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    # --- who may ---
    def token(self, role, subject, tenant=TENANT):
        return subprocess.run([self.bin / "firstfix", "token", "--key-file", self.dir / "token.key", "--tenant", tenant,
                               "--role", role, "--subject", subject, "--hours", "87600"],
                              check=True, capture_output=True, text=True).stdout.strip()

    def api(self, role, subject, tenant=TENANT):
        key = (role, subject, tenant)
        if key not in self.apis:
            self.apis[key] = Api(self.address, self.token(role, subject, tenant))
        return self.apis[key]

    @property
    def admin(self):
        return self.api("admin", "admin")

    @property
    def dispatcher(self):
        return self.api("dispatcher", "dispatch/ann")

    def engineer(self, name):
        return self.api("engineer", f"engineers/{name}")

    def contact(self, name):
        return self.api("customer", f"contacts/{name}")

    def now(self):
        """Seconds since 1970 by the server's clock."""
        if not self.manual_clock:
            return time.time()
        return self.admin.AdminService.GetStatus().now.ToMicroseconds() / 1e6

    def advance(self, **by):
        """Moves the manual clock: advance(hours=3)."""
        from datetime import timedelta
        from google.protobuf.duration_pb2 import Duration
        duration = Duration()
        duration.FromTimedelta(timedelta(**by))
        return self.admin.AdminService.AdvanceClock(by=duration, timeout=120)

    # --- devices ---
    def add_device(self, device, tenant=TENANT):
        """Makes a broker user for the device and returns its password."""
        password = secrets.token_hex(16)
        self.passwords[f"{tenant}/{device}"] = password
        self._write_passwords()
        if self.broker.alive():
            self.broker.running.send_signal(signal.SIGHUP)
        return password

    def agent(self, device, *source, spool=None):
        """An agent process for the device, not started yet."""
        if f"{TENANT}/{device}" not in self.passwords:
            self.add_device(device)
        secret = self.dir / f"{device}.password"
        secret.write_text(self.passwords[f"{TENANT}/{device}"])
        spool = spool or self.dir / "spools" / device
        pathlib.Path(spool).mkdir(parents=True, exist_ok=True)
        process = Process(f"agent {device}", [
            self.bin / "firstfix-agent", "run", "--broker", f"tcp://127.0.0.1:{self.mqtt_port}", "--tenant", TENANT,
            "--device", device, "--user", f"{TENANT}/{device}", "--password-file", secret, "--spool", spool, *source],
            self.dir / f"agent-{device}.log")
        self.agents[device] = process
        return process

    # --- files ---
    def _write_config(self):
        broker = self.dir / "broker"
        (broker / "data").mkdir(parents=True, exist_ok=True)
        text = (ROOT / "deploy/broker/mosquitto.conf.in").read_text()
        for key, value in {"PORT": self.mqtt_port, "ADDRESS": "127.0.0.1", "DIR": broker}.items():
            text = text.replace(f"@{key}@", str(value))
        (broker / "mosquitto.conf").write_text(text + "user root\n" * (pathlib.Path("/proc/self").stat().st_uid == 0))
        shutil.copy(ROOT / "deploy/broker/acl", broker / "acl")
        (broker / "acl").chmod(0o600)
        self._write_passwords()
        (self.dir / "token.key").write_text(secrets.token_hex(32))
        (self.dir / "firstfixd.password").write_text(self.passwords["firstfixd"])
        clock = f'clock = "manual"\nclock_start = "{self.clock_start}"\n' if self.manual_clock else ""
        (self.dir / "firstfixd.toml").write_text(f'''environment = "test"
{clock}log_level = "info"
[store]
directory = "{self.dir}/store"
[auth]
token_key_file = "{self.dir}/token.key"
[grpc]
listen = "{self.address}"
[mqtt]
broker = "tcp://127.0.0.1:{self.mqtt_port}"
user = "firstfixd"
password_file = "{self.dir}/firstfixd.password"
''')

    def configure(self, toml):
        """Adds to firstfixd's configuration, before it is started."""
        with open(self.dir / "firstfixd.toml", "a") as config:
            config.write(toml)

    def _write_passwords(self):
        path = self.dir / "broker/passwd"
        path.write_text("".join(f"{user}:{password}\n" for user, password in self.passwords.items()))
        path.chmod(0o600)
        subprocess.run(["mosquitto_passwd", "-U", path], check=True, capture_output=True)

    @staticmethod
    def connects(port):
        with socket.socket() as s:
            return s.connect_ex(("127.0.0.1", port)) == 0

    @staticmethod
    def _must_live(process):
        if not process.alive():
            raise RuntimeError(f"{process.name} ended with code {process.running.returncode}; see {process.log}")
        return False
