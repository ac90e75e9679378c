"""`firstfix plan` as its users call it: files in, a plan out, and what it says when something is wrong with them."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

FIRSTFIX = pathlib.Path(os.environ.get("FIRSTFIX_BIN", "build/dev/bin")) / "firstfix"
HOUR = 3600


def day(**jobs):
    """One engineer from eight to twelve, places ten minutes apart on a line; jobs by name, the first at place 1."""
    places = len(jobs) + 1
    return {"engineers": [{"id": 1, "location": 0, "shift": [8 * HOUR, 12 * HOUR], "skills": []}],
            "jobs": [{"id": i, "location": i, "service": HOUR, "skills": [], "priority": 50, "windows": [[8 * HOUR, 11 * HOUR]]} | more
                     for i, more in enumerate(jobs.values(), 1)],
            "matrix": [[600 * abs(i - j) for j in range(places)] for i in range(places)]}


class Plan(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def run_plan(self, problem, *arguments, plan=None):
        command = [FIRSTFIX, "plan", "--problem", self.write("problem.json", problem), *arguments]
        if plan is not None:
            command += ["--plan", self.write("plan.json", plan)]
        return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)

    def planned(self, *arguments, **more):
        done = self.run_plan(*arguments, **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout), done.stderr

    def refused(self, *arguments, **more):
        done = self.run_plan(*arguments, **more)
        self.assertEqual((done.returncode != 0, done.stdout), (True, ""))
        return done.stderr

    @staticmethod
    def served(plan):
        return sorted(stop["job"] for route in plan["routes"] for stop in route["stops"])

    def test_no_time_is_enough_for_a_valid_plan(self):
        plan, _ = self.planned(day(a={}, b={}), "--time-limit", "0")
        self.assertEqual(self.served(plan), [1, 2])

    def test_what_cannot_be_done_is_named_with_what_would_help(self):
        plan, _ = self.planned(day(a={"service": 5 * HOUR}, b={}), "--time-limit", "0")
        self.assertEqual(self.served(plan), [2])
        left_out, = plan["unassigned"]
        self.assertEqual(left_out["job"], 1)
        self.assertTrue(left_out["reason"] and left_out["cheapest_relaxation"])

    def test_a_bad_field_is_named_by_its_path(self):
        for bad, path in ((day(a={"priority": -1}), "jobs[0].priority"), (day(a={"service": 1e300}), "jobs[0].service"),
                          (json.dumps(day(a={})).replace('"priority": 50', '"priority": NaN'), "jobs[0].priority")):
            self.assertIn(path, self.refused(bad, "--time-limit", "0"))

    def test_a_job_that_comes_in_gets_the_cheapest_place_and_nothing_else_moves(self):
        problem = day(a={}, late={})
        before = {"routes": [{"engineer": 1, "stops": [{"job": 1, "start": 10 * HOUR}]}]}
        plan, said = self.planned(problem, "--insert", 2, plan=before)
        self.assertEqual(self.served(plan), [1, 2])
        self.assertIn("job 2: engineer 1 at ", said)
        self.assertNotIn("gives way", said)

    def test_where_there_is_no_room_what_is_worth_less_gives_way(self):
        problem = day(a={"service": 3 * HOUR}, urgent={"priority": 95})
        before = {"routes": [{"engineer": 1, "stops": [{"job": 1, "start": 8 * HOUR + 600}]}]}
        plan, said = self.planned(problem, "--insert", 2, plan=before)
        self.assertEqual(self.served(plan), [2])
        self.assertIn("gives way: job 1, now unassigned", said)
        self.assertEqual([left_out["job"] for left_out in plan["unassigned"]], [1])

    def test_what_has_no_place_is_said_and_the_rest_stays(self):
        problem = day(a={"service": 3 * HOUR}, b={})
        before = {"routes": [{"engineer": 1, "stops": [{"job": 1, "start": 8 * HOUR + 600}]}]}
        plan, said = self.planned(problem, "--insert", 2, plan=before)
        self.assertEqual(self.served(plan), [1])
        self.assertIn("job 2: ", said)
        self.assertEqual([left_out["job"] for left_out in plan["unassigned"]], [2])

    def test_an_insertion_that_makes_no_sense_is_refused(self):
        problem = day(a={}, b={})
        before = {"routes": [{"engineer": 1, "stops": [{"job": 1, "start": 10 * HOUR}]}]}
        self.assertIn("--insert 9: the problem has no such job", self.refused(problem, "--insert", 9, plan=before))
        self.assertIn("--insert 1: the job is served already", self.refused(problem, "--insert", 1, plan=before))
        self.assertIn("--insert requires --plan", self.refused(problem, "--insert", 1))
        before["routes"][0]["stops"][0]["start"] = 8 * HOUR
        self.assertIn("the plan breaks a rule", self.refused(problem, "--insert", 2, plan=before))


if __name__ == "__main__":
    unittest.main()
