"""A gateway was fitted on Friday; on Monday somebody entered the machine it belongs to. Three faults were gone by then.
Elsewhere a spare gateway was set up with a copy of another one's identity, and two machines spoke with one voice.

A device that nobody has claimed is heard, kept and listed, and acted upon as soon as a machine claims it. Two devices
under one name are kept apart until a person has decided.
"""
import grpc

from story import MAP_SENSOR, OUTPUT_SPEED, Story, main, wait_for


class WhoIsThisDevice(Story):
    def claim(self, device, asset="assets/truck-9"):
        return self.world.admin.FleetService.UpdateAsset(asset={
            "name": asset, "model": "assetModels/truck-13l", "site": "sites/hill-farm-yard", "devices": [device] if device else []})

    def device(self, name):
        return self.api.FleetService.GetDevice(name=f"devices/{name}")

    def held(self):
        return list(self.api.FleetService.ListQuarantinedBatches(page_size=1000).quarantined_batches)

    def settled(self, device):
        """Once a claim has been acted upon, nothing of the device is held."""
        wait_for(f"nothing of {device} is held", lambda: not [b for b in self.held() if b.device == device])

    # --- nobody knows it ---
    def test_it_is_kept_listed_and_told_so(self):
        machine = self.machine("truck-9")
        receipt = machine.say(machine.fault(MAP_SENSOR), machine.fault(OUTPUT_SPEED, component="sa-3"))
        self.assertIn("no asset claims this device", receipt.reason)
        device = self.device("truck-9")
        self.assertEqual((device.asset, device.durable_through), ("", 2))
        batch, = self.held()
        self.assertEqual((batch.device, batch.record_count, batch.first_sequence, batch.last_sequence), ("truck-9", 2, 1, 2))
        self.assertEqual(self.episodes(), [], "and acted upon by nobody")
        self.assertEqual(self.cases(), [])

    def test_a_claim_acts_upon_all_that_was_kept_in_order(self):
        machine = self.machine("truck-9")
        for n in range(50):  # more than is released at once
            machine.say(machine.fault(OUTPUT_SPEED, component=f"unit-{n}"))
        machine.say(machine.fault(MAP_SENSOR), machine.fault(MAP_SENSOR, "CLEARED"))
        self.world.server.kill()
        self.world.start_server()
        self.assertEqual(len(self.held()), 51)
        self.claim("truck-9")
        self.settled("truck-9")
        self.assertEqual(sorted(e.sequence for e in self.episodes(asset="assets/truck-9")), list(range(1, 52)))
        case, = self.cases(asset="assets/truck-9")
        self.assertEqual(case.episode_count, 51)
        self.assertEqual(self.device("truck-9").asset, "assets/truck-9")
        self.assertIn("", [machine.say(machine.worked(1)).reason], "from now on it is like any other")

    def test_what_is_said_between_two_batches_is_not_acted_upon_twice(self):
        """Batches cut differently when they are sent again overlap; each record counts once all the same."""
        machine = self.machine("truck-9")
        a, b, c, d = (machine.fault(MAP_SENSOR), machine.fault(MAP_SENSOR, "CLEARED"), machine.fault(MAP_SENSOR),
                      machine.fault(MAP_SENSOR, "CLEARED"))
        for records in ((a, b), (a, b, c), (b, c, d), (d,)):
            machine.until_durable(machine.batch(*records))
        self.advance(minutes=1)
        self.claim("truck-9")
        self.settled("truck-9")
        episode, = self.episodes()
        self.assertEqual(episode.raise_count, 2)

    def test_faults_keep_their_time_although_nobody_listened_for_days(self):
        machine = self.machine("truck-9")
        happened = int(self.world.now())
        machine.say(machine.fault(MAP_SENSOR))
        self.advance(days=3)
        self.claim("truck-9")
        self.settled("truck-9")
        episode, = self.episodes()
        self.assertEqual(episode.raised_at.seconds, happened)
        self.assertEqual(self.api.CaseService.GetCase(name=episode.case_name).opened_at.seconds, happened, "the customer's clock ran")

    def test_what_is_too_much_stays_with_the_device(self):
        machine = self.machine("truck-9")
        for n in range(1010):
            machine.send(machine.batch(machine.fault(MAP_SENSOR, "UPDATED")))
        refused = machine.wait_receipt(lambda r: "keep the rest" in r.reason)
        self.assertTrue(refused)
        self.assertEqual(refused.durable_through, 1000, "no receipt for what is not kept")
        self.assertEqual(self.device("truck-9").durable_through, 1000)
        self.claim("truck-9")
        self.settled("truck-9")
        rest = machine.batch(*machine_records(machine, 1001, 1010))
        self.assertEqual(machine.until_durable(rest).durable_through, 1010)

    def test_a_device_speaks_for_one_machine(self):
        self.assert_refused(grpc.StatusCode.ALREADY_EXISTS, self.claim, says="speaks for assets/truck-7", device="truck-7")

    # --- two under one name ---
    def test_two_live_epochs_are_kept_apart(self):
        first = self.machine("truck-7", epoch_started=1_700_000_000)
        first.say(first.fault(MAP_SENSOR))
        second = self.machine("truck-7", epoch_started=1_600_000_000)  # an old spool, or another device
        receipt = second.say(second.fault(OUTPUT_SPEED, component="sa-3"))
        self.assertEqual(receipt.epoch, second.epoch)
        self.assertIn("two live epochs", receipt.reason)
        self.assertIn("two live epochs", self.device("truck-7").quarantine_reason)
        receipt = first.say(first.fault(OUTPUT_SPEED, component="sa-4"))
        self.assertIn("two live epochs", receipt.reason, "nobody can tell which of them speaks for the machine")
        self.assertEqual([e.sequence for e in self.episodes()], [1], "what came since then is held")
        self.assertEqual(len(self.held()), 2)

    def test_a_gap_is_asked_for_from_the_other_epoch_too(self):
        first = self.machine("truck-7", epoch_started=1_700_000_000)
        first.say(first.fault(MAP_SENSOR))
        second = self.machine("truck-7", epoch_started=1_600_000_000)
        lost, came = (second.batch(second.fault(OUTPUT_SPEED, component=f"sa-{n}")) for n in (3, 4))
        second.send(came)
        receipt = second.wait_receipt(lambda r: r.epoch == second.epoch)
        self.assertEqual((receipt.durable_through, receipt.resend_from), (0, 1), "a receipt covers nothing that did not come")
        second.until_durable(second.batch(*lost.records, *came.records))
        self.assertEqual([(b.first_sequence, b.last_sequence) for b in self.held()], [(1, 2)])

    def test_a_person_decides_and_nothing_is_lost(self):
        """The machine is given to the device anew: then whoever spoke last goes on, and all that was held counts."""
        first = self.machine("truck-7", epoch_started=1_700_000_000)
        first.say(first.fault(MAP_SENSOR))
        second = self.machine("truck-7", epoch_started=1_600_000_000)
        second.say(second.fault(OUTPUT_SPEED, component="sa-3"))
        self.claim("", "assets/truck-7")
        self.claim("truck-7", "assets/truck-7")
        self.settled("truck-7")
        device = self.device("truck-7")
        self.assertEqual((device.quarantine_reason, device.epoch, device.durable_through), ("", second.epoch, 1))
        self.assertEqual(second.say(second.fault(OUTPUT_SPEED, component="sa-4")).reason, "")
        self.assertEqual(sorted(e.component for e in self.episodes()), ["sa-0", "sa-3", "sa-4"])

    def test_a_lost_spool_is_a_new_epoch_and_no_riddle(self):
        first = self.machine("truck-7", epoch_started=1_600_000_000)
        first.say(first.fault(MAP_SENSOR))
        second = self.machine("truck-7", epoch_started=1_700_000_000)
        self.assertEqual(second.say(second.fault(MAP_SENSOR, "UPDATED")).reason, "")
        device = self.device("truck-7")
        self.assertEqual((device.epoch, device.durable_through, device.quarantine_reason), (second.epoch, 1, ""))
        self.assertEqual(len(self.episodes()), 1, "the same fault, told by a new spool, is no new fault")


def machine_records(machine, first, last):
    machine.sequence = first - 1
    return [machine.fault(MAP_SENSOR, "UPDATED") for _ in range(first, last + 1)]


if __name__ == "__main__":
    main()
