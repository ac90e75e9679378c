"""At three in the morning the truck stood, with fresh milk in it. The hotline asked him to call again after eight. Somebody
came at noon, who had never seen the truck, to a yard that is locked until two; on the second visit it was somebody else.

Engineers take turns to be on call: what cannot wait takes them out of bed, what can wait does not, and they sleep after
it, as they eat at noon. A site says when its gate is open and who may come. And who knows the machine comes again, if that costs little.
"""
import grpc

from story import MAP_SENSOR, Story, main, once, v1

FLEET = v1["fleet"]
STATE = grpc.StatusCode.FAILED_PRECONDITION
MONDAY = [v1["common"].DAY_OF_WEEK_MONDAY]


class Yard(Story):
    severity = "SEVERITY_CRITICAL"

    def organisation(self, data):
        next(c for c in data["fault_codes"] if c["name"] == f"faultCodes/{MAP_SENSOR}")["severity"] = self.severity
        data["customers"][0]["response_time"] = "3600s"
        data["shifts"].append({"name": "shifts/li-night", "engineer": "engineers/li", "on_call": True,
                               "starts_at": "2026-03-02T18:00:00Z", "ends_at": "2026-03-03T06:00:00Z"})

    def broken(self, device="truck-7", code=MAP_SENSOR):
        machine = self.machine(device)
        machine.say(machine.fault(code))
        return self.case(f"assets/{device}")

    def site(self, **rules):
        """Writes the yard anew with these rules."""
        site = self.api.FleetService.GetSite(name="sites/hill-farm-yard")
        for field, value in rules.items():
            site.ClearField(field)
            getattr(site, field).extend(value)
        return self.world.admin.FleetService.UpdateSite(site=site, request_id=once())

    def planned(self, case):
        """Who sets out when, as "li 02:10"."""
        visit = self.visit_of(case.name)
        return f"{visit.engineer.split('/')[1]} {visit.travel_starts_at.ToDatetime():%H:%M}"


class OnlyLi(Yard):
    """Nobody else can do it."""

    def organisation(self, data):
        super().organisation(data)
        for engineer in data["engineers"]:
            if engineer["name"] != "engineers/li":
                engineer["skills"] = [s for s in engineer["skills"] if s["skill"] != "skills/diesel"]


class AtThree(OnlyLi):
    def test_what_cannot_wait_is_done_at_night_and_then_she_sleeps(self):
        self.advance(hours=18)
        called = self.visit_of(self.broken().name)
        self.assertEqual(called.engineer, "engineers/li")
        self.assertEqual(f"{called.starts_at.ToDatetime():%a %H}", "Tue 02", "three o'clock in Berlin")
        self.assertEqual(self.phone("li").wait_offer(asset="assets/truck-7").offer.visit, called.name, "her phone rings")
        next_day = self.visit_of(self.broken("truck-8", "j1939-102-4").name)
        rest = next_day.travel_starts_at.ToDatetime() - called.ends_at.ToDatetime()
        self.assertGreater(rest.total_seconds(), 11 * 3600)
        self.assertEqual(f"{next_day.travel_starts_at.ToDatetime():%a}", "Tue", "but not a day later either")


class CanWait(Yard):
    severity = "SEVERITY_MAJOR"

    def test_it_waits_for_the_shift(self):
        self.advance(hours=18)
        self.assertEqual(self.planned(self.broken()), "li 06:00")


class ABreakIsABreak(OnlyLi):
    def rest(self, earliest, latest, minutes):
        """Li's break today, by Greenwich."""
        shift = self.world.admin.WorkforceService.GetShift(name="shifts/li-20260302")
        shift.meal_break.earliest_at.FromJsonString(f"2026-03-02T{earliest}:00Z")
        shift.meal_break.latest_at.FromJsonString(f"2026-03-02T{latest}:00Z")
        shift.meal_break.takes.FromSeconds(60 * minutes)
        return self.world.admin.WorkforceService.UpdateShift(shift=shift, request_id=once())

    def test_nobody_is_sent_through_it(self):
        self.rest("08:00", "08:20", 45)
        self.assertEqual(self.planned(self.broken()), "li 08:45")

    def test_it_lies_within_the_shift(self):
        for earliest, latest, minutes in (("05:00", "06:00", 30), ("17:00", "17:40", 30), ("12:00", "11:00", 30), ("12:00", "13:00", 0)):
            with self.assertRaises(grpc.RpcError) as caught:
                self.rest(earliest, latest, minutes)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertIn("meal_break", caught.exception.details())


class WhenAndWho(Yard):
    severity = "SEVERITY_MAJOR"

    def test_nobody_stands_before_a_locked_gate(self):
        self.site(access=[FLEET.AccessHours(weekdays=MONDAY, from_minute=14 * 60, to_minute=16 * 60)])
        case = self.broken()
        self.assertEqual(f"{self.visit_of(case.name).starts_at.ToDatetime():%H:%M}", "13:00", "two o'clock in Berlin")
        slots = self.world.contact("mary").AppointmentService.SearchSlots(case_name=case.name).slots
        self.assertTrue(slots)
        for slot in slots:
            self.assertEqual(f"{slot.starts_at.ToDatetime():%a %H}", "Mon 13", "and no window that ends as it opens")

    def test_who_is_not_wanted_there_is_not_sent_by_anybody(self):
        self.site(excluded_engineers=["engineers/li"])
        case = self.broken()
        visit = self.visit_of(case.name)
        self.assertEqual(visit.engineer, "engineers/zoe")
        self.assertIn("is not wanted at the site", next(o.reason for o in visit.assignment.impossible if o.engineer == "engineers/li"))
        self.assert_refused(STATE, self.api.DispatchService.ReassignVisit, says="is not wanted at the site",
                            name=visit.name, engineer="engineers/li", reason="she is near", request_id=once())

    def test_a_rule_that_says_nothing_is_refused(self):
        for rules, says in (({"access": [FLEET.AccessHours(from_minute=600, to_minute=540)]}, "access[0]"),
                            ({"excluded_engineers": ["engineers/li"], "preferred_engineers": ["engineers/li"]}, "engineers/li")):
            with self.assertRaises(grpc.RpcError) as caught:
                self.site(**rules)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)
            self.assertIn(says, caught.exception.details())


class TheSecondVisit(Yard):
    severity = "SEVERITY_MAJOR"

    def configuration(self):
        return "[planning]\ncontinuity = 60\n"

    def test_who_knows_the_machine_comes_again(self):
        case = self.broken()
        self.assertEqual(self.visit_of(case.name).engineer, "engineers/li", "who lives nearer")
        self.api.DispatchService.ReassignVisit(name=case.visit, engineer="engineers/zoe", reason="li is ill", request_id=once())
        self.mend(self.phone("zoe"))
        self.world.contact("mary").CaseService.ConfirmCase(name=case.name, solved=False, comment="it stopped again", request_id=once())
        again = self.visit_of(case.name)
        self.assertNotEqual(again.name, case.visit)
        self.assertEqual(again.engineer, "engineers/zoe")


if __name__ == "__main__":
    main()
