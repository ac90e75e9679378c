"""The last sensor of its kind lay in Omar's van, half an hour away, and Omar may not touch engines. So Li came with empty
hands, and came again on Thursday.

Where the territory says how long a hand-over takes, Li meets Omar where he works, with the sensor kept for her. If he is
not there after all, her visit is planned anew, and everybody sees that it has to be.
"""
import grpc

from story import INVENTORY, MAP_SENSOR, OUTPUT_SPEED, VISIT, Story, main, once

VAN, DEPOT = "stockLocations/van-omar", "stockLocations/depot-north"
SENSORS = {"parts/map-sensor": 2, "parts/sensor-harness": 2, "parts/output-speed-sensor": 1}  # one of each is for his own


class OtherVan(Story):
    """Omar has agreed to truck 8 when truck 7, at the other end of the district, breaks down. Zoe has the week off."""
    hand_over = "600s"

    def organisation(self, data):
        if self.hand_over:
            data["territories"][0]["hand_over"] = self.hand_over
        data["sites"].append({**data["sites"][0], "name": "sites/lock", "position": {"latitude_deg": 52.62, "longitude_deg": 13.5}})
        next(a for a in data["assets"] if a["name"] == "assets/truck-8")["site"] = "sites/lock"
        data["stock"] = [{"location": VAN, "part": part, "on_hand": count} for part, count in SENSORS.items()]
        data["shifts"] = [shift for shift in data["shifts"] if shift["engineer"] != "engineers/zoe"]

    def setUp(self):
        super().setUp()
        self.li, self.omar = self.phone("li"), self.phone("omar")
        self.theirs = self.broken("truck-8", OUTPUT_SPEED)
        self.omar.send("AcceptOffer", name=self.omar.wait_offer(asset="assets/truck-8").offer.name)
        self.ours = self.broken("truck-7", MAP_SENSOR)

    def broken(self, device, code):
        machine = self.machine(device)
        machine.say(machine.fault(code))
        return self.case(f"assets/{device}").name

    def held(self):
        """For which visits the MAP sensors in Omar's van are kept, his own apart."""
        return [r.visit for r in self.api.InventoryService.ListReservations(page_size=1000).reservations
                if (r.location, r.part, r.state) == (VAN, "parts/map-sensor", INVENTORY.RESERVATION_STATE_HELD)
                and r.visit != self.visit_of(self.theirs).name]

    def shown(self, phone, holds):
        """Waits until the phone's own copy of a visit is so."""
        with phone.changed:
            self.assertTrue(phone.changed.wait_for(lambda: any(holds(visit) for visit in phone.visits.values()), 30))


class Met(OtherVan):
    def test_they_meet_where_he_works_and_both_see_it(self):
        offer = self.li.wait_offer(asset="assets/truck-7")
        there, coming = self.visit_of(self.theirs), offer.visit
        self.assertEqual(len(coming.pickups), 1, coming.assignment.reason)
        pickup = coming.pickups[0]
        self.assertEqual((pickup.location, pickup.colleague, pickup.at_visit, pickup.site), (VAN, "engineers/omar", there.name, "sites/lock"))
        self.assertIn("parts/map-sensor", pickup.parts)
        self.assertLessEqual(there.starts_at.seconds, pickup.at.seconds)
        self.assertLessEqual(pickup.at.seconds + 600, there.ends_at.seconds)
        self.assertLess(pickup.at.seconds, coming.starts_at.seconds)
        self.assertEqual(self.held(), [coming.name])
        self.shown(self.omar, lambda visit: [(h.visit, h.engineer, h.at) for h in visit.hand_overs] == [(coming.name, "engineers/li", pickup.at)])

        self.mend(self.li)
        self.assertEqual(self.held(), [])
        left = {line.part: line.on_hand for line in self.api.InventoryService.ListStockLines(location=VAN, page_size=1000).stock_lines}
        self.assertEqual(left["parts/map-sensor"], 1, "what she has built in has left his van")

    def test_it_is_kept_for_one(self):
        coming = self.li.wait_offer(asset="assets/truck-7").visit
        self.api.CaseService.CreateCase(asset="assets/press-1", summary="the same there", codes=[MAP_SENSOR], request_id=once())
        other = self.visit_of(self.case("assets/press-1").name)
        self.assertFalse([p for p in other.pickups if "parts/map-sensor" in p.parts])
        self.assertEqual(self.held(), [coming.name])

    def test_if_he_is_ill_hers_is_planned_anew(self):
        before = self.li.wait_offer(asset="assets/truck-7").visit
        self.li.send("AcceptOffer", name=before.offer)
        omar = self.world.admin.WorkforceService.GetEngineer(name="engineers/omar")
        omar.inactive = True
        self.world.admin.WorkforceService.UpdateEngineer(engineer=omar, request_id=once())
        self.advance(seconds=0)
        after = self.visit_of(self.ours)
        self.assertFalse([p for p in after.pickups if p.at_visit], "nobody drives to where nobody is")
        self.assertTrue(any("cannot hand over its parts" in line for line in self.timeline(self.ours)))
        self.assertEqual(self.api.DispatchService.GetOffer(name=before.offer).state, VISIT.OFFER_STATE_WITHDRAWN)

    def test_if_hers_is_called_off_he_hears_that_nobody_comes(self):
        coming = self.li.wait_offer(asset="assets/truck-7").visit
        self.shown(self.omar, lambda visit: len(visit.hand_overs) == 1)
        self.li.send("DeclineOffer", name=coming.offer, reason="my van has broken down")
        self.shown(self.omar, lambda visit: not visit.hand_overs)
        self.assertNotIn(coming.name, self.held())
        self.assertTrue(any("nobody comes for parts" in line for line in self.timeline(self.theirs)))


class TheHarnessToo(OtherVan):
    """It may be the harness as well, which only the depot has."""

    def organisation(self, data):
        super().organisation(data)
        data["stock"] = [{"location": VAN, "part": part, "on_hand": count} for part, count in SENSORS.items() if part != "parts/sensor-harness"]
        data["stock"].append({"location": DEPOT, "part": "parts/sensor-harness", "on_hand": 2})  # one is for his own

    def kept(self, visit):
        return {(r.location, r.part) for r in self.api.InventoryService.ListReservations(page_size=1000).reservations
                if (r.visit, r.state) == (visit, INVENTORY.RESERVATION_STATE_HELD)}

    def test_she_drives_to_both_and_comes_once(self):
        offer = self.li.wait_offer(asset="assets/truck-7")
        coming = offer.visit
        both = {pickup.location: list(pickup.parts) for pickup in coming.pickups}  # as her phone shows it
        self.assertEqual(both, {VAN: ["parts/map-sensor"], DEPOT: ["parts/sensor-harness"]}, coming.assignment.reason)
        self.assertEqual(self.kept(coming.name), {(VAN, "parts/map-sensor"), (DEPOT, "parts/sensor-harness")})
        self.shown(self.omar, lambda visit: [list(h.parts) for h in visit.hand_overs] == [["parts/map-sensor"]])
        self.mend(self.li, parts=("parts/map-sensor", "parts/sensor-harness"))
        self.assertEqual(self.kept(coming.name), set())
        left = {(line.location, line.part): line.on_hand for line in self.api.InventoryService.ListStockLines(page_size=1000).stock_lines}
        self.assertEqual((left[VAN, "parts/map-sensor"], left[DEPOT, "parts/sensor-harness"]), (1, 1))

    def test_if_hers_is_called_off_both_places_have_their_parts_back(self):
        coming = self.li.wait_offer(asset="assets/truck-7").visit
        self.assertEqual(len(coming.pickups), 2)
        self.api.CaseService.CancelCase(name=self.ours, reason="the truck is sold", request_id=once())
        self.assertEqual(self.kept(coming.name), set())
        self.shown(self.omar, lambda visit: not visit.hand_overs)


class NotSaid(OtherVan):
    hand_over = None

    def test_where_the_territory_does_not_say_how_long_nobody_is_met(self):
        coming = self.li.wait_offer(asset="assets/truck-7").visit
        self.assertFalse(coming.pickups)
        self.assertEqual(self.held(), [])


if __name__ == "__main__":
    main()
