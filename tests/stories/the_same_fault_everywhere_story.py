"""The same sensor failed on truck after truck that spring. Each workshop mended its own and thought no more of it; only in
autumn did somebody lay the bills beside each other.

A code that comes more often than its past raises a defect signal by itself, with the statistics that say so. A code
that goes on as it always did raises none.
"""
import grpc

from story import MAP_SENSOR, MONDAY, OUTPUT_SPEED, Story, main, once


class TheSameFaultEverywhere(Story):
    STEADY = [f"truck-{n}" for n in range(100, 120)]  # one fault in ten days, all of them together
    SPRING = [f"truck-{n}" for n in range(200, 224)]  # three a day
    OTHERS = [f"truck-{n}" for n in range(300, 310)]  # another code, as seldom as ever

    def organisation(self, data):
        truck = next(asset for asset in data["assets"] if asset["name"] == "assets/truck-7")
        data["assets"] += [{**truck, "name": f"assets/{name}", "devices": [name], "commissioned_at": MONDAY}
                           for name in self.STEADY + self.SPRING + self.OTHERS]
        data["territories"][0]["automation"] = "AUTOMATION_LEVEL_OBSERVE"  # each workshop mends its own

    def fails(self, name, code=MAP_SENSOR):
        machine = self.machine(name)
        machine.say(machine.fault(code))
        machine.close()
        self.machines.remove(machine)

    def signals(self, api=None):
        return list((api or self.api).KnowledgeService.ListDefectSignals(page_size=100).defect_signals)

    def test_a_code_that_comes_more_often_than_its_past(self):
        for number, name in enumerate(self.STEADY):
            self.fails(name)
            if number % 2 == 0:
                self.fails(self.OTHERS[number // 2], OUTPUT_SPEED)
            self.advance(days=10)
        self.assertEqual(self.signals(), [], "as it always was")

        for number, name in enumerate(self.SPRING):
            self.fails(name)
            if number % 3 == 2:
                self.advance(days=1)
        signal, = self.signals()
        self.assertEqual((signal.subject, signal.model), (MAP_SENSOR, "assetModels/truck-13l"))
        self.assertGreater(signal.ratio_low, 3)
        self.assertLess(signal.observed, len(self.SPRING), "before all of them had failed")
        self.assertGreater(signal.e_value, signal.threshold)
        self.assertIn(signal.assets[0].removeprefix("assets/"), self.SPRING)
        for said in ("times as often", "expected"):
            self.assertIn(said, signal.explanation)

        # It is raised once, survives the service, and somebody takes it over.
        self.world.server.kill()
        self.world.start_server()
        self.assertEqual([s.name for s in self.signals()], [signal.name])
        lead = self.world.api("lead", "lead/kim")
        self.assert_refused(grpc.StatusCode.INVALID_ARGUMENT, lead.KnowledgeService.AcknowledgeDefectSignal, says="comment",
                            name=signal.name, request_id=once())
        taken = lead.KnowledgeService.AcknowledgeDefectSignal(name=signal.name, comment="the supplier is asked", request_id=once())
        self.assertEqual(taken.acknowledged_by, "lead/kim")

    def test_nobody_else_sees_it(self):
        for api in (self.world.contact("mary"), ):
            self.assert_refused(grpc.StatusCode.PERMISSION_DENIED, api.KnowledgeService.ListDefectSignals)


if __name__ == "__main__":
    main()
