// An emergency among many other jobs for which there is no room.
#include <gtest/gtest.h>

#include "random.h"
#include "world.h"

namespace firstfix::planning {
namespace {

// Thirty engineers with more than they can do. The first has a job that stays, which leaves room for nothing else if
// the emergency is to be served too, to which nobody but the first may go.
Problem full_days(std::uint64_t seed) {
  Random random(seed);
  std::vector<Engineer> engineers;
  for (int i = 0; i < 30; ++i) engineers.push_back(engineer(i, random.below(200)));
  engineers[0].skills = {{0}};
  engineers[0].start = engineers[0].end = 0;
  std::vector<Job> jobs;
  for (int i = 0; i < 400; ++i)
    jobs.push_back(job(i, random.below(200), hm(0, 45 + random.below(30)), 30 + random.below(50)));
  jobs[0].place = 40;
  jobs[0].service = hm(2);
  jobs[0].fixed_engineer = 0;
  return world(200, engineers, jobs);
}

Job emergency() {
  auto out = job(400, 120, hm(1), 90);
  out.skills = {{0}};
  out.windows = {{hm(9), hm(15)}};
  return out;
}

// One job of so many was drawn so seldom that room was made for it in every other day at most.
TEST(Emergency, GetsRoomThoughManyOthersAreLeftOut) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    auto p = full_days(seed);
    const auto before = solved(p, 1'000);
    EXPECT_GT(before.unassigned.size(), 100u);
    p.jobs.push_back(emergency());
    const auto after = solved(p, 500, &before);
    EXPECT_EQ(who_does(after, 400), 0) << "seed " << seed;
    EXPECT_EQ(violations(check(p, after, &before)), "");
  }
}

}  // namespace
}  // namespace firstfix::planning
