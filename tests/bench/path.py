"""Runs path_bench, which measures both ends of the path of a fault, in a world made for it."""
import subprocess
import sys

from service_at_work import CODES, ServiceAtWork
from world import Process, free_port, wait_for


def run(bench, bin_dir, machines, arguments=()):
    with ServiceAtWork(bin_dir, machines) as world:
        port = free_port()
        listen = f"127.0.0.1:{port}"
        account = world.account_arguments()
        floor = Process("floor", [world.bin / "path_floor", *account, "--directory", world.dir / "floor", "--listen", listen],
                        world.dir / "floor.log")
        floor.start()
        try:
            wait_for("the floor listens", lambda: world.connects(port))
            command = [world.bin / "path_bench", *account, "--server", world.address, "--floor", listen,
                       "--tokens", world.dir / "tokens", "--store", world.dir / "store", "--machines", machines,
                       "--codes", CODES, bench, *arguments]
            done = subprocess.run([str(word) for word in command])
        finally:
            floor.kill()
        if done.returncode:
            print((world.dir / "firstfixd.log").read_text()[-2000:], file=sys.stderr)
            sys.exit(done.returncode)
