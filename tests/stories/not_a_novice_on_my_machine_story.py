"""A new engineer was sent alone to an expensive machine.

Below the level that a job needs, an engineer goes only as the second of a crew with a mentor of that level. Visits done
that way count toward the next level, with the mentor's sign-off; a certificate that has expired counts for nothing.
"""
import datetime

import grpc

from story import MAP_SENSOR, VISIT, Story, main, once, v1

GROWTH, WORKFORCE = v1["growth"], v1["workforce"]
LEAD, SECOND = VISIT.CREW_ROLE_LEAD, VISIT.CREW_ROLE_SECOND
DIESEL = "skills/diesel"
WORDS = "found the fault by himself, and was careful"


class NotANovice(Story):
    """Tim is new: diesel at level 1, where the sensor takes 2. Zoe may mentor it; Li, who knows it as well, may not."""

    def organisation(self, data):
        self.named = {e["name"].split("/")[1]: e for e in data["engineers"]}
        self.diesel = next(s for s in data["skills"] if s["name"] == DIESEL)
        self.diesel["visits_for_level"] = 2
        self.north = next(t for t in data["territories"] if t["name"] == "territories/north")
        self.named["zoe"]["mentor_skills"] = [DIESEL]
        self.named["omar"]["skills"] = [{"skill": "skills/driveline", "level": 3}]
        tim = {"name": "engineers/tim", "display_name": "Tim Fuchs", "territory": "territories/north", "language": "en",
               "home": self.named["zoe"]["home"], "skills": [{"skill": DIESEL, "level": 1}]}
        data["engineers"].append(tim)
        self.named["tim"] = tim
        data["shifts"] += [{**shift, "name": shift["name"].replace("zoe", "tim"), "engineer": "engineers/tim"}
                           for shift in data["shifts"] if shift["engineer"] == "engineers/zoe"]
        self.differently(data)

    def differently(self, data):
        """What one test's organisation has otherwise."""

    def leave(self, *names):
        for name in names:
            self.named[name]["inactive"] = True

    @property
    def lead(self):
        return self.world.api("lead", "lead/ruth").WorkforceService

    def case_on(self, asset="assets/truck-7"):
        return self.api.CaseService.CreateCase(asset=asset, summary="lamp on", codes=[MAP_SENSOR], request_id=once())

    def crew(self, visit):
        return {m.engineer.split("/")[1]: m.role for m in visit.crew}

    def give_to(self, engineer, case):
        return self.api.DispatchService.ReassignVisit(name=self.visit_of(case.name).name, engineer=f"engineers/{engineer}",
                                                      reason="the dispatcher wants it so", request_id=once())

    def phone_of(self, name):
        known = {phone.name: phone for phone in self.phones}
        return known.get(name) or self.phone(name)

    def accept(self, asset, *names):
        """All of them take their open offers for the asset; returns the visit's name."""
        for name in names:
            offer = self.phone_of(name).wait_offer(asset=asset)
            self.phone_of(name).send("AcceptOffer", name=offer.offer.name)
        return offer.visit.name

    def supervised(self, asset="assets/truck-7"):
        """Tim goes with Zoe, and they mend it; returns the visit."""
        self.give_to("tim", self.case_on(asset))
        visit = self.accept(asset, "zoe", "tim")
        for name in ("tim", "zoe"):
            self.phone_of(name).send("StartTravel", name=visit)
            self.phone_of(name).send("Arrive", name=visit)
        self.phone_of("zoe").run_checklist(visit)
        return self.phone_of("zoe").send("CompleteVisit", name=visit, found_causes=["causes/map-sensor-open"], restored=True)

    def sign_off(self, visit, by="zoe", passed=True, **more):
        return self.world.engineer(by).WorkforceService.SignOffVisit(**{
            "visit": visit.name, "engineer": "engineers/tim", "skill": DIESEL, "passed": passed, "words": WORDS,
            "request_id": once(), **more})

    def level(self, name="tim"):
        engineer = self.api.WorkforceService.GetEngineer(name=f"engineers/{name}")
        return next(s.level for s in engineer.skills if s.skill == DIESEL)

    def proposals(self):
        return list(self.api.WorkforceService.ListLevelProposals(engineer="engineers/tim").level_proposals)

    def growth(self, engineer="tim"):
        return self.api.WorkforceService.ListGrowth(engineer=f"engineers/{engineer}", skill=DIESEL).growth[0]

    def unfit(self):
        return {b.visit.name: b.reason for b in self.api.WorkforceService.ListUnfitBookings().bookings}

    def certificate(self, engineer="zoe", **until):
        """A certificate from Sunday on, for so long after now."""
        now = datetime.datetime.fromtimestamp(self.world.now(), datetime.timezone.utc)
        certificate = GROWTH.Certificate(name=f"certificates/{engineer}-1", engineer=f"engineers/{engineer}", skill=DIESEL,
                                         issuer="Chamber of Crafts")
        certificate.valid_from.FromDatetime(now - datetime.timedelta(days=1))
        certificate.valid_until.FromDatetime(now + datetime.timedelta(**until))
        return self.world.admin.WorkforceService.UpdateCertificate(certificate=certificate)


class NeverAlone(NotANovice):
    def differently(self, data):
        self.leave("li", "zoe")

    def test_rather_nobody_than_a_novice(self):
        case = self.case_on()
        self.assertEqual((self.state(case.name), case.visit), ("open", ""))
        self.assertEqual([(s.skill, s.level) for s in case.missing_skills], [(DIESEL, 2)])
        self.assertTrue(any("nobody has skills/diesel at level 2" in line for line in self.timeline(case.name)))

    def test_with_the_level_he_may(self):
        """The control: it is the level that keeps him, nothing else."""
        tim = self.world.admin.WorkforceService.GetEngineer(name="engineers/tim")
        tim.skills[0].level = 2
        self.world.admin.WorkforceService.UpdateEngineer(engineer=tim)
        self.assertEqual(self.crew(self.visit_of(self.case_on().name)), {"tim": LEAD})


class NotEvenIfADispatcherSaysSo(NotANovice):
    def test_he_goes_as_second_of_a_mentor(self):
        visit = self.give_to("tim", self.case_on())
        self.assertEqual(self.crew(visit), {"zoe": LEAD, "tim": SECOND})
        tim = visit.crew[1]
        self.assertEqual(([s.skill for s in tim.covers], [s.skill for s in tim.trains]), ([], [DIESEL]))
        self.assertIn("engineers/tim comes along to learn skills/diesel", visit.assignment.reason)

    def test_the_visit_begins_with_the_mentor(self):
        visit = self.give_to("tim", self.case_on()).name
        self.accept("assets/truck-7", "zoe", "tim")
        tim, zoe = self.phone_of("tim"), self.phone_of("zoe")
        tim.send("StartTravel", name=visit)
        tim.send("Arrive", name=visit)
        step = tim.api.ListSteps(visit=visit).steps[0]
        refused = dict(name=step.name, evidence=tim.answer_for(step))
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, tim.api.CompleteStep, says="travelling", **refused)
        self.assertTrue(any("waits for engineers/zoe" in line for line in self.timeline(self.case().name)))
        zoe.send("Arrive", name=visit)
        tim.send("CompleteStep", **refused)

    def test_if_the_mentor_declines_he_does_not_go_alone(self):
        case = self.case_on()
        self.give_to("tim", case)
        zoe, tim = self.phone_of("zoe"), self.phone_of("tim")
        tim.wait_offer(asset="assets/truck-7")
        zoe.send("DeclineOffer", name=zoe.wait_offer(asset="assets/truck-7").offer.name, reason="flat tyre")
        self.assertEqual(self.crew(self.visit_of(case.name)), {"li": LEAD})
        tim.wait_offer(VISIT.OFFER_STATE_WITHDRAWN)


class NoMentorNoNovice(NotANovice):
    def differently(self, data):
        self.named["zoe"]["mentor_skills"] = []

    def test_a_master_who_may_not_mentor_does_not_help(self):
        case = self.case_on()
        before = self.visit_of(case.name)
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.api.DispatchService.ReassignVisit, name=before.name,
                            engineer="engineers/tim", reason="try him", request_id=once(), says="cannot take it")
        self.assertEqual(self.visit_of(case.name).crew, before.crew, "nothing has changed")


class Growing(NotANovice):
    def test_signed_off_visits_propose_a_level_and_a_lead_grants_it(self):
        first = self.supervised("assets/truck-7")
        signed = self.sign_off(first)
        self.assertEqual((signed.mentor, signed.level, signed.passed), ("engineers/zoe", 1, True))
        self.assertTrue(any(WORDS in line for line in self.timeline(first.case_name)))
        self.assertEqual((self.growth().visits_counted, self.growth().visits_needed, self.proposals()), (1, 2, []))
        self.sign_off(self.supervised("assets/truck-8"))
        proposal, = self.proposals()
        self.assertEqual((proposal.from_level, proposal.to_level, len(proposal.sign_offs)), (1, 2, 2))
        self.assertEqual(self.growth().proposal, proposal.name)
        self.assertEqual(self.level(), 1, "a proposal is not a level")
        granted = self.lead.DecideLevelProposal(name=proposal.name, approve=True, reason="seen it myself", request_id=once())
        self.assertEqual((granted.state, granted.decided_by), (GROWTH.LEVEL_PROPOSAL_STATE_APPROVED, "lead/ruth"))
        held = self.api.WorkforceService.GetEngineer(name="engineers/tim").skills[0]
        self.assertEqual((held.level, held.granted_by), (2, proposal.name))
        alone = self.give_to("tim", self.case_on("assets/press-1"))
        self.assertEqual(self.crew(alone), {"tim": LEAD})
        self.assertEqual((self.growth().level, self.growth().visits_counted), (2, 0), "they count once")

    def test_what_did_not_go_well_does_not_count(self):
        self.sign_off(self.supervised("assets/truck-7"), passed=False)
        self.sign_off(self.supervised("assets/truck-8"))
        self.assertEqual((self.growth().visits_counted, self.proposals()), (1, []))

    def test_without_a_sign_off_nothing_counts(self):
        self.supervised("assets/truck-7")
        self.supervised("assets/truck-8")
        self.assertEqual((self.growth().visits_counted, self.proposals()), (0, []))

    def test_a_rejected_proposal_leaves_the_level_and_new_visits_are_needed(self):
        for asset in ("assets/truck-7", "assets/truck-8"):
            self.sign_off(self.supervised(asset))
        proposal, = self.proposals()
        self.lead.DecideLevelProposal(name=proposal.name, approve=False, reason="too hasty", request_id=once())
        self.assertEqual((self.level(), self.growth().visits_counted), (1, 0))
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.lead.DecideLevelProposal, name=proposal.name,
                            approve=True, reason="after all", request_id=once(), says="already")

    def test_only_who_was_there_signs_once_and_with_words(self):
        visit = self.supervised()
        refused = lambda code, **what: self.assert_refused(code, lambda **w: self.sign_off(visit, **w), **what)  # noqa: E731
        refused(grpc.StatusCode.PERMISSION_DENIED, by="li", says="was not at the machine")
        refused(grpc.StatusCode.PERMISSION_DENIED, by="tim", says="their own work")
        refused(grpc.StatusCode.INVALID_ARGUMENT, words="", says="words")
        refused(grpc.StatusCode.FAILED_PRECONDITION, skill="skills/driveline", says="did not practise")
        refused(grpc.StatusCode.PERMISSION_DENIED, engineer="engineers/omar", says="was not at the machine")
        self.sign_off(visit)
        refused(grpc.StatusCode.ALREADY_EXISTS, says="signed by engineers/zoe")

    def test_nobody_but_a_lead_grants_levels(self):
        for asset in ("assets/truck-7", "assets/truck-8"):
            self.sign_off(self.supervised(asset))
        proposal, = self.proposals()
        for api in (self.world.engineer("zoe"), self.world.dispatcher):
            self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, api.WorkforceService.DecideLevelProposal,
                                name=proposal.name, approve=True, reason="he is good", request_id=once())

    def test_a_visit_is_signed_off_when_it_is_over(self):
        visit = self.give_to("tim", self.case_on())
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, lambda **_: self.sign_off(visit), says="completed")


class TheGrowthView(NotANovice):
    def differently(self, data):
        self.leave("li")

    def test_shows_which_open_visit_would_bring_whom_to_which_level(self):
        self.sign_off(self.supervised("assets/truck-8"))
        visit = self.visit_of(self.case_on("assets/truck-7").name)
        chance, = self.growth().chances
        self.assertEqual((chance.visit, chance.mentor, chance.to_level, chance.reaches_level, chance.hindrance),
                         (visit.name, "engineers/zoe", 2, True, ""))

    def test_shows_no_chance_without_a_mentor(self):
        self.case_on("assets/truck-7")
        zoe = self.world.admin.WorkforceService.GetEngineer(name="engineers/zoe")
        del zoe.mentor_skills[:]
        self.world.admin.WorkforceService.UpdateEngineer(engineer=zoe)
        self.assertEqual(list(self.growth().chances), [])


class Training(NotANovice):
    """The territory says that trainees come along where it costs nobody time."""

    def differently(self, data):
        self.leave("li")
        self.north["train"] = True

    def test_a_trainee_comes_along_where_it_counts(self):
        self.assertEqual(self.crew(self.visit_of(self.case_on().name)), {"zoe": LEAD, "tim": SECOND})

    def test_if_he_declines_the_visit_takes_place_without_him(self):
        case = self.case_on()
        before = self.visit_of(case.name)
        tim = self.phone_of("tim")
        tim.send("DeclineOffer", name=tim.wait_offer(asset="assets/truck-7").offer.name, reason="school")
        after = self.visit_of(case.name)
        self.assertEqual((self.crew(after), after.starts_at), ({"zoe": LEAD}, before.starts_at))
        self.accept("assets/truck-7", "zoe")
        self.assertEqual(self.state(case.name), "scheduled")

    def test_the_mentor_does_not_wait_for_his_answer(self):
        case = self.case_on()
        self.accept("assets/truck-7", "zoe")
        self.assertEqual(self.state(case.name), "scheduled")


class NoTraining(NotANovice):
    """The control: who does not ask for it gets one engineer."""

    def differently(self, data):
        self.leave("li")

    def test_nobody_comes_along(self):
        self.assertEqual(self.crew(self.visit_of(self.case_on().name)), {"zoe": LEAD})


class Certificates(NotANovice):
    def differently(self, data):
        self.leave("li")

    def test_one_that_has_expired_counts_for_nothing(self):
        self.certificate(minutes=30)
        self.advance(hours=1)
        case = self.case_on()
        self.assertEqual(case.visit, "")
        self.assertEqual((self.growth("zoe").level, self.growth("zoe").counting_level), (3, 0))

    def test_one_that_is_valid_counts(self):
        """The control."""
        self.certificate(days=30)
        self.assertEqual(self.crew(self.visit_of(self.case_on().name)), {"zoe": LEAD})
        self.assertEqual(self.growth("zoe").certificate, "certificates/zoe-1")

    def test_it_has_to_be_good_on_the_day_of_the_visit_not_today(self):
        self.certificate(minutes=20)
        self.assertEqual(self.case_on().visit, "", "the work would not be over in twenty minutes")

    def test_one_that_ends_before_she_sets_out_takes_the_booking_back(self):
        self.certificate(hours=2)
        case = self.case_on()
        visit = self.accept("assets/truck-7", "zoe")
        self.advance(hours=3)
        self.assertEqual(self.state(case.name), "open")
        self.phone_of("zoe").wait_offer(VISIT.OFFER_STATE_WITHDRAWN)
        self.assertTrue(any("certificate for skills/diesel has expired" in line for line in self.timeline(case.name)))
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.phone_of("zoe").api.StartTravel, name=visit,
                            says="certificate for skills/diesel has expired")
        self.assertIn("certificate for skills/diesel", self.unfit()[visit])
        self.certificate(days=30)  # renewed: she may go after all
        self.advance(seconds=1)
        self.assertEqual((self.unfit(), self.visit_of(case.name).engineer), ({}, "engineers/zoe"))

    def test_one_that_is_revoked_takes_the_booking_back_at_once(self):
        self.certificate(days=30)
        case = self.case_on()
        visit = self.accept("assets/truck-7", "zoe")
        self.lead.RevokeCertificate(name="certificates/zoe-1", reason="forged", request_id=once())
        self.assertEqual(self.state(case.name), "open")
        self.assertIn(visit, self.unfit())
        again = self.api.WorkforceService.GetCertificate(name="certificates/zoe-1")
        again.valid_until.FromSeconds(again.valid_until.ToSeconds() + 86400)
        self.assertTrue(self.lead.UpdateCertificate(certificate=again, request_id=once()).HasField("revoked_at"),
                        "writing it again does not undo it")

    def test_under_way_it_is_listed_and_arriving_is_refused(self):
        self.certificate(days=30)
        case = self.case_on()
        visit = self.accept("assets/truck-7", "zoe")
        self.phone_of("zoe").send("StartTravel", name=visit)
        self.lead.RevokeCertificate(name="certificates/zoe-1", reason="forged", request_id=once())
        self.assertEqual(list(self.unfit()), [visit])
        self.assertTrue(any("no longer qualified, but under way" in line for line in self.timeline(case.name)))
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.phone_of("zoe").api.Arrive, name=visit, says="taken back")
        self.assertEqual(self.state(case.name), "open")

    def test_a_level_that_is_lowered_takes_the_booking_back(self):
        case = self.case_on()
        self.accept("assets/truck-7", "zoe")
        zoe = self.world.admin.WorkforceService.GetEngineer(name="engineers/zoe")
        next(s for s in zoe.skills if s.skill == DIESEL).level = 1
        self.world.admin.WorkforceService.UpdateEngineer(engineer=zoe)
        self.assertEqual(self.state(case.name), "open")
        self.advance(seconds=1)
        self.assertEqual([(s.skill, s.level) for s in self.api.CaseService.GetCase(name=case.name).missing_skills], [(DIESEL, 2)])

    def test_where_the_law_changes_setting_out_is_refused_and_the_case_planned_anew(self):
        """The skill needs a certificate from now on; nobody has touched the engineer."""
        case = self.case_on()
        visit = self.accept("assets/truck-7", "zoe")
        skill = self.api.KnowledgeService.GetSkill(name=DIESEL)
        skill.certificate_required = True
        self.world.admin.KnowledgeService.UpdateSkill(skill=skill)
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.phone_of("zoe").api.StartTravel, name=visit,
                            says="certificate for skills/diesel", request_id="try")
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.phone_of("zoe").api.StartTravel, name=visit,
                            says="certificate for skills/diesel", request_id="try")
        self.assertEqual(self.state(case.name), "open")

    def test_the_document_is_kept_with_it(self):
        blob = self.phone_of("zoe").upload()
        certificate = GROWTH.Certificate(name="certificates/zoe-2", engineer="engineers/zoe", skill=DIESEL,
                                         issuer="Chamber of Crafts", document=blob.name)
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, self.lead.UpdateCertificate, certificate=certificate,
                            says="valid_until")
        certificate.valid_until.FromSeconds(1_900_000_000)
        self.assertEqual(self.lead.UpdateCertificate(certificate=certificate).document, blob.name)
        certificate.document = "blobs/" + "0" * 64
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, self.lead.UpdateCertificate, certificate=certificate,
                            says="document")


class CertificatesOfAMentor(NotANovice):
    def test_an_expired_one_is_no_mentor(self):
        self.certificate(minutes=30)
        self.advance(hours=1)
        case = self.case_on()  # Li takes it
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.give_to, engineer="tim", case=case, says="cannot take it")

    def test_one_that_was_good_when_they_were_there_signs_off_later_too(self):
        self.certificate(days=30)
        visit = self.supervised()
        self.advance(minutes=1)
        self.lead.RevokeCertificate(name="certificates/zoe-1", reason="retired", request_id=once())
        self.sign_off(visit)
        self.assertEqual(self.growth().visits_counted, 1)

    def test_a_level_is_not_granted_on_an_expired_certificate(self):
        self.certificate("tim", hours=5)
        for asset in ("assets/truck-7", "assets/truck-8"):
            self.sign_off(self.supervised(asset))
        self.advance(hours=6)
        proposal, = self.proposals()
        self.assert_refused(grpc.StatusCode.FAILED_PRECONDITION, self.lead.DecideLevelProposal, name=proposal.name,
                            approve=True, reason="well done", request_id=once(), says="counts for nothing")
        self.assertEqual(self.level(), 1)
        self.certificate("tim", days=300)
        self.lead.DecideLevelProposal(name=proposal.name, approve=True, reason="renewed", request_id=once())
        self.assertEqual(self.level(), 2)


if __name__ == "__main__":
    main()
