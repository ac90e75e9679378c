"""A loose plug chattered all night. In the morning there were a thousand alarms on the screen, a thousand orders behind
them, and under them the one about the brakes.

One fault is one episode and one machine's trouble is one case, with counts. What is too short to matter raises nothing,
and what is a recurrence is told from what is an echo, however late it is heard.
"""
from story import CASE, MAP_SENSOR, OUTPUT_SPEED, VISIT, Story, main

SLOW = "j1939-102-4"  # counts after a minute


class AThousandAlarms(Story):
    def organisation(self, data):
        for code in data["fault_codes"]:
            if code["name"].endswith(SLOW):
                code.update(on_delay="60s", off_delay="300s")
            if code["name"].endswith("789-2"):
                code["alarm_class"] = "ALARM_CLASS_EVENT"

    def again(self):
        """firstfixd dies and comes back."""
        self.world.server.kill()
        self.world.start_server()

    def test_chattering_is_one_episode_with_a_count(self):
        machine = self.machine()
        for _ in range(100):
            machine.say(machine.fault(MAP_SENSOR), machine.fault(MAP_SENSOR, "CLEARED"))
            self.advance(seconds=5)
        episode, = self.episodes()
        self.assertEqual(episode.raise_count, 100)
        self.assertEqual(len(self.api.DispatchService.ListVisits().visits), 1, "and one visit")
        self.advance(seconds=10)
        self.assertEqual(self.episodes()[0].state, CASE.EPISODE_STATE_CLEARED)
        machine.say(machine.fault(MAP_SENSOR))
        self.assertEqual(len(self.episodes()), 2, "after the off-delay it is a recurrence")
        self.assertEqual(len(self.cases()), 1, "of the same trouble")

    def test_the_same_told_late_comes_to_the_same(self):
        """A truck without a network tells its night in the morning, in one batch or in many."""
        for device, at_once in (("truck-7", True), ("truck-8", False)):
            machine, now, records = self.machine(device), self.world.now(), []
            for n in range(20):  # seven times within the off-delay, then a pause
                begin = now - 3600 + 12 * n + 60 * (n // 7)
                records += [machine.fault(MAP_SENSOR, at=begin), machine.fault(MAP_SENSOR, "CLEARED", at=begin + 3)]
            if at_once:
                machine.say(*records)
            for record in [] if at_once else records:
                machine.say(record)
            counts = sorted((e.raise_count for e in self.episodes(asset=f"assets/{device}")), reverse=True)
            self.assertEqual(counts, [7, 7, 6], device)

    def test_what_is_shorter_than_the_on_delay_is_no_alarm(self):
        machine = self.machine()
        machine.say(machine.fault(SLOW))
        self.assertEqual(self.episodes()[0].state, CASE.EPISODE_STATE_PENDING)
        self.advance(seconds=59)
        machine.say(machine.fault(SLOW, "CLEARED"))
        self.advance(hours=1)
        self.assertEqual(self.cases(), [])
        self.assertIn("on-delay", self.episodes()[0].rule)

    def test_the_on_delay_survives_a_restart(self):
        machine = self.machine()
        machine.say(machine.fault(SLOW))
        self.advance(seconds=30)
        self.again()
        self.assertEqual(self.cases(), [])
        self.advance(seconds=31)
        self.assertEqual(len(self.cases()), 1)
        self.assertEqual(self.episodes()[0].state, CASE.EPISODE_STATE_ACTIVE)

    def test_the_off_delay_survives_a_restart(self):
        machine = self.machine()
        machine.say(machine.fault(SLOW))
        self.advance(minutes=2)
        machine.say(machine.fault(SLOW, "CLEARED"))
        self.again()
        self.assertEqual(self.episodes()[0].state, CASE.EPISODE_STATE_CLEARING)
        self.advance(seconds=301)
        self.assertEqual(self.episodes()[0].state, CASE.EPISODE_STATE_CLEARED)

    def test_a_flood_is_one_case_with_a_count(self):
        machine = self.machine()
        for n in range(4):
            machine.say(*[machine.fault(OUTPUT_SPEED, component=f"unit-{250 * n + k}") for k in range(250)])
        case, = self.cases()
        self.assertEqual((case.episode_count, case.active_episode_count), (1000, 1000))
        self.assertEqual(len(self.episodes()), 1000)
        self.assertEqual(len(self.api.DispatchService.ListOffers().offers), 1, "and one offer")

    def test_events_and_information_dispatch_nobody(self):
        machine = self.machine()
        machine.say(machine.fault("j1939-789-2"))
        episode, = self.episodes()
        self.assertEqual((episode.state, episode.case_name), (CASE.EPISODE_STATE_CLEARED, ""))
        self.assertIn("event", episode.rule)
        self.assertEqual(self.cases(), [])

    def test_a_graver_lamp_makes_a_graver_case_and_a_missing_clear_keeps_it_open(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR, lamps={"amber_warning": True}))
        machine.say(machine.fault(MAP_SENSOR, "UPDATED", lamps={"red_stop": True}))
        self.assertEqual(self.case().severity, 4, "critical: the red lamp says stop")
        machine.say(machine.fault(MAP_SENSOR, "UPDATED", lamps={"amber_warning": True}))
        self.assertEqual(self.episodes()[0].severity, 3, "an episode's severity falls too")
        self.advance(days=20)
        self.assertEqual(self.episodes()[0].state, CASE.EPISODE_STATE_ACTIVE, "who does not say «cleared» has it still")

    def test_what_comes_while_the_engineer_is_there_is_this_visit_s(self):
        machine, phone = self.machine(), self.phone()
        machine.say(machine.fault(MAP_SENSOR))
        offer = phone.wait_offer(asset="assets/truck-7")
        phone.send("AcceptOffer", name=offer.offer.name)
        phone.send("Arrive", name=offer.visit.name)
        machine.say(*[machine.fault(OUTPUT_SPEED, component=f"unit-{n}") for n in range(5)])
        case, = self.cases()
        self.assertEqual((case.visit, case.episode_count, self.state(case.name)), (offer.visit.name, 6, "in_progress"))
        self.assertEqual(len(self.api.DispatchService.ListVisits().visits), 1, "nobody else is sent")
        self.assertEqual(self.visit_of(case.name).state, VISIT.VISIT_STATE_ON_SITE)
        self.assertTrue(any("unit-4" in line for line in self.timeline(case.name)), "and the case shows them to who is there")

    def test_an_erased_code_is_no_recovery(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        self.mend(self.phone())
        machine.say(machine.fault(MAP_SENSOR, "CLEARED", cleared_by_tool=True))
        self.advance(minutes=1)
        case = self.case().name
        self.assertEqual(self.state(case), "waiting_for_operation")
        self.assertTrue(any("no recovery" in line for line in self.timeline(case)))


if __name__ == "__main__":
    main()
