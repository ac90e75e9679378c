"""«Somebody will come between eight and five.» She took a day off. Nobody came, and nobody called.

A customer is offered the few windows that cost least and takes one. What she thinks about is kept for her for some
minutes, with the parts that it takes; what she has booked is kept by whoever can keep it; and if it cannot be, she hears of it before she has waited.
"""
import datetime
import threading
import zoneinfo

import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from story import INVENTORY, MAP_SENSOR, Story, main, once, v1

APPOINTMENT = v1["appointment"]
STATE = grpc.StatusCode.FAILED_PRECONDITION
FAR_SITE = {"latitude_deg": 52.8, "longitude_deg": 13.3}  # truck 8, more than half an hour from truck 7


def at(hour, minute=0, day=2):
    out = Timestamp()
    out.FromDatetime(datetime.datetime(2026, 3, day, hour, minute))
    return out


class Appointments(Story):
    knows_diesel = ("li", "zoe")

    def organisation(self, data):
        data["sites"].append({**data["sites"][0], "name": "sites/far", "position": FAR_SITE})
        next(a for a in data["assets"] if a["name"] == "assets/truck-8")["site"] = "sites/far"
        data["customers"].append({"name": "customers/elsewhere", "display_name": "Elsewhere"})
        data["contacts"].append({"name": "contacts/sam", "display_name": "Sam", "customer": "customers/elsewhere"})
        for engineer in data["engineers"]:
            if engineer["name"].split("/")[1] not in self.knows_diesel:
                engineer["skills"] = [s for s in engineer["skills"] if s["skill"] != "skills/diesel"]
            for part in data["parts"]:  # all have all parts with them, so that time alone decides
                data["stock"] = [line for line in data["stock"] if (line["location"], line["part"]) != (engineer["van"], part["name"])]
                data["stock"].append({"location": engineer["van"], "part": part["name"], "on_hand": 20})

    @property
    def mary(self):
        return self.world.contact("mary").AppointmentService

    def broken(self, device="truck-7"):
        machine = self.machine(device)
        machine.say(machine.fault(MAP_SENSOR))
        return self.case(f"assets/{device}").name

    def hold(self, case, start, end, api=None):
        return (api or self.mary).HoldSlot(case_name=case, starts_at=start, ends_at=end, request_id=once())

    def book(self, case, start, end):
        return self.mary.BookAppointment(name=self.hold(case, start, end).name, request_id=once())

    def appointment(self, one):
        return self.mary.GetAppointment(name=one.name)

    def appointment_state(self, one):
        return APPOINTMENT.AppointmentState.Name(self.appointment(one).state).removeprefix("APPOINTMENT_STATE_").lower()

    def watched_from_here(self):
        """A cursor of the dispatcher's stream."""
        stream = self.api.CaseService.WatchCases()
        cursor = next(event.cursor for event in stream if event.WhichOneof("change") == "synced")
        stream.cancel()
        return cursor

    def streamed(self, cursor, state):
        """The first change to this state of an appointment that the stream tells after the cursor."""
        stream = self.api.CaseService.WatchCases(cursor=cursor)
        patience = threading.Timer(30, stream.cancel)
        patience.start()
        try:
            return next(e.appointment for e in stream if e.HasField("appointment") and e.appointment.state == state)
        finally:
            patience.cancel()
            stream.cancel()


class TwoHoursInsteadOfADay(Appointments):
    def test_she_chooses_one_of_a_few_windows_and_somebody_comes_then(self):
        case = self.broken()
        slots = list(self.mary.SearchSlots(case_name=case).slots)
        self.assertTrue(1 <= len(slots) <= 5)
        self.assertEqual(sum(slot.best for slot in slots), 1)
        self.assertFalse(any(slot.reason or slot.extra_cost for slot in slots), "what it costs us is not her business")
        staff = list(self.api.AppointmentService.SearchSlots(case_name=case, max_slots=3).slots)
        self.assertTrue(all("engineers/" in slot.reason for slot in staff))

        wanted = slots[-1]
        booked = self.book(case, wanted.starts_at, wanted.ends_at)
        self.assertEqual(booked.state, APPOINTMENT.APPOINTMENT_STATE_BOOKED)
        self.assertEqual(list(booked.engineers), [], "nor is who comes, before they do")
        visit = self.visit_of(case)
        self.assertTrue(wanted.starts_at.seconds <= visit.starts_at.seconds <= wanted.ends_at.seconds)
        self.assertEqual(booked.told_arrival_at, visit.starts_at)
        phone = self.phone(visit.engineer.split("/")[1])
        offer = phone.wait_offer(asset="assets/truck-7")
        phone.send("AcceptOffer", name=offer.offer.name)
        self.advance(seconds=visit.starts_at.seconds - self.world.now())
        phone.send("Arrive", name=visit.name)
        self.assertEqual(self.appointment_state(booked), "kept")

    def test_what_she_thinks_about_is_kept_for_her_and_for_five_minutes(self):
        tomorrow = (at(10, day=3), at(10, 15, day=3))
        cases = [self.broken("truck-7"), self.broken("truck-8")]
        held = [self.hold(case, *tomorrow) for case in cases]
        third = self.api.CaseService.CreateCase(asset="assets/press-1", summary="it leaks", codes=[MAP_SENSOR], request_id=once()).name
        self.assert_refused(STATE, self.hold, says="nobody can arrive", case=third, start=tomorrow[0], end=tomorrow[1])
        self.mary.CancelAppointment(name=held[0].name, request_id=once())
        self.hold(third, *tomorrow)
        self.advance(minutes=6)
        self.assertEqual(self.appointment_state(held[1]), "expired")
        self.assert_refused(grpc.StatusCode.OUT_OF_RANGE, self.mary.BookAppointment, says="look for a slot again",
                            name=held[1].name, request_id=once())

    def test_another_comes_in_the_same_window_if_the_first_cannot(self):
        case = self.broken()
        booked = self.book(case, at(10, day=3), at(12, day=3))
        first = self.visit_of(case)
        phone = self.phone(first.engineer.split("/")[1])
        phone.send("DeclineOffer", name=phone.wait_offer(asset="assets/truck-7").offer.name, reason="ill")
        second = self.visit_of(case)
        self.assertNotEqual(second.engineer, first.engineer)
        self.assertTrue(at(10, day=3).seconds <= second.starts_at.seconds <= at(12, day=3).seconds)
        self.assertEqual(self.appointment_state(booked), "booked")

    def test_another_comes_in_the_same_window_if_the_first_is_not_on_shift_then(self):
        case = self.broken()
        booked = self.book(case, at(10, day=3), at(12, day=3))
        first, workforce = self.visit_of(case), self.world.api("lead", "lead/kim").WorkforceService
        shift = next(s for s in workforce.ListShifts().shifts if s.engineer == first.engineer
                     and s.starts_at.seconds <= first.starts_at.seconds < s.ends_at.seconds)
        shift.ends_at.seconds = shift.starts_at.seconds + 60
        workforce.UpdateShift(shift=shift, request_id=once())
        self.advance(seconds=1)
        second = self.visit_of(case)
        self.assertNotEqual(second.engineer, first.engineer)
        self.assertTrue(at(10, day=3).seconds <= second.starts_at.seconds <= at(12, day=3).seconds)
        self.assertEqual(self.appointment_state(booked), "booked")
        self.assertTrue(any("no longer on shift" in line for line in self.timeline(case)))

    def test_if_nobody_can_she_is_told_and_chooses_another(self):
        case, cursor = self.broken(), self.watched_from_here()
        booked = self.book(case, at(10, day=3), at(12, day=3))
        for _ in range(2):
            name = self.visit_of(case).engineer.split("/")[1]
            phone = self.phone(name)
            phone.send("DeclineOffer", name=phone.wait_offer(asset="assets/truck-7").offer.name, reason="ill")
        self.assertEqual(self.appointment_state(booked), "at_risk")
        self.assertTrue(any("is at risk" in line for line in self.timeline(case)))
        self.assertIn("has declined", self.streamed(cursor, APPOINTMENT.APPOINTMENT_STATE_AT_RISK).reason)
        at_risk = self.api.AppointmentService.ListAppointments(state=APPOINTMENT.APPOINTMENT_STATE_AT_RISK).appointments
        self.assertEqual([one.name for one in at_risk], [booked.name], "dispatch has it on a list")
        self.assert_refused(STATE, self.mary.RescheduleAppointment, says="nobody can arrive", name=booked.name,
                            starts_at=at(10, day=4), ends_at=at(12, day=4), request_id=once())
        self.assertEqual(self.appointment(booked).starts_at, at(10, day=3), "a refusal changes nothing")
        self.mary.CancelAppointment(name=booked.name, reason="then not", request_id=once())
        self.assertEqual(self.api.CaseService.GetCase(name=case).appointment, "")

    def test_a_stranger_neither_sees_nor_moves_it(self):
        case = self.broken()
        booked, sam = self.book(case, at(10, day=3), at(12, day=3)), self.world.contact("sam").AppointmentService
        for call in (sam.GetAppointment, sam.BookAppointment, sam.CancelAppointment):
            self.assert_refused(grpc.StatusCode.NOT_FOUND, call, name=booked.name)
        self.assert_refused(grpc.StatusCode.NOT_FOUND, sam.SearchSlots, case_name=case)
        self.assert_refused(grpc.StatusCode.NOT_FOUND, self.hold, case=case, start=at(10, day=4), end=at(12, day=4), api=sam)
        self.assertEqual(list(sam.ListAppointments().appointments), [])
        self.assertEqual([one.name for one in self.mary.ListAppointments().appointments], [booked.name])


class TheLastSensor(Appointments):
    """There is one sensor, in Li's van; a person decides when somebody comes."""

    def organisation(self, data):
        super().organisation(data)
        for line in data["stock"]:
            if line["part"] == "parts/map-sensor":
                line["on_hand"] = 1 if line["location"] == "stockLocations/van-li" else 0
        for territory in data["territories"]:
            territory["automation"] = "AUTOMATION_LEVEL_OBSERVE"

    def sensors(self):
        """Who has the sensor, the visit or the appointment; and what the stock says."""
        held = [one.visit or one.appointment for one in self.api.InventoryService.ListReservations(page_size=1000).reservations
                if one.part == "parts/map-sensor" and one.state == INVENTORY.RESERVATION_STATE_HELD]
        lines = self.api.InventoryService.ListStockLines(location="stockLocations/van-li", page_size=1000).stock_lines
        return held, next(line.reserved for line in lines if line.part == "parts/map-sensor")

    def test_while_she_thinks_about_it_the_part_is_hers_too(self):
        first, second = self.broken("truck-7"), self.broken("truck-8")
        held = self.hold(first, at(10, day=3), at(12, day=3))
        self.assertEqual(self.sensors(), ([held.name], 1))
        other = self.book(second, at(14, day=3), at(16, day=3))
        self.assertEqual(self.sensors(), ([held.name], 1), "nobody else has it while she thinks")
        self.mary.BookAppointment(name=held.name, request_id=once())
        self.assertEqual(self.sensors(), ([self.visit_of(first).name], 1), "it goes with the visit that she booked")
        self.assertEqual(self.appointment_state(other), "booked")

    def test_what_she_does_not_book_is_there_for_the_next(self):
        first, second = self.broken("truck-7"), self.broken("truck-8")
        held = self.hold(first, at(10, day=3), at(12, day=3))
        self.advance(minutes=6)
        self.assertEqual((self.appointment_state(held), self.sensors()), ("expired", ([], 0)))
        self.book(second, at(10, day=3), at(12, day=3))
        self.assertEqual(self.sensors(), ([self.visit_of(second).name], 1))


class TheClockOnHerWall(Appointments):
    """Mary lives in Berlin, as does the territory."""
    BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")

    def organisation(self, data):
        super().organisation(data)
        for engineer in ("li", "zoe"):  # on the night in which the clocks are changed
            data["shifts"].append({"name": f"shifts/{engineer}-night", "engineer": f"engineers/{engineer}",
                                   "starts_at": "2026-03-28T22:00:00Z", "ends_at": "2026-03-29T10:00:00Z"})

    def windows(self, case, **wanted):
        return [[t.ToDatetime(datetime.timezone.utc).astimezone(self.BERLIN).strftime("%H:%M") for t in (slot.starts_at, slot.ends_at)]
                for slot in self.mary.SearchSlots(case_name=case, max_slots=20, **wanted).slots]

    def test_windows_begin_at_full_hours_as_she_reads_them_and_so_are_times_said(self):
        case = self.broken()
        offered = self.windows(case, earliest_at=at(6, day=3), latest_at=at(18, day=3))
        self.assertIn(["08:00", "10:00"], offered)
        self.assertTrue(all(int(start[:2]) % 2 == 0 for start, _ in offered), offered)
        self.book(case, at(7, day=3), at(9, day=3))
        self.assertIn("appointment: somebody arrives 2026-03-03 08:00 to 10:00 (Europe/Berlin)", self.timeline(case))

    def test_in_the_night_in_which_an_hour_is_missing_no_window_is_shorter_than_it_looks(self):
        self.advance(days=25)
        case = self.broken()
        offered = self.windows(case, earliest_at=at(22, day=28), latest_at=at(10, day=29))
        self.assertIn(["04:00", "06:00"], offered)
        self.assertTrue(all(start != "02:00" and (int(end[:2]) - int(start[:2])) % 24 in (2, 3) for start, end in offered), offered)
        self.assertEqual([one for one in offered if one[0] == "00:00"], [["00:00", "03:00"]], "two hours, to when two is three")

    def test_a_zone_that_there_is_not_is_refused_when_it_is_written(self):
        territory = self.api.FleetService.ListTerritories().territories[0]
        territory.time_zone = "Europe/Berln"
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, self.world.admin.FleetService.UpdateTerritory,
                            says="time_zone: unknown zone 'Europe/Berln'; use an IANA name such as Europe/Berlin",
                            territory=territory, request_id=once())


class SheHearsBeforeSheHasWaited(Appointments):
    knows_diesel = ("li",)

    def at_work_on_truck_7(self):
        phone = self.phone("li")
        self.broken("truck-7")
        offer = phone.wait_offer(asset="assets/truck-7")
        phone.send("AcceptOffer", name=offer.offer.name)
        phone.send("Arrive", name=offer.offer.visit)
        return phone

    def test_the_work_before_takes_longer_and_she_is_told_in_time(self):
        phone = self.at_work_on_truck_7()
        case = self.broken("truck-8")
        booked = self.book(case, at(10), at(12))
        phone.send("AcceptOffer", name=self.visit_of(case).offer)
        self.advance(hours=1)
        self.assertEqual(self.appointment(booked).delay_count, 0, "all is as planned")
        cursor = self.watched_from_here()
        self.advance(hours=2, minutes=45)  # a quarter to twelve, and li is still there
        told = self.appointment(booked)
        self.assertEqual(told.state, APPOINTMENT.APPOINTMENT_STATE_AT_RISK)
        self.assertGreater(told.told_arrival_at.seconds, at(12).seconds)
        self.assertTrue(any("after the window promised" in line and "the work before takes longer" in line for line in self.timeline(case)))
        first = self.streamed(cursor, APPOINTMENT.APPOINTMENT_STATE_AT_RISK)
        self.assertEqual(first.name, booked.name)
        self.assertLessEqual(told.delay_count, 4, "after a quarter of an hour, half an hour and an hour, and once late")
        self.advance(minutes=16)
        self.assertEqual(self.appointment_state(booked), "missed")

    def test_the_engineer_says_how_long_it_takes_and_she_hears_three_hours_before(self):
        phone, working = self.at_work_on_truck_7(), self.visit_of(self.case("assets/truck-7").name)
        case = self.broken("truck-8")
        booked = self.book(case, at(10), at(12))
        phone.send("AcceptOffer", name=self.visit_of(case).offer)
        phone.send("EstimateCompletion", name=working.name, done_at=at(13))
        told = self.appointment(booked)
        self.assertEqual(told.state, APPOINTMENT.APPOINTMENT_STATE_AT_RISK)
        self.assertGreater(told.told_arrival_at.seconds, at(13).seconds)
        self.mary.RescheduleAppointment(name=booked.name, starts_at=at(14), ends_at=at(16), request_id=once())
        self.assertEqual((self.appointment_state(booked), self.appointment(booked).delay_count), ("booked", 1))
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, phone.api.EstimateCompletion, says="in the past", name=working.name)

    def test_to_whom_nothing_was_promised_nothing_is_told(self):
        phone = self.at_work_on_truck_7()
        case = self.broken("truck-8")
        phone.send("AcceptOffer", name=self.visit_of(case).offer)
        self.advance(hours=4)
        self.assertFalse(any("is now expected" in line for line in self.timeline(case)))


if __name__ == "__main__":
    main()
