// Who is on call is at home until something comes that cannot wait.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "planning/explain.h"
#include "planning/json.h"
#include "world.h"

namespace firstfix::planning {
namespace {

using Json = nlohmann::json;

constexpr int kEmergency = kEmergencyPriority;

// 8:00–16:00, on call until 6:00, and 8:00–16:00 again, with eleven hours of rest.
std::vector<Engineer> a_night_on_call() {
  auto out = days(engineer(1, 0), {{hm(8), hm(16)}, {hm(16), hm(30)}, {hm(32), hm(40)}}, hm(11));
  out[1].on_call = true;
  return out;
}

Job between(Job job, Seconds from, Seconds to) {
  job.windows = {{from, to}};
  return job;
}

TEST(OnCall, GoesToWhatCannotWaitAlone) {
  auto hazard = between(job(3, 10, hm(0, 30), 40), hm(20), hm(22));
  hazard.hazard = true;
  const auto p = world(100, a_night_on_call(),
                       {between(job(1, 10, hm(0, 30), kEmergency), hm(17), hm(19)),
                        between(job(2, 10, hm(0, 30), kEmergency - 1), hm(17), hm(19)), hazard});
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  EXPECT_EQ(who_does(plan, 0), 1);
  EXPECT_EQ(who_does(plan, 1), kNone);
  EXPECT_EQ(who_does(plan, 2), 1);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_NE(plan.unassigned[0].reason.find("none of the 2 who may do it"), std::string::npos)
      << plan.unassigned[0].reason;
}

TEST(OnCall, IsNotCalledForWhatCanWait) {
  auto p = world(100, {engineer(1, 0)}, {job(1, 10)});
  p.engineers[0].on_call = true;
  const auto plan = solved(p);
  ASSERT_EQ(plan.unassigned.size(), 1u);
  EXPECT_NE(plan.unassigned[0].reason.find("is on call, and it can wait"), std::string::npos)
      << plan.unassigned[0].reason;
  EXPECT_EQ(violations(check(p, {.routes = {{0, {visit(0, hm(9))}}}})),
            "engineer 0 job 0: could wait, and the engineer is on call\n");
}

TEST(OnCall, IsCalledOnlyIfThatIsCheaper) {
  auto p = world(100, {engineer(1, 0), engineer(2, 90)}, {job(1, 1, hm(0, 30), kEmergency)});
  p.engineers[0].on_call = true;
  const double farther = 2 * (89 - 1) * p.weights.travel / 60;
  for (const double call_out : {farther - 1, farther + 1}) {
    p.weights.call_out = call_out;
    const auto plan = solved(p);
    EXPECT_EQ(who_does(plan, 0), call_out < farther ? 0 : 1);
    EXPECT_EQ(check(p, plan).cost.call_out, call_out < farther ? call_out : 0);
  }
}

TEST(OnCall, PaysOnceForSeveralJobs) {
  auto p = world(100, {engineer(1, 0)}, {job(1, 10, hm(0, 30), kEmergency), job(2, 20, hm(0, 30), kEmergency)});
  p.engineers[0].on_call = true;
  EXPECT_EQ(check(p, solved(p)).cost.call_out, p.weights.call_out);
}

TEST(OnCall, NeedsNoRestBeforeButRestsAfter) {
  const auto p = world(100, a_night_on_call(),
                       {between(job(1, 10), hm(15), hm(15)), between(job(2, 10, hm(1), kEmergency), hm(28), hm(28)),
                        between(job(3, 10), hm(33), hm(40))});
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  EXPECT_EQ(who_does(plan, 0), 0);
  EXPECT_EQ(who_does(plan, 1), 1);  // home at 5:10, so that the day after cannot begin before 16:10
  EXPECT_EQ(who_does(plan, 2), kNone);
  const Plan tired{.routes = {{1, {visit(1, hm(28))}}, {2, {visit(2, hm(33))}}}};
  EXPECT_EQ(violations(check(p, tired)), "engineer 2 job -1: rests too little before this day\n");
}

TEST(OnCall, IsSaidDayByDay) {
  auto json = Json::parse(R"({
    "engineers": [{"id": 7, "location": 0, "shifts": [[28800, 57600], [57600, 108000]], "on_call": [1], "skills": []},
                  {"id": 8, "location": 0, "shift": [28800, 57600], "on_call": [0], "skills": []}],
    "jobs": [], "matrix": [[0]], "weights": {"call_out": 120}})");
  const auto p = read_problem(json.dump());
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_FALSE(p->engineers[0].on_call);
  EXPECT_TRUE(p->engineers[1].on_call);
  EXPECT_TRUE(p->engineers[2].on_call);
  EXPECT_EQ(p->weights.call_out, 120);
  EXPECT_TRUE(p->ignored.empty());
  json["engineers"][0]["on_call"] = {2};
  const auto refused = read_problem(json.dump());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("engineers[0].on_call[0]"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace firstfix::planning
