// A bad lot is found by comparing it with the same part of other lots, at the same age and time.
#include "learning/lots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "simulate.h"

namespace firstfix::learning {
namespace {

const LotFinding* of(const std::vector<LotFinding>& all, const std::string& lot) {
  for (const auto& one : all)
    if (one.lot == lot) return &one;
  return nullptr;
}

TEST(Lots, ComparesWhatFailedWithWhatWasThere) {
  // Ten of lot A and thirty of lot B go in on one day; two of A and one of B fail.
  std::vector<Installation> all;
  for (int i = 0; i < 10; ++i) all.push_back({"A", 0, i < 2 ? 10 + i : kStillIn});
  for (int i = 0; i < 30; ++i) all.push_back({"B", 0, i < 1 ? 20 : kStillIn});
  const auto found = compare_lots(all);
  ASSERT_EQ(found.size(), 2u);
  const auto* a = of(found, "A");
  EXPECT_EQ(a->installed, 10);
  EXPECT_EQ(a->observed, 2);
  EXPECT_EQ(a->others, 0);
  EXPECT_EQ(a->seen, 11) << "the failure of B speaks against it";
  EXPECT_NEAR(a->expected, 10 / 40.0 + 9 / 39.0, 1e-12);
  EXPECT_GT(a->log_evidence, 0);
  EXPECT_FALSE(is_signal(*a));
}

TEST(Lots, ALotThatIsAloneAtItsAgeIsComparedWithNothing) {
  const std::vector<Installation> all{{"old", -900, 10}, {"old", -900}, {"new", 0, 10}, {"new", 0}};
  EXPECT_THAT(compare_lots(all), testing::IsEmpty());
}

TEST(Lots, AnUnknownLotIsComparedWithButNotSignalled) {
  std::vector<Installation> all;
  for (int i = 0; i < 50; ++i) all.push_back({"A", 0, i < 20 ? 5 + i : kStillIn});
  for (int i = 0; i < 450; ++i) all.push_back({"", 0});
  const auto found = compare_lots(all);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(is_signal(found.front())) << found.front().log_evidence;
  EXPECT_NEAR(found.front().expected, 2, 0.6);
}

TEST(Lots, AnOldLotOfAWearingPartIsNotABadLot) {
  // The rate of failure grows with the square of the age, to a mean life of 620 days: what fails is of the elder lots.
  Random random(17);
  std::weibull_distribution<double> life(3, 700);
  for (int run = 0; run < 20; ++run) {
    std::vector<Installation> all;
    for (int lot = 0; lot < 20; ++lot)
      for (int i = 0; i < 100; ++i) {
        const Day in = lot * 30 + i * 60 / 100;  // one lot goes in while the one before it still does
        const Day out = in + static_cast<Day>(life(random));
        all.push_back({lot_name(lot), in, out < 1200 ? out : kStillIn});
      }
    for (const auto& one : compare_lots(all)) EXPECT_FALSE(is_signal(one)) << one.lot << ' ' << one.log_evidence;
  }
}

TEST(Lots, FalseSignalsAreAsRareAsStated) {
  Random random(11);
  LotWorld world{.machines = 1000, .lots = 40, .rate = 1.0 / 500, .days = 700};
  std::int64_t lots = 0, real = 0;
  std::map<double, std::int64_t> alarms{{10, 0}, {100, 0}};
  for (int run = 0; run < 60; ++run) {
    for (const auto& one : compare_lots(installations(random, world))) {
      ++lots;
      for (auto& [threshold, count] : alarms) count += one.log_evidence >= std::log(threshold) ? 1 : 0;
      real += is_signal(one) ? 1 : 0;
    }
  }
  EXPECT_EQ(lots, 2400);
  for (const auto& [threshold, count] : alarms) {
    EXPECT_LE(static_cast<double>(count), static_cast<double>(lots) / threshold) << "at a threshold of " << threshold;
    RecordProperty("alarms_at_" + std::to_string(static_cast<int>(threshold)), static_cast<int>(count));
  }
  EXPECT_EQ(real, 0);
}

// 200 of 5,000 installed parts are of a lot that fails three times as often. How many of it have failed when it is
// signalled?
TEST(Lots, AThreefoldLotOf200In5000IsFoundWithinFortyFiveOfItsFailures) {
  Random random(13);
  std::vector<std::int64_t> needed;
  int wrong = 0;
  const int runs = 40;
  for (int run = 0; run < runs; ++run) {
    const auto all = installations(random, {.days = 800, .bad = "L7", .ratio = 3});
    std::vector<Day> failures;
    for (const auto& one : all)
      if (one.lot == "L7" && one.removed != kStillIn) failures.push_back(one.removed);
    std::sort(failures.begin(), failures.end());
    for (const auto& one : compare_lots(all)) wrong += one.lot != "L7" && is_signal(one) ? 1 : 0;
    // Seen as it would have been after each failure of the lot: what had not happened yet is taken out.
    std::size_t low = 0, high = failures.size();
    const auto found_by = [&](std::size_t count) {
      auto seen = all;
      std::erase_if(seen, [&](const auto& one) { return one.installed > failures[count - 1]; });
      for (auto& one : seen)
        if (one.removed > failures[count - 1]) one.removed = kStillIn;
      const auto findings = compare_lots(seen);
      const auto* bad = of(findings, "L7");
      return bad != nullptr && is_signal(*bad);
    };
    if (!found_by(high)) continue;
    while (high - low > 1) {  // the greatest evidence so far only grows, so that halving finds the first
      const auto middle = (low + high) / 2;
      (found_by(middle) ? high : low) = middle;
    }
    needed.push_back(static_cast<std::int64_t>(high));
  }
  EXPECT_EQ(wrong, 0);
  ASSERT_GE(needed.size(), runs * 0.95);
  EXPECT_LE(quantile(needed, 0.5), 30);
  EXPECT_LE(quantile(needed, 0.95), 45);
  RecordProperty("found", static_cast<int>(needed.size()));
  RecordProperty("median", static_cast<int>(quantile(needed, 0.5)));
  RecordProperty("95_percent", static_cast<int>(quantile(needed, 0.95)));
}

}  // namespace
}  // namespace firstfix::learning
