"""Every update of the old system cost an evening: screens froze, a shift's phones had to be restarted, and somebody had
to compare lists until it was clear what was lost in between.

firstfixd ends within ten seconds when it is asked to, whoever is connected; it comes back where it was; and everybody
who was listening goes on from the last thing heard.
"""
import threading
import time

import grpc

from story import MAP_SENSOR, OUTPUT_SPEED, Process, Story, main, once, wait_for


class Listener:
    """Follows all cases from a cursor on, until the stream ends."""

    def __init__(self, api, cursor=""):
        self.events, self.cursor, self.ended = [], cursor, None
        self.call = api.CaseService.WatchCases(cursor=cursor)
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        try:
            for event in self.call:
                self.cursor = event.cursor or self.cursor
                self.events.append(event)
        except grpc.RpcError as error:
            self.ended = error

    def end(self):
        self.call.cancel()
        self.thread.join(10)


class TheEveningUpdate(Story):
    def test_it_ends_in_time_whoever_is_listening(self):
        listeners = [Listener(self.api) for _ in range(20)]
        phones = [self.phone(name) for name in ("li", "omar", "zoe")]
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        wait_for("everybody has heard", lambda: all(any(e.HasField("case") for e in l.events) for l in listeners))
        begun = time.monotonic()
        self.assertEqual(self.world.server.stop(), 0)
        self.assertLess(time.monotonic() - begun, 10)
        wait_for("every stream has ended", lambda: all(l.ended for l in listeners))
        self.assertEqual({l.ended.code() for l in listeners}, {grpc.StatusCode.UNAVAILABLE})
        self.assertEqual({l.ended.details() for l in listeners}, {"the service is going away: resume with the last cursor"})
        self.world.start_server()
        for phone in phones:
            wait_for("the phones are back", lambda: phone.call.is_active())

    def test_who_listened_goes_on_from_the_last_thing_heard(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        listener = Listener(self.api)
        wait_for("the picture has come", lambda: listener.cursor)
        self.world.server.stop()
        self.world.start_server()
        case = self.case().name
        self.api.CaseService.CancelCase(name=case, reason="sold", request_id=once())
        wait_for("the old stream has ended", lambda: listener.ended)
        second = Listener(self.api, listener.cursor)
        closed = wait_for("the news has come", lambda: [e.case for e in second.events if e.HasField("case")])
        self.assertEqual([c.name for c in closed], [case])
        self.assertEqual(closed[-1], self.api.CaseService.GetCase(name=case))
        self.assertFalse(any(e.synced for e in second.events), "no picture again: only what is new")
        second.end()

    def test_an_update_in_the_middle_of_talk_loses_nothing(self):
        machine = self.machine()
        for round_ in range(3):
            batches = [machine.batch(machine.fault(OUTPUT_SPEED, component=f"unit-{100 * round_ + n}")) for n in range(50)]
            for batch in batches:
                machine.send(batch)
            self.assertEqual(self.world.server.stop(), 0)
            self.world.start_server()
            for batch in batches:  # as a device does for what has no receipt
                machine.until_durable(batch)
        self.assertEqual(len(self.episodes()), 150)
        self.assertEqual(sorted(e.sequence for e in self.episodes()), list(range(1, 151)))

    def test_people_are_served_while_the_broker_is_away(self):
        self.world.server.stop()
        self.world.broker.kill()
        self.world.start_server()
        case = self.api.CaseService.CreateCase(asset="assets/press-1", summary="it drips", request_id=once())
        self.assertEqual(self.state(case.name), "offered")
        self.world.start_broker()
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        self.assertEqual(self.state(self.case().name), "offered", "and machines are heard as soon as it is back")

    def test_a_broker_that_has_forgotten_everything(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        self.world.broker.kill()
        for kept in (self.world.dir / "broker/data").iterdir():
            kept.unlink()
        self.world.start_broker()
        machine.say(machine.fault(OUTPUT_SPEED, component="sa-3"))
        self.assertEqual(len(self.episodes()), 2)

    def test_two_of_them_on_one_store(self):
        second = Process("second", self.world.server.command, self.world.dir / "second.log")
        second.start()
        self.assertEqual(second.running.wait(20), 1)
        self.assertIn("open", second.log.read_text())
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))

    def test_timers_go_on(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        before = self.api.AdminService.GetStatus().open_timers
        self.assertGreater(before, 0)
        self.world.server.kill()
        self.world.start_server()
        self.assertEqual(self.api.AdminService.GetStatus().open_timers, before)


if __name__ == "__main__":
    main()
