"""The first engineer said no, the second did not answer, and then the job lay there because nobody asked a third.

An offer that is declined or that expires goes to the next engineer at once, each is asked once, and if nobody is left
the case says why and is planned again by itself until somebody can.
"""
import grpc

from story import MAP_SENSOR, OUTPUT_SPEED, VISIT, Story, main, once


class Planning(Story):
    def broken(self, code=MAP_SENSOR):
        machine = self.machine()
        machine.say(machine.fault(code))
        return self.case().name

    def open_offer(self, case):
        visit = self.visit_of(case)
        return self.api.DispatchService.GetOffer(name=visit.offer)

    def decline(self, offer, reason="my van is in the workshop"):
        name = offer.engineer.split("/")[1]
        return self.world.engineer(name).EngineerService.DeclineOffer(name=offer.name, reason=reason, request_id=once())

    def until_offered(self, case):
        """Lets at most an hour pass, in steps shorter than an offer lives."""
        for _ in range(12):
            if self.state(case) == "offered":
                return
            self.advance(minutes=5)
        self.fail(f"not planned within an hour: {self.api.CaseService.GetCase(name=case).plan_due_reason}")

    def hire(self, name, skills):
        lead = self.world.api("lead", "lead/kim").WorkforceService
        lead.UpdateEngineer(engineer={"name": f"engineers/{name}", "territory": "territories/north", "skills": skills,
                                      "home": {"latitude_deg": 52.5, "longitude_deg": 13.4}})
        now = int(self.world.now())
        lead.UpdateShift(shift={"name": f"shifts/{name}", "engineer": f"engineers/{name}", "starts_at": {"seconds": now},
                                "ends_at": {"seconds": now + 12 * 3600}})


class NobodyLeftToAsk(Planning):
    def test_no_goes_to_the_next(self):
        case = self.broken()
        first = self.open_offer(case)
        declined = self.decline(first)
        self.assertEqual((declined.state, declined.reason), (VISIT.OFFER_STATE_DECLINED, "my van is in the workshop"))
        second = self.open_offer(case)
        self.assertEqual(second.state, VISIT.OFFER_STATE_OPEN)
        self.assertEqual({first.engineer, second.engineer}, {"engineers/li", "engineers/zoe"}, "omar cannot mend it")
        self.assertTrue(any("my van is in the workshop" in line for line in self.timeline(case)))

    def test_a_no_needs_a_reason(self):
        case = self.broken()
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, self.decline, says="reason is needed", offer=self.open_offer(case), reason="")

    def test_nobody_answers_for_another(self):
        case = self.broken()
        offer = self.open_offer(case)
        other = "zoe" if offer.engineer == "engineers/li" else "li"
        self.assert_refused(grpc.StatusCode.NOT_FOUND, self.world.engineer(other).EngineerService.AcceptOffer, name=offer.name, request_id=once())

    def test_silence_goes_to_the_next(self):
        case = self.broken()
        first = self.open_offer(case)
        self.advance(minutes=14)
        self.assertEqual(self.open_offer(case).name, first.name, "not a minute early")
        self.advance(minutes=1)
        second = self.open_offer(case)
        self.assertNotEqual(second.engineer, first.engineer)
        self.assertEqual(self.api.DispatchService.GetOffer(name=first.name).state, VISIT.OFFER_STATE_EXPIRED)

    def test_an_offer_that_expired_while_the_service_was_away(self):
        case = self.broken()
        first = self.open_offer(case)
        self.world.server.kill()
        self.world.start_server()
        self.advance(minutes=16)
        self.assertNotEqual(self.open_offer(case).engineer, first.engineer)

    def test_everybody_is_asked_once_and_then_the_case_says_why_nothing_happens(self):
        case = self.broken()
        self.decline(self.open_offer(case))
        self.decline(self.open_offer(case))
        stuck = self.api.CaseService.GetCase(name=case)
        self.assertEqual(self.state(case), "open")
        self.assertTrue(stuck.plan_due_reason)
        self.assertRegex(stuck.plan_relaxation, r"^with engineers/\w+ at .*, if who has declined did it after all$")
        self.assertEqual((stuck.owner, bool(stuck.next_action)), ("dispatch", True))
        self.assertEqual(sorted(stuck.declined_by), ["engineers/li", "engineers/zoe"])
        offers = self.api.DispatchService.ListOffers().offers
        self.assertEqual(len(offers), 2)
        held = [r for r in self.api.InventoryService.ListReservations().reservations if r.state == 1]
        self.assertEqual(held, [], "nobody's parts are kept for nobody")

    def test_planning_is_tried_again_until_somebody_can(self):
        case = self.broken("j1939-789-2")  # needs driveline; only omar and zoe have it
        self.decline(self.open_offer(case))
        self.decline(self.open_offer(case))
        self.advance(minutes=5)
        self.assertGreater(self.api.CaseService.GetCase(name=case).plan_attempts, 1)
        self.world.server.kill()
        self.world.start_server()
        self.hire("ada", [{"skill": "skills/driveline", "level": 3}])
        self.until_offered(case)
        self.assertEqual(self.visit_of(case).engineer, "engineers/ada")
        planned = self.api.CaseService.GetCase(name=case)
        self.assertEqual((planned.plan_due_reason, planned.plan_relaxation), ("", ""))


class NobodyIsQualified(Planning):
    def organisation(self, data):
        data["engineers"] = [e for e in data["engineers"] if e["name"] == "engineers/omar"]
        data["shifts"] = [s for s in data["shifts"] if s["engineer"] == "engineers/omar"]

    def test_the_case_names_the_constraint_and_waits_for_the_right_one(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        case = self.case().name
        waiting = self.api.CaseService.GetCase(name=case)
        self.assertIn("skills/diesel", waiting.plan_due_reason)
        self.assertRegex(waiting.plan_relaxation, r"^with engineers/omar at .*, if they had skills/diesel at level \d$")
        machine.say(machine.fault(OUTPUT_SPEED, component="sa-3"))
        self.assertEqual(len(self.cases()), 1, "a second fault of the machine joins the case")
        self.hire("ada", [{"skill": "skills/diesel", "level": 3}, {"skill": "skills/driveline", "level": 3}])
        self.until_offered(case)
        self.assertEqual(self.visit_of(case).engineer, "engineers/ada")


if __name__ == "__main__":
    main()
