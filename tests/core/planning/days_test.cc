// Several days of one engineer: the work of a person, with the rest that is due between the days.
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "planning/insert.h"
#include "planning/json.h"
#include "random.h"
#include "world.h"

namespace firstfix::planning {
namespace {

using Json = nlohmann::json;

// 14:00–22:00, and 6:00–14:00 on the day after.
const std::vector<Span> kLateThenEarly = {{hm(14), hm(22)}, {hm(30), hm(38)}};

Problem late_then_early(std::vector<Job> jobs) {
  return world(100, days(engineer(1, 0), kLateThenEarly, hm(11)), std::move(jobs));
}

TEST(Days, OneEngineerWorksOnSeveral) {
  const auto p = world(100, days(engineer(1, 0), {{hm(8), hm(12)}, {hm(32), hm(36)}, {hm(56), hm(60)}}, hm(11)),
                       {job(1, 10, hm(3)), job(2, 10, hm(3)), job(3, 10, hm(3))});
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  EXPECT_EQ(plan.routes.size(), 3u);
}

TEST(Days, CheckSeesTooLittleRest) {
  const auto p = late_then_early({job(1, 30), job(2, 30)});
  Plan plan{.routes = {{0, {visit(0, hm(19))}}, {1, {visit(1, hm(31))}}}};  // home 20:00, leaves 6:30
  EXPECT_EQ(violations(check(p, plan)), "engineer 1 job -1: rests too little before this day\n");
  plan.routes[1].stops[0].start = hm(31, 30);  // leaves 7:00
  EXPECT_EQ(violations(check(p, plan)), "");
  plan.routes[1].stops[0] = visit(1, hm(31));
  plan.routes[1].stops[0].state = StopState::kOnSite;  // it has begun: that rest is over
  EXPECT_EQ(violations(check(p, plan)), "");
}

TEST(Days, LeavesLaterAfterALateEvening) {
  auto p = late_then_early({job(1, 10, hm(1)), job(2, 10, hm(1))});
  p.jobs[0].windows = {{hm(20), hm(20)}};
  p.jobs[1].windows = {{hm(30), hm(36)}};
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  ASSERT_EQ(plan.routes.size(), 2u);
  EXPECT_EQ(plan.routes[1].stops[0].start, hm(32, 20));  // home 21:10, eleven hours, ten minutes of travel
}

TEST(Days, LeavesOutWhatWouldTakeTheRest) {
  auto p = late_then_early({job(1, 10, hm(1), 60), job(2, 10, hm(1), 50)});
  p.jobs[0].windows = {{hm(20), hm(20)}};
  p.jobs[1].windows = {{hm(31), hm(31)}};
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  EXPECT_EQ(who_does(plan, 0), 0);
  EXPECT_EQ(who_does(plan, 1), kNone);
}

TEST(Days, ADayWithoutWorkIsRest) {
  auto shifts = kLateThenEarly;
  shifts.push_back({hm(54), hm(62)});
  auto p = world(100, days(engineer(1, 0), shifts, hm(11)), {job(1, 10, hm(1)), job(2, 10, hm(1))});
  p.jobs[0].windows = {{hm(20), hm(20)}};
  p.jobs[1].windows = {{hm(54), hm(55)}};
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  EXPECT_TRUE(plan.unassigned.empty());
}

TEST(Days, RulesAboutAnEngineerHoldOnAllTheirDays) {
  auto p = late_then_early({job(1, 10, hm(1)), job(2, 20, hm(1))});
  p.jobs[0].excluded = {0};
  p.jobs[1].fixed_engineer = 0;
  p.jobs[1].windows = {{hm(33), hm(34)}};
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  EXPECT_EQ(who_does(plan, 0), kNone);
  EXPECT_EQ(who_does(plan, 1), 1);
}

TEST(Days, AnUrgentJobTakesNobodysRest) {
  auto p = late_then_early({job(1, 10, hm(1)), job(2, 10, hm(1), 90)});
  p.jobs[0].windows = {{hm(31), hm(31)}};
  p.jobs[1].windows = {{hm(20), hm(21)}};
  const Plan plan{.routes = {{1, {visit(0, hm(31))}}}};
  const auto live = LivePlan::open(p, plan);
  ASSERT_TRUE(live);
  const auto insertion = live->insert(1);  // nobody is home by 19:50 who begins at 20:00
  EXPECT_FALSE(insertion) << insertion->engineer;
}

TEST(Days, AReplanKeepsTheRestBeforeALockedStop) {
  auto p = late_then_early({job(1, 10, hm(1)), job(2, 10, hm(1), 80)});
  p.jobs[1].windows = {{hm(20), hm(21)}};
  p.now = hm(12);
  Plan current{.routes = {{1, {visit(0, hm(31))}}}};
  current.routes[0].stops[0].state = StopState::kLocked;
  const auto plan = solved(p, 500, &current);
  EXPECT_EQ(violations(check(p, plan, &current)), "");
  EXPECT_EQ(who_does(plan, 0), 1);
  EXPECT_EQ(who_does(plan, 1), kNone);
}

// Every job on either day, in every order, the second day as early as the first allows.
class EveryWay {
 public:
  explicit EveryWay(const Problem& p) : p_(p), done_(p.jobs.size()) {}
  int most() {
    go(0, p_.engineers[0].start, p_.engineers[0].shift.from, false);
    return best_;
  }

 private:
  void go(std::size_t day, int place, Seconds free, bool out) {
    const auto& who = p_.engineers[day];
    const auto home = free + p_.travel(place, who.end);
    if (home > who.shift.to) return;
    if (day + 1 < p_.engineers.size()) {
      const auto& next = p_.engineers[day + 1];
      go(day + 1, next.start, std::max(next.shift.from, out ? home + who.min_rest : 0), false);
    }
    best_ = std::max(best_, worth_);
    for (std::size_t j = 0; j < p_.jobs.size(); ++j) {
      const auto& job = p_.jobs[j];
      const auto start = std::max(free + p_.travel(place, job.place), job.windows[0].from);
      if (done_[j] || start > job.windows[0].to) continue;
      done_[j] = true;
      worth_ += job.priority;
      go(day, job.place, start + job.service, true);
      worth_ -= job.priority;
      done_[j] = false;
    }
  }

  const Problem& p_;
  std::vector<bool> done_;
  int worth_ = 0, best_ = 0;
};

TEST(Days, ServesAsMuchAsTheBestPlanOfSmallProblems) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    Random random(seed);
    std::vector<Job> jobs;
    for (int i = 0; i < 6; ++i) {
      jobs.push_back(job(i, random.below(90), hm(1, random.below(60)), 10 + random.below(70)));
      const Seconds opens = random.below(2) == 0 ? hm(14 + random.below(6)) : hm(30 + random.below(5));
      jobs.back().windows = {{opens, opens + hm(1 + random.below(3))}};
    }
    const auto p = late_then_early(jobs);
    const auto verdict = check(p, solved(p, 3'000));
    EXPECT_EQ(violations(verdict), "");
    EXPECT_EQ(verdict.priority_assigned, EveryWay(p).most()) << "seed " << seed;
  }
}

TEST(Days, ManyThreadsKeepTheRestOfAWeekToo) {
  std::vector<Engineer> engineers;
  for (int i = 0; i < 12; ++i) {
    const auto entry = static_cast<int>(engineers.size());
    const std::vector<Span> shifts = {{hm(14), hm(22)}, {hm(30), hm(38)}, {hm(62), hm(70)}, {hm(78), hm(86)}};
    for (auto& day : days(engineer(i, i * 8), shifts, hm(11), entry)) engineers.push_back(day);
  }
  std::vector<Job> jobs;
  for (int i = 0; i < 500; ++i) jobs.push_back(job(i, i % 97, hm(0, 20 + i % 30), 10 + i % 60));
  const auto p = world(97, engineers, jobs);
  std::atomic<int> looks{0};
  const auto solution = solve(p, {.spent = [&] { return ++looks / 400.0; }, .threads = 2});
  ASSERT_TRUE(solution);
  EXPECT_EQ(violations(check(p, solution->plan)), "");
}

Json two_days() {
  return Json::parse(R"({
    "engineers": [{"id": 7, "location": 0, "shifts": [[50400, 79200], [108000, 136800]], "min_rest": 39600, "skills": [],
                   "overtime": {"seconds": 3600, "cost_per_hour": 60},
                   "breaks": [{"from": 61200, "to": 64800, "duration": 1800},
                              {"from": 118800, "to": 122400, "duration": 1800}]},
                  {"id": 8, "location": 0, "shift": [28800, 57600], "skills": []}],
    "jobs": [{"id": 3, "location": 1, "service": 1800, "skills": [], "priority": 40, "windows": [[110000, 120000]],
              "excluded": [8]}],
    "matrix": [[0, 600], [600, 0]]})");
}

TEST(DaysJson, ReadsOneEntryADay) {
  const auto p = read_problem(two_days().dump());
  ASSERT_TRUE(p) << p.error().message;
  ASSERT_EQ(p->engineers.size(), 3u);
  EXPECT_EQ(p->engineers[1].first_day, 0);
  EXPECT_EQ(p->engineers[1].shift, (Span{108000, 136800}));
  EXPECT_EQ(p->engineers[1].overtime->until, 140400);
  EXPECT_EQ(p->engineers[1].breaks.size(), 1u);
  EXPECT_EQ(p->engineers[1].min_rest, 39600);
  EXPECT_EQ(p->engineers[2].first_day, kNone);
  EXPECT_EQ(p->jobs[0].excluded, std::vector<int>{2});
  EXPECT_TRUE(p->ignored.empty());
}

TEST(DaysJson, WritesAndReadsTheDay) {
  const auto p = read_problem(two_days().dump());
  ASSERT_TRUE(p);
  const auto text = write_plan(*p, solved(*p));
  EXPECT_EQ(Json::parse(text)["routes"][0]["day"], 1);
  const auto plan = read_plan(text, *p);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->routes[0].engineer, 1);
}

TEST(DaysJson, NamesTheBadField) {
  const std::pair<const char*, std::pair<const char*, const char*>> cases[] = {
      {"/engineers/0/shifts/1", {"[79000, 90000]", "engineers[0].shifts[1]: begins before the shift before"}},
      {"/engineers/0/shifts/1", {"[80000, 90000]", "engineers[0].shifts[1]: begins before the shift before"}},
      {"/engineers/0/shifts", {"[]", "engineers[0].shifts: needs at least 1"}},
      {"/engineers/0/shift", {"[1, 2]", "engineers[0].shifts: contradicts `shift`"}},
      {"/engineers/0/min_rest", {"-1", "engineers[0].min_rest: must be from 0"}},
      {"/engineers/0/overtime", {R"({"until": 5, "cost_per_hour": 1})", "engineers[0].overtime.seconds: "}},
      {"/engineers/0/breaks/1/from", {"90000", "engineers[0].breaks[1]: begins in no shift"}},
  };
  for (const auto& [pointer, one] : cases) {
    auto json = two_days();
    json[Json::json_pointer(pointer)] = Json::parse(one.first);
    const auto read = read_problem(json.dump());
    ASSERT_FALSE(read) << pointer;
    EXPECT_NE(read.error().message.find(one.second), std::string::npos) << pointer << " gave: " << read.error().message;
  }
}

TEST(DaysJson, RefusesDaysThatAreNoneOfOneEngineer) {
  auto p = late_then_early({});
  p.engineers[1].shift.from = hm(21);
  EXPECT_FALSE(validate(p));
  p = late_then_early({});
  p.engineers[1].min_rest = 0;
  EXPECT_FALSE(validate(p));
  p = late_then_early({});
  p.engineers[0].first_day = 1;
  EXPECT_FALSE(validate(p));
}

}  // namespace
}  // namespace firstfix::planning
