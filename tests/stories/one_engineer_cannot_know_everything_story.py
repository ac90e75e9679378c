"""A machine has hydraulics, electrics and controls; the engineer who came knew one of them.

Codes are diagnosed before anyone drives. Nobody is sent who lacks a needed skill: if no single engineer has them all,
a crew is sent, or a remote expert is booked for what is missing; and a skill that no one has is named.
"""
import grpc

from story import MAP_SENSOR, OUTPUT_SPEED, VISIT, Story, main, once

LEAD, SECOND, REMOTE = VISIT.CREW_ROLE_LEAD, VISIT.CREW_ROLE_SECOND, VISIT.CREW_ROLE_REMOTE_EXPERT
DIESEL, DRIVELINE = "skills/diesel", "skills/driveline"


class OneEngineerCannotKnowEverything(Story):
    def organisation(self, data):
        """The sensor is a matter of engine and driveline; Zoe, who knows both, has left. Omar is near."""
        self.named = {e["name"].split("/")[1]: e for e in data["engineers"]}
        self.skills = {s["name"]: s for s in data["skills"]}
        self.cause = next(c for c in data["causes"] if c["name"] == "causes/map-sensor-open")
        self.cause["skills"] = [{"skill": DIESEL, "level": 2}, {"skill": DRIVELINE, "level": 2}]
        self.named["zoe"]["inactive"] = True
        self.differently(data)

    def differently(self, data):
        """What one test's organisation has otherwise."""

    def broken_truck(self):
        machine = self.machine()
        machine.say(machine.fault(MAP_SENSOR))
        return self.case()

    def crew(self, case):
        visit = self.visit_of(case.name)
        return {m.engineer.split("/")[1]: m.role for m in visit.crew}

    def covers(self, case):
        return {m.engineer.split("/")[1]: [s.skill for s in m.covers] for m in self.visit_of(case.name).crew}

    def skills_needed(self, case):
        return {(s.skill, s.level) for s in self.visit_of(case.name).skills}


class ACrew(OneEngineerCannotKnowEverything):
    def test_two_whose_skills_together_cover_it_are_sent_at_the_same_time(self):
        case = self.broken_truck()
        self.assertEqual(self.crew(case), {"li": LEAD, "omar": SECOND})
        self.assertEqual(self.covers(case), {"li": [DIESEL], "omar": [DRIVELINE]})
        assignment = self.visit_of(case.name).assignment
        self.assertIn("engineers/omar is second with skills/driveline at level 2", assignment.reason)
        self.assertTrue(any("skills/driveline" in one.reason for one in assignment.impossible if one.engineer == "engineers/li"))
        self.assertIn(assignment.reason, self.timeline(case.name))

    def test_the_visit_is_accepted_when_both_have_and_begins_when_the_lead_is_there(self):
        case = self.broken_truck()
        li, omar = self.phone("li"), self.phone("omar")
        to_li, to_omar = li.wait_offer(asset="assets/truck-7"), omar.wait_offer(asset="assets/truck-7")
        visit = to_li.visit.name
        self.assertEqual([m.engineer for m in to_omar.visit.crew], ["engineers/li", "engineers/omar"])
        omar.send("AcceptOffer", name=to_omar.offer.name)
        self.assertEqual(self.state(case.name), "offered")
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, omar.api.StartTravel, name=visit, says="not all of its crew")
        li.send("AcceptOffer", name=to_li.offer.name)
        self.assertEqual(self.state(case.name), "scheduled")
        omar.send("StartTravel", name=visit)
        omar.send("Arrive", name=visit)
        step = omar.api.ListSteps(visit=visit).steps[0]
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, omar.api.CompleteStep, name=step.name,
                            evidence=omar.answer_for(step), says="travelling")
        li.send("StartTravel", name=visit)
        li.send("Arrive", name=visit)
        steps = li.api.ListSteps(visit=visit).steps
        for i, step in enumerate(steps):
            (omar if i % 2 else li).send("CompleteStep", name=step.name, evidence=li.answer_for(step))
        omar.send("RecordParts", visit=visit, parts=[])
        self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, omar.api.CompleteVisit, name=visit, work_summary="done",
                            restored=True, says="completed by its lead")
        done = li.send("CompleteVisit", name=visit, found_causes=["causes/map-sensor-open"], restored=True)
        self.assertEqual({m.state for m in done.crew}, {VISIT.VISIT_STATE_COMPLETED})

    def test_if_one_declines_the_whole_crew_is_planned_anew(self):
        case = self.broken_truck()
        planned = self.visit_of(case.name)
        li, omar = self.phone("li"), self.phone("omar")
        li.send("AcceptOffer", name=li.wait_offer(asset="assets/truck-7").offer.name)
        omar.send("DeclineOffer", name=omar.wait_offer(asset="assets/truck-7").offer.name, reason="dentist")
        li.wait_offer(VISIT.OFFER_STATE_WITHDRAWN)
        self.assertEqual(self.state(case.name), "open", "nobody else knows the driveline")
        offers = self.api.DispatchService.ListOffers().offers
        self.assertEqual({o.state for o in offers}, {VISIT.OFFER_STATE_WITHDRAWN, VISIT.OFFER_STATE_DECLINED})
        # Li's time is free again: she can be at another machine while she would have been at this one.
        other = self.visit_of(self.api.CaseService.CreateCase(asset="assets/press-1", summary="it drips", request_id=once()).name)
        if other.engineer != "engineers/li":
            other = self.api.DispatchService.ReassignVisit(name=other.name, engineer="engineers/li", reason="she is free", request_id=once())
        self.assertLess(other.starts_at.ToSeconds(), planned.ends_at.ToSeconds())

    def test_both_are_booked_a_second_job_waits_for_each(self):
        first = self.broken_truck()
        visit = self.visit_of(first.name)
        other = self.api.CaseService.CreateCase(asset="assets/press-1", summary="it drips", request_id=once())
        later = self.visit_of(other.name)
        self.assertIn(later.engineer, ("engineers/li", "engineers/omar"))
        self.assertGreaterEqual(later.starts_at.ToSeconds(), visit.ends_at.ToSeconds())

    def test_a_dispatcher_cannot_send_one_of_them_alone(self):
        case = self.broken_truck()
        visit = self.api.DispatchService.ReassignVisit(name=self.visit_of(case.name).name, engineer="engineers/omar",
                                                       reason="he is in the yard", request_id=once())
        self.assertEqual({m.engineer for m in visit.crew}, {"engineers/li", "engineers/omar"})


class OneWhoKnowsAll(OneEngineerCannotKnowEverything):
    """The control: where one has every skill, nobody is sent along."""

    def differently(self, data):
        self.named["zoe"]["inactive"] = False

    def test_goes_alone(self):
        case = self.broken_truck()
        self.assertEqual(self.crew(case), {"zoe": LEAD})


class ARemoteExpert(OneEngineerCannotKnowEverything):
    def differently(self, data):
        """Omar lives 300 km away; the driveline can be talked through."""
        self.named["omar"]["home"] = {"latitude_deg": 50.1, "longitude_deg": 11.0}
        self.skills[DRIVELINE]["remote"] = True

    def test_is_booked_for_the_missing_skill_and_does_not_travel(self):
        case = self.broken_truck()
        self.assertEqual(self.crew(case), {"li": LEAD, "omar": REMOTE})
        visit = self.visit_of(case.name)
        self.assertEqual(visit.crew[1].travel_starts_at, visit.starts_at)
        li, omar = self.phone("li"), self.phone("omar")
        for phone in (li, omar):
            phone.send("AcceptOffer", name=phone.wait_offer(asset="assets/truck-7").offer.name)
        self.assertEqual(self.state(case.name), "scheduled")
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, omar.api.StartTravel, name=visit.name, says="from afar")
        li.send("StartTravel", name=visit.name)
        li.send("Arrive", name=visit.name)
        omar.send("Arrive", name=visit.name)
        self.assertIn("engineers/omar helps from afar now", self.timeline(case.name))
        step = li.api.ListSteps(visit=visit.name).steps[0]
        self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, omar.api.CompleteStep, name=step.name,
                            evidence=omar.answer_for(step), says="from afar")

    def test_has_no_time_for_anything_else_then(self):
        first = self.visit_of(self.broken_truck().name)
        machine = self.machine("truck-8")
        machine.say(machine.fault(MAP_SENSOR))
        second = self.visit_of(self.case("assets/truck-8").name)
        self.assertEqual(len(second.crew), 2)
        self.assertGreaterEqual(second.starts_at.ToSeconds(), first.ends_at.ToSeconds())


class ARemoteExpertOfAnotherTerritory(ARemoteExpert):
    def differently(self, data):
        super().differently(data)
        data["territories"].append({"name": "territories/south", "display_name": "South"})
        self.named["omar"]["territory"] = "territories/south"


class WhicheverCostsLess(OneEngineerCannotKnowEverything):
    """The control to the remote expert: who is near comes, though the skill could be brought from afar."""

    def differently(self, data):
        self.skills[DRIVELINE]["remote"] = True

    def test_who_is_near_comes(self):
        self.assertEqual(self.crew(self.broken_truck()), {"li": LEAD, "omar": SECOND})


class ASkillForHands(OneEngineerCannotKnowEverything):
    """The control to the remote expert: what cannot be told by phone is not."""

    def differently(self, data):
        self.named["omar"]["home"] = {"latitude_deg": 50.1, "longitude_deg": 11.0}

    def test_is_not_brought_from_afar(self):
        case = self.broken_truck()
        self.assertEqual((self.state(case.name), case.visit), ("open", ""))
        self.assertFalse(case.missing_skills, "somebody has it, but cannot be there")


class NobodyHasIt(OneEngineerCannotKnowEverything):
    def differently(self, data):
        self.cause["skills"] = [{"skill": DIESEL, "level": 2}, {"skill": DRIVELINE, "level": 5}]

    def test_the_case_names_the_skill_and_its_level_and_nobody_is_sent(self):
        case = self.broken_truck()
        self.assertEqual([(s.skill, s.level) for s in case.missing_skills], [(DRIVELINE, 5)])
        self.assertEqual((self.state(case.name), case.visit, case.visit_count), ("open", "", 0))
        self.assertTrue(any("nobody has skills/driveline at level 5" in line for line in self.timeline(case.name)))
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.api.CaseService.ApproveCase, name=case.name,
                            says="nobody has skills/driveline at level 5")

    def test_as_soon_as_somebody_has_it_the_visit_is_planned(self):
        case = self.broken_truck()
        omar = self.world.admin.WorkforceService.GetEngineer(name="engineers/omar")
        next(s for s in omar.skills if s.skill == DRIVELINE).level = 5
        self.world.admin.WorkforceService.UpdateEngineer(engineer=omar)
        self.advance(seconds=1)
        self.assertEqual(self.crew(case), {"li": LEAD, "omar": SECOND})
        self.assertFalse(self.api.CaseService.GetCase(name=case.name).missing_skills)


class TheDiagnosisSaysWhatItTakes(OneEngineerCannotKnowEverything):
    def differently(self, data):
        """One code, two causes about as probable: a matter of the engine, or of the driveline."""
        self.cause["skills"] = [{"skill": DIESEL, "level": 2}]
        self.other = next(c for c in data["causes"] if c["name"] == "causes/sensor-harness-chafed")
        self.other["skills"] = [{"skill": DRIVELINE, "level": 3}, {"skill": DIESEL, "level": 1}]
        self.other["rate"] = 3
        next(link for link in self.other["codes"] if link["code"].endswith("102-3"))["probability"] = 0.8

    def test_every_probable_cause_is_covered_at_the_highest_level_asked(self):
        case = self.broken_truck()
        self.assertEqual(self.skills_needed(case), {(DIESEL, 2), (DRIVELINE, 3)})
        self.assertEqual(self.crew(case), {"li": LEAD, "omar": SECOND})


class AnImprobableCause(TheDiagnosisSaysWhatItTakes):
    """The control: below a probability of 25 % nobody is sent for it."""

    def differently(self, data):
        super().differently(data)
        self.other["rate"] = 0.3

    def test_every_probable_cause_is_covered_at_the_highest_level_asked(self):
        case = self.broken_truck()
        self.assertEqual(self.skills_needed(case), {(DIESEL, 2)})
        self.assertEqual(self.crew(case), {"li": LEAD})


class TheMachineItself(OneEngineerCannotKnowEverything):
    def differently(self, data):
        self.cause["skills"] = [{"skill": DIESEL, "level": 2}]
        data["asset_models"][0]["skills"] = [{"skill": DRIVELINE, "level": 1}]

    def test_takes_skills_whatever_the_cause(self):
        case = self.broken_truck()
        self.assertEqual(self.skills_needed(case), {(DIESEL, 2), (DRIVELINE, 1)})
        self.assertEqual(self.crew(case), {"li": LEAD, "omar": SECOND})


class ANewDiagnosis(OneEngineerCannotKnowEverything):
    def differently(self, data):
        self.cause["skills"] = [{"skill": DIESEL, "level": 2}]
        self.named["zoe"]["inactive"] = False

    def test_takes_back_whom_it_makes_unqualified(self):
        """Li has said yes; then the driveline's codes come, and it is another's job."""
        case = self.broken_truck()
        li = self.phone("li")
        li.send("AcceptOffer", name=li.wait_offer(asset="assets/truck-7").offer.name)
        machine = self.machines[0]
        machine.say(machine.fault(OUTPUT_SPEED), machine.fault("j1939-84-9"))
        li.wait_offer(VISIT.OFFER_STATE_WITHDRAWN)
        self.assertIn(self.visit_of(case.name).engineer, ("engineers/zoe", "engineers/omar"))


if __name__ == "__main__":
    main()
