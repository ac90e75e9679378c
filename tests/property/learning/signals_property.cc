// What holds of the sequential tests for whatever was counted.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "learning/calibration.h"
#include "learning/defects.h"
#include "learning/lots.h"

namespace firstfix::learning {
namespace {

std::vector<Day> some_days() {
  return *rc::gen::container<std::vector<Day>>(rc::gen::inRange<Day>(0, 400));
}

Exposure some_fleet() {
  auto born = *rc::gen::nonEmpty(rc::gen::container<std::vector<Day>>(rc::gen::inRange<Day>(-4000, 300)));
  return Exposure(std::move(born), 0);
}

template <class T>
std::vector<T> shuffled(std::vector<T> all) {
  std::shuffle(all.begin(), all.end(), std::mt19937_64(*rc::gen::arbitrary<std::uint64_t>()));
  return all;
}

Stream counted(const std::vector<Day>& days) {
  Stream stream;
  for (const Day day : days) stream.count(day);
  return stream;
}

RC_GTEST_PROP(Signals, TheOrderOfCountingDoesNotMatter, ()) {
  const auto days = some_days();
  RC_ASSERT(counted(days).days() == counted(shuffled(days)).days());
}

RC_GTEST_PROP(Signals, UncountingLeavesWhatNeverCountingWouldHave, ()) {
  const auto kept = some_days(), wrong = some_days();
  auto both = kept;
  both.insert(both.end(), wrong.begin(), wrong.end());
  auto stream = counted(shuffled(both));
  for (const Day day : shuffled(wrong)) stream.count(day, -1);
  RC_ASSERT(stream.days() == counted(kept).days());
}

RC_GTEST_PROP(Signals, AnIncreaseIsMadeOfFiniteFiguresThatAddUp, ()) {
  const auto stream = counted(some_days());
  const auto laid = lay_out(stream, some_fleet());
  const auto found = strongest_increase(laid);
  RC_ASSERT(found.has_value() == (laid.size() >= 2));
  if (!found) return;
  for (const double figure : {found->log_evidence, found->expected, found->exposure, found->past_exposure, found->ratio,
                              found->ratio_low, found->ratio_high})
    RC_ASSERT(std::isfinite(figure));
  RC_ASSERT(found->observed > 0 && found->past_observed > 0 && found->exposure > 0 && found->past_exposure > 0);
  RC_ASSERT(found->ratio_low <= found->ratio && found->ratio <= found->ratio_high);
  std::int64_t until = 0;
  for (const auto& day : laid) until += day.day <= found->seen ? day.events : 0;
  RC_ASSERT(found->observed + found->past_observed == until);
}

RC_GTEST_PROP(Signals, OnlyHowMuchLongerMattersNotTheUnit, ()) {
  // Ten times the machines with the same events: the rate is another, the evidence the same.
  auto born = *rc::gen::nonEmpty(rc::gen::container<std::vector<Day>>(rc::gen::inRange<Day>(-4000, 0)));
  const auto stream = counted(some_days());
  const auto one = strongest_increase(lay_out(stream, Exposure(born, 0)));
  std::vector<Day> ten;
  for (int i = 0; i < 10; ++i) ten.insert(ten.end(), born.begin(), born.end());
  const auto same = strongest_increase(lay_out(stream, Exposure(ten, 0)));
  RC_ASSERT(one.has_value() == same.has_value());
  if (one) RC_ASSERT(std::abs(one->log_evidence - same->log_evidence) < 1e-9);
}

RC_GTEST_PROP(Signals, AgeBandsShareTheExposureOut, ()) {
  const auto exposure = some_fleet();
  const auto day = *rc::gen::inRange<Day>(-10, 2000);
  double sum = 0;
  for (const auto& band : kAgeBands) sum += exposure.before(day, band);
  RC_ASSERT(std::abs(sum - exposure.before(day)) < 1e-6);
}

std::vector<Installation> some_installations() {
  std::vector<Installation> all;
  for (const Day day : some_days()) {
    Installation one{*rc::gen::element<std::string>("", "A", "B", "C"), day};
    if (*rc::gen::arbitrary<bool>()) one.removed = day + *rc::gen::inRange<Day>(0, 500);
    all.push_back(one);
  }
  return all;
}

RC_GTEST_PROP(Signals, LotsAreComparedWhateverTheOrderTheyAreListedIn, ()) {
  const auto all = some_installations();
  const auto one = compare_lots(all), same = compare_lots(shuffled(all));
  RC_ASSERT(one.size() == same.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    RC_ASSERT(one[i].lot == same[i].lot);
    RC_ASSERT(one[i].observed == same[i].observed);
    RC_ASSERT(std::abs(one[i].log_evidence - same[i].log_evidence) < 1e-9);
  }
}

RC_GTEST_PROP(Signals, LotFiguresAreFiniteAndInTheirBounds, ()) {
  const auto all = some_installations();
  for (const auto& one : compare_lots(all)) {
    RC_ASSERT(!one.lot.empty());
    RC_ASSERT(std::isfinite(one.log_evidence) && std::isfinite(one.ratio) && std::isfinite(one.ratio_high));
    RC_ASSERT(one.observed >= 0 && one.observed <= one.installed);
    RC_ASSERT(one.expected >= 0 && one.expected <= static_cast<double>(one.observed + one.others));
  }
}

RC_GTEST_PROP(Signals, ForecastsOfAnyKindGiveFiniteFigures, ()) {
  std::vector<Forecast> all;
  for (const Day day : some_days())
    all.push_back({start_of(day), *rc::gen::inRange(0, 101) / 100.0, *rc::gen::arbitrary<bool>()});
  const auto figures = reliability(all);
  RC_ASSERT(figures.ece >= 0 && figures.ece <= 1 && figures.brier >= 0 && figures.brier <= 1);
  RC_ASSERT(std::isfinite(figures.log_loss));
  const auto drift = strongest_drift(all);
  RC_ASSERT(drift.has_value() == !all.empty());
  if (!drift) return;
  RC_ASSERT(std::isfinite(drift->log_evidence));
  RC_ASSERT(drift->count >= 1 && drift->count <= static_cast<std::int64_t>(all.size()));
  RC_ASSERT(drift->predicted >= 0 && drift->predicted <= 1 && drift->happened >= 0 && drift->happened <= 1);
}

}  // namespace
}  // namespace firstfix::learning
