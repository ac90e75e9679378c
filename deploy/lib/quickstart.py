"""The story of one case as it happens, and with --check a verdict on it. Started by deploy/quickstart."""
import argparse
import datetime
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import captures  # noqa: E402
import fleet  # noqa: E402
from api import v1  # noqa: E402
from people import Phone, once  # noqa: E402
from world import World, wait_for  # noqa: E402

CASE, VISIT, INVENTORY = v1["case"], v1["visit"], v1["inventory"]
FAULT = "j1939-102-3"


class Verdict:
    """Checks, each told as it is made."""

    def __init__(self):
        self.failed = []

    def check(self, what, holds):
        print(f"   {'✓' if holds else '✗'} {what}", flush=True)
        if not holds:
            self.failed.append(what)


def say(text):
    print(f"\n── {text}", flush=True)


def shifts(start):
    """Five days of work for everybody, from an hour before now."""
    begin = start.replace(microsecond=0) - datetime.timedelta(hours=1)
    for engineer in ("li", "omar", "zoe"):
        for day in range(5):
            a = begin + datetime.timedelta(days=day)
            yield {"name": f"shifts/{engineer}-{day}", "engineer": f"engineers/{engineer}",
                   "starts_at": a.isoformat() + "Z", "ends_at": (a + datetime.timedelta(hours=12)).isoformat() + "Z"}


def tell_story(world, stopped):
    """Prints every timeline entry of every case as it is written."""
    told = set()
    while not stopped.is_set():
        try:
            for case in world.dispatcher.CaseService.ListCases().cases:
                for entry in world.dispatcher.CaseService.ListTimelineEntries(case_name=case.name, page_size=1000).timeline_entries:
                    if entry.name not in told:
                        told.add(entry.name)
                        print(f"   {case.asset:<16} {entry.text}", flush=True)
        except Exception:  # the service is being killed just now; it will be back
            pass
        stopped.wait(0.3)


def other_trucks(world, data, logs):
    """One more machine for every further capture."""
    for log in logs:
        device = "rig-" + log.stem.replace("_", "-")
        data["assets"].append({"name": f"assets/{device}", "display_name": log.name, "model": "assetModels/truck-13l",
                               "site": "sites/hill-farm-yard", "devices": [device]})
        yield device, log


def find_case(world, asset):
    cases = [c for c in world.dispatcher.CaseService.ListCases(asset=asset).cases]
    return cases[0] if cases else None


def run(args, verdict):
    now = datetime.datetime.utcnow()
    world = World(args.bin, args.directory, manual_clock=True, clock_start=now.isoformat(timespec="seconds") + "Z")
    stopped = threading.Event()
    phone = None
    try:
        say("The broker and firstfixd start; a small service organisation is written through the API")
        world.start()
        data = fleet.demo()
        data["shifts"] = list(shifts(now))
        logs = sorted(pathlib.Path(args.data, "j1939/logs").glob("*.log")) if args.data else []
        real = next((log for log in logs if log.name == "ctr_maxxforce.log"), None)
        rigs = list(other_trucks(world, data, [log for log in logs if log != real]))
        for user in ("truck-7", *(device for device, _ in rigs)):
            world.add_device(user)
        print(f"   {fleet.load(world.admin, data)} records")
        capture = real
        if capture is None:
            capture = world.dir / "failing.log"
            capture.write_text(captures.drive(30, fault_from=4))
        threading.Thread(target=tell_story, args=(world, stopped), daemon=True).start()
        phone = Phone(world, "li")

        say(f"Truck 7 drives ({capture.name}); its agent is killed on the way and started again")
        agent = world.agent("truck-7", "--source", f"can-log:{capture},speed=20")
        world.broker.kill()  # the agent meets a broker that is dead
        agent.start()
        wait_for("the agent has written to its spool", lambda: any((world.dir / "spools/truck-7").rglob("*")))
        agent.kill()
        agent.start()
        say("The broker was killed before it spoke; it comes back now")
        world.start_broker()
        for device, log in rigs:
            world.agent(device, "--source", f"can-log:{log},speed=max").start()

        offer = phone.wait_offer(asset="assets/truck-7")
        case = offer.case.name
        say(f"Li's phone shows an offer with {len(offer.steps)} steps; firstfixd is killed now and started again")
        world.server.kill()
        world.start_server()

        say("Li accepts, drives, and works through the checklist")
        visit = phone.do_visit(offer, ["causes/map-sensor-open"], ["parts/map-sensor"],
                               told=lambda step: print(f"   ☑ {step.template.title.text['en']}", flush=True))
        after_work = world.dispatcher.CaseService.GetCase(name=case)
        verdict.check("work done is not case closed", after_work.state in (CASE.CASE_STATE_PROVING, CASE.CASE_STATE_WAITING_FOR_OPERATION))
        agent.stop()
        silent = wait_for("the case waits for the machine to work", lambda: (
            lambda c: c if c.state == CASE.CASE_STATE_WAITING_FOR_OPERATION else None)(world.dispatcher.CaseService.GetCase(name=case)))
        verdict.check("a silent machine proves nothing: waiting_for_operation", silent.proving.worked.ToSeconds() == 0)

        say("The truck drives again, well; the code goes, and the repair proves itself")
        healthy = world.dir / "healthy.log"
        healthy.write_text(captures.drive(1500))
        agent = world.agent("truck-7", "--source", f"can-log:{healthy},speed=200")
        agent.start()
        wait_for("the code is cleared or clearing", lambda: all(
            e.state in (CASE.EPISODE_STATE_CLEARING, CASE.EPISODE_STATE_CLEARED)
            for e in world.dispatcher.CaseService.ListFaultEpisodes(case_name=case).fault_episodes))
        world.advance(seconds=60)
        wait_for("the machine has proven the repair", lambda: world.dispatcher.CaseService.GetCase(name=case).state == CASE.CASE_STATE_AWAITING_CONFIRMATION)

        say("The customer confirms")
        world.contact("mary").CaseService.ConfirmCase(name=case, solved=True, comment="runs like new", request_id=once())
        judge(world, verdict, phone, case, offer, visit)
        stopped.set()
        summary(world)
    finally:
        stopped.set()
        if phone:
            phone.close()
        for agent in world.agents.values():
            agent.stop()
        if not args.check:
            world.close()
        else:
            codes = [world.server.stop(), world.broker.stop()]
            verdict.check("SIGTERM ends firstfixd with 0", codes[0] == 0)
            world.close()


def judge(world, verdict, phone, name, offer, visit):
    """Everything that was promised, read back over gRPC."""
    say("Read back over gRPC")
    api = world.dispatcher
    case = api.CaseService.GetCase(name=name)
    verdict.check("the case is closed: confirmed", (case.state, case.resolution) == (CASE.CASE_STATE_CLOSED, CASE.CASE_RESOLUTION_CONFIRMED))
    verdict.check("it worked at least its proving time", case.proving.worked.ToSeconds() >= case.proving.required.ToSeconds() > 0)
    episodes = [e for e in api.CaseService.ListFaultEpisodes(asset="assets/truck-7", page_size=1000).fault_episodes]
    verdict.check("the fault is in exactly one episode, and that is over", [(e.code, e.state) for e in episodes] == [(FAULT, CASE.EPISODE_STATE_CLEARED)])
    verdict.check("there is one case for the truck", len(api.CaseService.ListCases(asset="assets/truck-7").cases) == 1)
    verdict.check("there was one offer", len(api.DispatchService.ListOffers(visit=visit.name).offers) == 1)
    diagnosis = api.CaseService.GetDiagnosis(name=case.diagnosis)
    verdict.check("the diagnosis names the sensor and says why", diagnosis.causes[0].cause == "causes/map-sensor-open" and len(diagnosis.evidence) > 0)
    kit = api.CaseService.GetPartsPlan(name=case.parts_plan)
    verdict.check("the kit holds the sensor, and every line says why", any(l.chosen and l.part == "parts/map-sensor" for l in kit.lines) and all(l.reason for l in kit.lines))
    stored = api.DispatchService.GetVisit(name=visit.name)
    verdict.check("the assignment names runners-up and who could not", bool(stored.assignment.runners_up) and bool(stored.assignment.impossible))
    steps = world.engineer("li").EngineerService.ListSteps(visit=visit.name).steps
    verdict.check("every mandatory step has its evidence", bool(steps) and all(s.state == VISIT.STEP_STATE_DONE and s.answered_by for s in steps if s.template.mandatory and s.state != VISIT.STEP_STATE_HIDDEN))
    held = [r for r in api.InventoryService.ListReservations().reservations if r.visit == visit.name and r.state == INVENTORY.RESERVATION_STATE_HELD]
    lines = api.InventoryService.ListStockLines().stock_lines
    verdict.check("no part of the visit is still reserved; none is reserved beyond stock", not held and all(l.reserved <= l.on_hand for l in lines))
    device = api.FleetService.GetDevice(name="devices/truck-7")
    verdict.check("everything the device said is durable, nothing dropped", device.durable_through > 0 and device.dropped_count == 0)
    outcome = api.KnowledgeService.GetOutcome(name=f"outcomes/{visit.name.split('/')[1]}")
    verdict.check("learning has what was found and used", (list(outcome.causes), list(outcome.parts)) == (["causes/map-sensor-open"], ["parts/map-sensor"]))
    entries = api.CaseService.ListTimelineEntries(case_name=name, page_size=1000).timeline_entries
    verdict.check("the timeline has no gap", [int(e.name.rsplit("/", 1)[1]) for e in entries] == list(range(case.timeline_count)))
    verdict.check("the phone's stream came without repeat", len(phone.seen) == len(set(phone.seen)))


def summary(world):
    say("Summary")
    for case in world.dispatcher.CaseService.ListCases().cases:
        state = CASE.CaseState.Name(case.state).removeprefix("CASE_STATE_").lower()
        if case.state == CASE.CASE_STATE_CLOSED:
            state += ": " + CASE.CaseResolution.Name(case.resolution).removeprefix("CASE_RESOLUTION_").lower()
        print(f"   {case.asset:<32} {case.episode_count:>3} faults  {state:<24} {case.summary}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="deploy/quickstart", description=__doc__)
    parser.add_argument("--bin", required=True, help="folder with the built programs")
    parser.add_argument("--data", help="folder that holds j1939/logs: real captures to replay")
    parser.add_argument("--directory", help="where to keep everything; default a new temporary one")
    parser.add_argument("--check", action="store_true", help="run to a verdict: exit code 0 or 1")
    args = parser.parse_args()
    verdict = Verdict()
    try:
        run(args, verdict)
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
        return 130
    except Exception as error:  # the verdict tells what happened, whatever it was
        verdict.check(f"{type(error).__name__}: {error}", False)
    if verdict.failed:
        print(f"\nFAILED: {'; '.join(verdict.failed)}")
        return 1
    print("\nclosed: confirmed — everything above was read back over gRPC")
    return 0


if __name__ == "__main__":
    sys.exit(main())
