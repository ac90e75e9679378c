// Even shares of work: each hour weighs more in a day that is full already.
#include <gtest/gtest.h>

#include <map>

#include "planning/json.h"
#include "world.h"

namespace firstfix::planning {
namespace {

// Hours of work on the road and at jobs, by engineer.
std::map<int, double> work_of(const Problem& p, const Plan& plan) {
  std::map<int, double> out;
  for (const auto& route : plan.routes) {
    const auto& e = p.engineers[static_cast<std::size_t>(route.engineer)];
    int place = e.start;
    for (const auto& stop : route.stops) {
      const auto& job = p.jobs[static_cast<std::size_t>(stop.what)];
      out[route.engineer] += (p.travel(place, job.place) + job.service) / 3600.0;
      place = job.place;
    }
    out[route.engineer] += p.travel(place, e.end) / 3600.0;
  }
  return out;
}

// Both live at 0, and all work lies about 50: one who goes there may as well do all of it.
Problem one_town() {
  return world(60, {engineer(1, 0), engineer(2, 0)},
               {job(1, 50, hm(1)), job(2, 51, hm(1)), job(3, 52, hm(1)), job(4, 53, hm(1))});
}

TEST(Fairness, SharesWorkIfThatIsWorthTheWay) {
  auto p = one_town();
  EXPECT_EQ(solved(p).routes.size(), 1u);
  p.weights.fairness = 200;
  const auto plan = solved(p);
  EXPECT_EQ(violations(check(p, plan)), "");
  const auto work = work_of(p, plan);
  ASSERT_EQ(work.size(), 2u);
  EXPECT_NEAR(work.at(0), work.at(1), 0.2);
}

TEST(Fairness, CostsByTheShareOfTheShift) {
  auto p = world(60, {engineer(1, 0, {hm(8), hm(12)})}, {job(1, 30, hm(1))});
  p.weights.fairness = 10;
  const Plan plan{.routes = {{0, {visit(0, hm(9))}}}};
  EXPECT_DOUBLE_EQ(check(p, plan).cost.fairness, 10 * 2 * (2.0 / 4));  // two hours of work in a shift of four
}

TEST(Fairness, AsksLessOfWhoWorksHalfTheDay) {
  auto p = world(60, {engineer(1, 0, {hm(8), hm(16)}), engineer(2, 0, {hm(8), hm(12)})}, {});
  for (int j = 0; j < 6; ++j) p.jobs.push_back(job(j + 1, 1, hm(0, 50)));
  p.weights.fairness = 200;
  const auto work = work_of(p, solved(p));
  EXPECT_NEAR(work.at(0) / work.at(1), 2, 0.1);
}

TEST(Fairness, IsAWeightOfTheProblem) {
  const auto p = read_problem(R"({"engineers": [], "jobs": [], "matrix": [[0]], "weights": {"fairness": 12}})");
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_EQ(p->weights.fairness, 12);
  EXPECT_FALSE(read_problem(R"({"engineers": [], "jobs": [], "matrix": [[0]], "weights": {"fairness": -1}})"));
}

}  // namespace
}  // namespace firstfix::planning
