"""The truck was in a valley without a network for two days, its battery was pulled twice, and the gateway's card was
swapped at the workshop. What it had seen there was never heard of again.

The agent keeps everything on disk until FirstFix has it on disk. It goes on where it was after any end, says what it had
to drop if it is away too long, and begins a new epoch if its spool is lost or an old copy of itself.
"""
import json
import shutil

from story import Story, main, wait_for

UNITS = "unit-{}"


class TheTruckWasOutOfReach(Story):
    def changes(self, name, changes):
        """A file of ready-made changes, as another program of the machine would write it; the agent's source."""
        path = self.world.dir / name
        path.write_text("".join(json.dumps(change) + "\n" for change in changes))
        return f"json:{path}"

    def raises(self, first, last, code="pump-overheat"):
        return [{"code": code, "component": UNITS.format(n)} for n in range(first, last + 1)]

    def run_agent(self, source, *options):
        """Runs the agent until all of the source is durable at FirstFix."""
        agent = self.world.agent("truck-7", "--source", source, "--exit-when-delivered", *options)
        agent.start()
        self.assertEqual(agent.running.wait(60), 0, agent.log.read_text()[-2000:])

    def spool_it(self, source, *options):
        """Runs the agent out of reach until it has read its source; then its power goes."""
        agent = self.world.agent("truck-7", "--source", source, *options)
        agent.start()
        wait_for("the source is read", lambda: "at its end" in agent.log.read_text())
        agent.kill()
        agent.log.unlink()

    def device(self):
        return self.api.FleetService.GetDevice(name="devices/truck-7")

    def units(self):
        return sorted(int(e.component.split("-")[1]) for e in self.episodes(asset="assets/truck-7"))

    def test_two_days_without_a_network(self):
        source = self.changes("night.jsonl", self.raises(1, 200))
        self.world.add_device("truck-7")
        self.world.broker.kill()
        self.spool_it(source)
        self.world.start_broker()
        self.run_agent(source)
        self.assertEqual(self.units(), list(range(1, 201)))
        self.assertEqual((self.device().durable_through, self.device().dropped_count), (200, 0))
        self.assertEqual(len(self.cases()), 1)

    def test_power_cuts_on_the_way(self):
        source = self.changes("drive.jsonl", [{**change, "after_s": 0.02} for change in self.raises(1, 100)])
        agent = self.world.agent("truck-7", "--source", source)
        for upto in (20, 40, 60):
            agent.start()
            wait_for(f"unit {upto} is heard", lambda: len(self.units()) >= upto)
            agent.kill()
        self.run_agent(source)
        self.assertEqual(self.units(), list(range(1, 101)), "each once, none missing")

    def test_a_spool_that_is_full_says_what_it_dropped(self):
        source = self.changes("flood.jsonl", [{**change, "text": "x" * 500} for change in self.raises(1, 300)])
        self.world.add_device("truck-7")
        self.world.broker.kill()
        self.spool_it(source, "--spool-limit", "131072")
        self.world.start_broker()
        self.run_agent(source, "--spool-limit", "131072")
        device, there = self.device(), self.units()
        self.assertEqual(device.durable_through, 300, "a drop has its sequence like anything else")
        self.assertGreater(device.dropped_count, 0)
        self.assertEqual(device.dropped_count + len(there), 300, "everything is either here or said to be dropped")
        self.assertEqual(there, list(range(300 - len(there) + 1, 301)), "the oldest went first")

    def test_a_spool_that_is_lost_is_a_new_epoch(self):
        self.run_agent(self.changes("a.jsonl", self.raises(1, 3)))
        first = self.device()
        shutil.rmtree(self.world.dir / "spools/truck-7")
        self.run_agent(self.changes("b.jsonl", self.raises(2, 5)))
        second = self.device()
        self.assertNotEqual(second.epoch, first.epoch)
        self.assertEqual((second.durable_through, second.quarantine_reason), (4, ""))
        self.assertEqual(self.units(), [1, 2, 3, 4, 5], "what was active is not raised anew")

    def test_an_old_copy_of_the_spool_loses_nothing_and_repeats_nothing(self):
        """A backup of the card is put back: its next sequences have been used for other records."""
        self.run_agent(self.changes("a.jsonl", self.raises(1, 3)))
        shutil.copytree(self.world.dir / "spools/truck-7", self.world.dir / "backup")
        self.run_agent(self.changes("b.jsonl", self.raises(4, 10)))
        shutil.rmtree(self.world.dir / "spools/truck-7")
        shutil.copytree(self.world.dir / "backup", self.world.dir / "spools/truck-7")
        self.run_agent(self.changes("c.jsonl", self.raises(11, 14)))
        self.assertEqual(self.units(), list(range(1, 15)))

    def test_firstfix_away_is_no_reason_to_forget(self):
        source = self.changes("a.jsonl", self.raises(1, 50))
        agent = self.world.agent("truck-7", "--source", source)
        self.world.server.kill()
        agent.start()
        wait_for("the source is read", lambda: "at its end" in agent.log.read_text())
        self.world.broker.kill()  # with everything that was queued in it
        self.world.start_broker()
        self.world.start_server()
        wait_for("everything is heard", lambda: self.units() == list(range(1, 51)))

    def test_whether_it_is_there(self):
        agent = self.world.agent("truck-7", "--source", self.changes("a.jsonl", self.raises(1, 1)))
        agent.start()
        wait_for("the device is there", lambda: self.units() and self.device().connected)
        self.assertEqual(agent.stop(), 0)
        wait_for("it has said goodbye", lambda: not self.device().connected)
        agent.start()
        wait_for("it is back", lambda: self.device().connected)
        agent.kill()
        wait_for("the broker says that it is gone", lambda: not self.device().connected)

    def test_a_source_with_bad_lines(self):
        path = self.world.dir / "mixed.jsonl"
        path.write_bytes(b'{"code": "pump-overheat", "component": "unit-1"}\nnot json\n{"code": "No Good"}\n\xff\xfe\n{"spn": 999999999, "fmi": 1}\n'
                         b'{"code": "pump-overheat", "component": "unit-2"}\n')
        self.run_agent(f"json:{path}")
        self.assertEqual(self.units(), [1, 2])


if __name__ == "__main__":
    main()
