"""A lamp came on. An engineer drove two hours to a machine that had nothing; it was the ninth time. When the lamp came on
elsewhere, nobody went any more, and that machine stopped in the field.

A machine that warns but still does its work is asked another question: will it fail? What warnings came to is learnt; a
visit is made where it costs less than the stop, else the machine is watched or looked at from afar, and that ends too.
"""
import grpc

from story import CASE, MAP_SENSOR, Story, fleet, main, once


class TheLampThatMeantNothing(Story):
    TRUCKS = [f"truck-{n}" for n in range(31, 40)]

    def organisation(self, data):
        for code in data["fault_codes"]:
            code["severity"] = "SEVERITY_MINOR"
        truck = next(asset for asset in data["assets"] if asset["name"] == "assets/truck-7")
        data["assets"] += [{**truck, "name": f"assets/{name}", "devices": [name]} for name in self.TRUCKS]
        # A stop costs less than two visits, and nobody looks from afar at that price.
        self.costs = {"stop_cost": {"currency": "EUR", "millis": 550_000}, "visit_cost": {"currency": "EUR", "millis": 300_000},
                      "remote_check_cost": {"currency": "EUR", "millis": 500_000}}
        self.north = data["territories"][0]
        self.north["warning_costs"] = self.costs

    def diagnosis(self, case):
        return self.api.CaseService.GetDiagnosis(name=self.api.CaseService.GetCase(name=case).diagnosis)

    def warn(self, machine, code=MAP_SENSOR):
        machine.say(machine.worked(1), machine.fault(code))
        return self.case(f"assets/{machine.device}").name

    def it_goes_away(self, machine, case):
        machine.say(machine.fault(MAP_SENSOR, "CLEARED"))
        self.advance(minutes=1)  # the off-delay
        machine.say(machine.worked(1))
        self.advance(seconds=1300)
        machine.say(machine.worked(1300))
        self.assertEqual(self.state(case), "awaiting_confirmation")

    def confirmed(self, case):
        self.world.contact("mary").CaseService.ConfirmCase(name=case, solved=True, request_id=once())
        self.assertEqual(self.state(case), "closed")

    def nine_times_nothing(self):
        """Each time an engineer goes and finds nothing, and the customer agrees."""
        phone = self.phone()
        for name in self.TRUCKS:
            machine = self.machine(name)
            case = self.warn(machine)
            self.assertEqual(self.state(case), "offered", "while little was learnt, somebody goes")
            phone.do_visit(phone.wait_offer(asset=f"assets/{name}"), [], work_summary="looked at everything, found nothing")
            self.it_goes_away(machine, case)
            self.confirmed(case)
        self.advance(seconds=1)  # whoever follows the log has read it

    def test_while_nothing_was_learnt_somebody_goes(self):
        case = self.warn(self.machine())
        said = self.diagnosis(case)
        self.assertEqual(said.question, CASE.DIAGNOSIS_QUESTION_WARNING)
        self.assertEqual((said.none_probability, said.advice.action), (0, CASE.WARNING_ACTION_VISIT))
        self.assertEqual(self.state(case), "offered")

    def test_a_machine_that_has_stopped_is_asked_why(self):
        machine = self.machine()
        machine.say(machine.worked(1), machine.fault(MAP_SENSOR, lamps={"red_stop": True}))
        said = self.diagnosis(self.case().name)
        self.assertEqual(said.question, CASE.DIAGNOSIS_QUESTION_STOPPED)
        self.assertFalse(said.HasField("advice"))


    def test_nine_times_nothing_is_learnt(self):
        self.nine_times_nothing()
        machine = self.machine()
        case = self.warn(machine)
        said = self.diagnosis(case)
        self.assertGreater(said.none_probability, 0.4)
        self.assertEqual((said.advice.action, self.state(case)), (CASE.WARNING_ACTION_WATCH, "watched"))
        self.assertIn("watch", said.advice.reason)
        watched = self.api.CaseService.GetCase(name=case)
        self.assertTrue(watched.next_action and watched.HasField("next_action_at"), "no dead end")
        self.assertEqual(watched.visit, "")

        # It goes away: the machine proves it, the customer confirms it, and nobody drove.
        self.it_goes_away(machine, case)
        self.confirmed(case)
        self.assertEqual(self.api.CaseService.GetCase(name=case).visit_count, 0)

        # Where a stop is dear, the same lamp is worth a look from afar, and what is seen there a visit.
        self.costs["stop_cost"]["millis"], self.costs["remote_check_cost"]["millis"] = 2_500_000, 10_000
        self.costs.update(visit_cost={"currency": "EUR", "millis": 1_000_000}, remote_check_accuracy=0.95)
        fleet.load(self.world.admin, {"territories": [self.north]})
        case = self.warn(self.machine("truck-8"))
        self.assertEqual(self.api.CaseService.GetCase(name=case).warning_action, CASE.WARNING_ACTION_REMOTE_CHECK)
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, self.api.CaseService.RecordRemoteCheck, says="finding",
                            name=case, will_fail=True, request_id=once())
        after = self.api.CaseService.RecordRemoteCheck(name=case, will_fail=True, finding="the pressure falls by the hour",
                                                       request_id=once())
        self.assertEqual(CASE.CaseState.Name(after.state), "CASE_STATE_OFFERED")
        self.assertTrue(any("the pressure falls by the hour" in line for line in self.timeline(case)))


if __name__ == "__main__":
    main()
