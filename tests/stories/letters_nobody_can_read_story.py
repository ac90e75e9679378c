"""A gateway with a broken memory sent rubbish all night. The system it sent it to stopped at the third message, and the
fault that a machine next to it reported at four was never heard.

What cannot be read is refused for good, kept for people to look at with where it came from, why and how it begins; and
nothing else suffers by it.
"""
import random
import threading

import paho.mqtt.client as mqtt

from story import DEVICE, JSON, MAP_SENSOR, Machine, Story, main, wait_for


class LettersNobodyCanRead(Story):
    def rejects(self, api=None):
        return list((api or self.api).FleetService.ListRejects(page_size=1000).rejects)

    def refused(self, machine, payload, content_type=None, channel="faults"):
        """Sends it, and returns how it stands in the reject log."""
        before = {r.name for r in self.rejects()}
        machine.send_raw(payload, content_type, channel)
        return wait_for("it is in the reject log", lambda: next((r for r in self.rejects() if r.name not in before), None))

    def lives_on(self, machine):
        """The same machine, and another, are heard as ever."""
        self.assertTrue(self.world.server.alive(), "firstfixd died of it")
        machine.sequence = 0  # nothing of all that was taken
        machine.say(machine.worked(1))
        neighbour = self.machine("truck-8")
        neighbour.say(neighbour.fault(MAP_SENSOR))
        self.assertEqual(len(self.episodes(asset="assets/truck-8")), 1)

    def test_what_is_no_message_at_all(self):
        machine = self.machine()
        good = machine.batch(machine.worked(1)).SerializeToString()
        for payload, content_type, reason in (
                (b"\xff\xfe not a message", None, "not the protobuf"),
                (good[:-3], None, "not the protobuf"),
                (b"{}}", JSON, "not the JSON"),
                (b'{"epoch": "many"}', JSON, "not the JSON"),
                (good, JSON, "not the JSON"),
                (b"[" * 100_000, JSON, "not the JSON"),
                (b"\x2a\x00" * 50_000, None, "is not the topic's")):
            with self.subTest(payload=payload[:20], content_type=content_type):
                reject = self.refused(machine, payload, content_type)
                self.assertEqual((reject.topic, reject.size_bytes, reject.first_bytes),
                                 (machine.topic("faults"), len(payload), payload[:64]))
                self.assertIn(reason, reject.reason)
        self.lives_on(machine)

    def test_what_is_well_formed_but_cannot_be(self):
        machine = self.machine()

        def batch(*records, **changes):
            out = machine.batch(*records)
            for field, value in changes.items():
                setattr(out, field, value)
            return out

        def fault(sequence):
            return DEVICE.DeviceRecord(sequence=sequence, fault={"kind": "FAULT_CHANGE_KIND_ACTIVE", "code": MAP_SENSOR})

        def dropped(sequence, first, last):
            record = DEVICE.DeviceRecord(sequence=sequence)
            setattr(record.dropped, "from", first)
            record.dropped.to = last
            return record

        for name, out, reason in (
                ("another's", batch(fault(1), device="truck-8"), "is not the topic's"),
                ("no epoch", batch(fault(1), epoch=0), "epoch is 0"),
                ("nothing in it", batch(), "records is empty"),
                ("sequence 0", batch(fault(0)), "sequence 0"),
                ("a gap inside", batch(fault(1), fault(3)), "does not follow"),
                ("backwards", batch(fault(2), fault(1)), "does not follow"),
                ("dropped backwards", batch(dropped(5, 6, 5)), "dropped.from and .to"),
                ("dropped elsewhere", batch(dropped(5, 1, 4)), "dropped.from and .to"),
                ("too many", batch(*[fault(n) for n in range(1, 1002)]), "over 1000")):
            with self.subTest(name):
                self.assertIn(reason, self.refused(machine, out.SerializeToString()).reason)
                heard = machine.wait_receipt(lambda r: reason in r.reason)
                self.assertEqual(heard.durable_through, 0, "the device is told why, and has no receipt")
        self.assertEqual(self.episodes(), [])
        self.lives_on(machine)

    def test_a_bad_record_does_not_hold_up_the_others(self):
        machine = self.machine()
        bad = [machine.fault("No Such Code!"), machine.fault(""), machine.fault("x" * 65), machine.fault(MAP_SENSOR, "UNSPECIFIED"),
               machine.fault(MAP_SENSOR, text="x" * 501), machine.fault(MAP_SENSOR, component="Über"),
               machine.fault(MAP_SENSOR, readings={f"r{n}": n for n in range(33)}),
               machine.fault(MAP_SENSOR, readings={"r": float("nan")}),
               machine.fault(MAP_SENSOR, j1939={"spn": 2**20}), machine.record(),
               machine.record(operation=DEVICE.OperationReport(working=True, operating_s=float("inf")))]
        good = machine.fault(MAP_SENSOR)
        self.assertEqual(machine.say(*bad, good).durable_through, len(bad) + 1, "what can never be read is never asked for again")
        episode, = self.episodes()
        self.assertEqual(episode.sequence, good.sequence)
        rejects = self.rejects()
        self.assertEqual({r.topic for r in rejects}, {"devices/truck-7"})
        self.assertEqual({r.reason.split(":")[0] for r in rejects}, {f"record {n + 1}" for n in range(len(bad))})
        machine.until_durable(machine.said[0])
        self.assertEqual(len(self.rejects()), len(bad), "sent twice, listed once")

    def test_over_the_limit(self):
        machine = self.machine()
        reject = self.refused(machine, b"\x0a" + bytes(262_200))
        self.assertIn("over the limit of 262144", reject.reason)
        self.assertEqual((reject.size_bytes, len(reject.first_bytes)), (262_201, 64))
        self.lives_on(machine)

    def test_beyond_what_the_broker_takes(self):
        machine, loud = self.machine(), self.machine()
        gone = threading.Event()
        loud.client.on_disconnect = lambda *_: gone.set()
        loud.send_raw(bytes(400_000))
        self.assertTrue(gone.wait(20), "the broker shows it the door")
        self.lives_on(machine)

    def test_topics_that_are_none(self):
        """Names that the broker lets through and we do not: upper case, spaces, too long, another alphabet."""
        nobody = self.world.api("admin", "admin", "-")
        for n, (tenant, device) in enumerate((("demo", "Truck"), ("demo", "tr uck"), ("Demo", "truck"), ("demo", "x" * 65), ("demo", "车"))):
            with self.subTest(tenant=tenant, device=device):
                stray = Machine(self.world, device, tenant)
                self.machines.append(stray)
                stray.send(stray.batch(stray.fault(MAP_SENSOR)))
                wait_for("it is in nobody's reject log", lambda: len(self.rejects(nobody)) == n + 1)
                self.assertIn("not 1 to 64 characters", self.rejects(nobody)[-1].reason)
        self.assertEqual(self.rejects(), [], "a tenant that the topic only resembles does not see it")

    def test_nobody_writes_under_another_s_name(self):
        """The broker, as we configure it, is what makes a topic trustworthy."""
        thief, one_s_own = self.machine("truck-8"), self.machine("truck-8")
        thief.client.publish("firstfix/v1/demo/truck-7/faults", thief.batch(thief.fault(MAP_SENSOR)).SerializeToString(), qos=1)
        thief.client.publish("firstfix/v1/other/truck-8/faults", thief.batch(thief.fault(MAP_SENSOR)).SerializeToString(), qos=1)
        one_s_own.say(one_s_own.fault(MAP_SENSOR))
        self.assertEqual([e.asset for e in self.episodes()], ["assets/truck-8"])
        self.assertEqual(self.rejects(), [])

    def test_without_a_password_nobody_is_let_in(self):
        refused = []
        for user, password in ((None, None), ("demo/truck-7", "guess"), ("firstfixd", "")):
            client = mqtt.Client(client_id="stranger", protocol=mqtt.MQTTv5)
            if user:
                client.username_pw_set(user, password)
            client.on_connect = lambda *args: refused.append(args[3].value)
            client.connect("127.0.0.1", self.world.mqtt_port)
            wait_for("the broker answers", lambda: client.loop(0.1) is not None and refused)
            self.assertGreaterEqual(refused.pop(), 128)

    def test_a_night_of_rubbish(self):
        """Hundreds of messages, each a good one with a few bytes changed."""
        machine, dice = self.machine(), random.Random(1)
        good = machine.batch(*[machine.fault(MAP_SENSOR, occurrence_count=n) for n in range(5)], machine.worked(3)).SerializeToString()
        for n in range(300):
            rubbish = bytearray(good)
            for _ in range(dice.randint(1, 6)):
                rubbish[dice.randrange(len(rubbish))] = dice.randrange(256)
            machine.send_raw(bytes(rubbish[:dice.randint(1, len(rubbish))]), channel=dice.choice(("faults", "faults", "state")))
        self.lives_on(machine)


if __name__ == "__main__":
    main()
