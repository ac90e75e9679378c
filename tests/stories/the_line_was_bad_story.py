"""The telematics line was bad: messages came twice, late, in the wrong order, or with the clock of another year. In the
old system each of them was an alarm of its own, and the one that mattered was not among them.

Every record counts once. What is missing is asked for, what is wrong is put right with a reason, what was lost for good
is said to be.
"""
import json

from google.protobuf.json_format import MessageToDict

from story import JSON, MAP_SENSOR, OUTPUT_SPEED, Story, main, wait_for

YEAR = 365 * 24 * 3600


class TheLineWasBad(Story):
    def device(self, name="truck-7"):
        return self.api.FleetService.GetDevice(name=f"devices/{name}")

    # --- twice, late, in the wrong order ---
    def test_what_comes_twice_counts_once(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        for _ in range(20):
            machine.send(machine.said[0])
        machine.say(machine.fault(MAP_SENSOR, "CLEARED"))
        machine.say(machine.fault(MAP_SENSOR))
        for batch in machine.said * 3:
            machine.send(batch)
        machine.say(machine.worked(1))
        episode, = self.episodes()
        self.assertEqual((episode.raise_count, len(self.cases())), (2, 1))

    def test_a_gap_is_asked_for_and_nothing_behind_it_is_called_durable(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        lost = machine.batch(machine.fault(OUTPUT_SPEED, component="sa-3"))
        late = machine.batch(machine.fault(OUTPUT_SPEED, component="sa-4"))
        machine.send(late)
        receipt = machine.wait_receipt(lambda r: r.HasField("resend_from"))
        self.assertEqual((receipt.durable_through, receipt.resend_from), (1, 2))
        self.assertEqual(len(self.episodes()), 1, "what is behind the gap has not happened yet")
        machine.until_durable(lost)
        machine.until_durable(late)
        self.assertEqual(len(self.episodes()), 3)

    def test_batches_cut_differently_the_second_time(self):
        machine = self.machine()
        records = [machine.fault(OUTPUT_SPEED, component=f"sa-{n}") for n in range(6)]
        machine.until_durable(machine.batch(*records[:2]))
        machine.until_durable(machine.batch(*records[1:4]))
        machine.until_durable(machine.batch(*records))
        self.assertEqual([e.sequence for e in sorted(self.episodes(), key=lambda e: e.sequence)], [1, 2, 3, 4, 5, 6])

    # --- the wrong clock ---
    def test_a_clock_a_year_off_is_measured_and_put_right(self):
        for device, error in (("truck-7", YEAR), ("truck-8", -YEAR - 3600)):
            with self.subTest(device=device):
                machine = self.machine(device, clock_error=error)
                now = int(self.world.now())
                machine.say(machine.fault(MAP_SENSOR, at=machine.now() - 60))
                episode, = self.episodes(asset=f"assets/{device}")
                self.assertAlmostEqual(episode.raised_at.seconds, now - 60, delta=1, msg="a minute ago by our clock")
                self.assertEqual(episode.received_at.seconds, now)
                self.assertAlmostEqual(self.device(device).clock_offset.seconds, error, delta=1)

    def test_a_batch_that_waited_at_the_broker_keeps_its_time(self):
        machine = self.machine()
        machine.say(machine.worked(1))
        batch, happened = machine.batch(machine.fault(MAP_SENSOR)), int(self.world.now())
        self.advance(hours=3)  # firstfixd was away; the broker kept it
        machine.until_durable(batch)
        self.assertAlmostEqual(self.episodes()[0].raised_at.seconds, happened, delta=3 * 36 + 1)

    def test_a_time_that_cannot_be_is_replaced_and_the_episode_says_so(self):
        machine = self.machine()
        now = int(self.world.now())
        for n, at in enumerate((now + 3600, now - 2 * YEAR, 0, -62135596800, 253402300799)):
            with self.subTest(at=at):
                machine.say(machine.fault(OUTPUT_SPEED, component=f"sa-{n}", at=at))
                episode = next(e for e in self.episodes() if e.component == f"sa-{n}")
                self.assertEqual(episode.raised_at.seconds, now)
                self.assertIn("the time of receipt is taken", episode.rule)

    def test_times_beyond_all_calendars_do_no_harm(self):
        machine = self.machine()
        for n, seconds in enumerate((2**62, -2**62, 2**63 - 1, -2**63)):
            record = machine.fault(OUTPUT_SPEED, component=f"sa-{n}")
            record.occurred_at.seconds = seconds
            batch = machine.batch(record)
            batch.sent_at.seconds = -seconds - 1
            batch.epoch_started_at.seconds = seconds
            machine.until_durable(batch)
        self.assertEqual(len(self.episodes()), 4)
        self.assertEqual({e.raised_at.seconds for e in self.episodes()}, {int(self.world.now())})

    # --- lost for good ---
    def test_what_the_device_had_to_drop_shows_on_it(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        machine.sequence = 41  # the spool was full: 2 to 42 are gone
        gone = machine.record()
        setattr(gone.dropped, "from", 2)
        gone.dropped.to, gone.dropped.reason = 42, "the spool is full"
        machine.say(gone, machine.fault(OUTPUT_SPEED, component="sa-3"))
        device = self.device()
        self.assertEqual((device.durable_through, device.dropped_count), (43, 41))
        self.assertEqual(len(self.episodes()), 2)
        case = self.case().name
        self.assertTrue(any("41 records" in line and "the spool is full" in line for line in self.timeline(case)),
                        "who looks at the case sees that something is missing")

    def test_what_was_here_before_it_was_dropped_is_not_counted_as_lost(self):
        machine = self.machine()
        machine.say(*[machine.worked(1) for _ in range(10)])  # the receipt is lost on the way
        machine.sequence = 14
        gone = machine.record()
        setattr(gone.dropped, "from", 6)
        gone.dropped.to, gone.dropped.reason = 15, "the spool is full"
        machine.say(gone)
        self.assertEqual((self.device().durable_through, self.device().dropped_count), (15, 5))

    # --- other ways to say it ---
    def test_json_is_as_good_as_protobuf(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR, occurrence_count=3, readings={"coolant_c": 93.5}), content_type=JSON)
        machine.say(machine.fault(MAP_SENSOR, "UPDATED", occurrence_count=4))
        episode, = self.episodes()
        self.assertEqual((episode.code, episode.occurrence_count, episode.sequence), (MAP_SENSOR, 4, 1))

    def test_json_from_a_newer_agent(self):
        machine = self.machine()
        batch = MessageToDict(machine.batch(machine.fault(MAP_SENSOR)))
        batch["signature"] = {"of": "next year"}
        machine.send_raw(json.dumps(batch), JSON)
        wait_for("the fault is there", self.episodes)

    def test_a_dead_line_does_not_make_the_machine_work(self):
        """The last will says that the machine is silent; its proving stops until it speaks again."""
        machine = self.machine()
        machine.send_raw(b"\x08\x01", channel="state")
        machine.say(machine.worked(10))
        self.assertTrue(self.device().working)
        machine.send_raw(b"", channel="state")       # a retained state taken away says nothing
        machine.send_raw(b"\x08\x00", channel="state")
        wait_for("the device is away", lambda: not self.device().connected)
        self.assertFalse(self.device().working)


if __name__ == "__main__":
    main()
