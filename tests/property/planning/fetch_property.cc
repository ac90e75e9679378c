// What one job has from several places, against every way there is.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "planning/place.h"
#include "town.h"

namespace firstfix::planning {
namespace {

using namespace std::chrono_literals;
using Parts = std::set<std::string>;

constexpr int kPlaces = 4;  // of which there are no more ways than are looked at

// A place as the brute force sees it.
struct Spot {
  std::string location;
  double at = 0;  // minutes along the street
  Interval open = all_day();
  Duration takes{};
  Parts parts;
};

Parts some_parts() {
  Parts out;
  for (const auto* part : {"hose", "belt", "seal", "bolt"})
    if (*rc::gen::element(true, false, false)) out.insert(part);
  return out;
}

std::vector<Spot> some_spots() {
  std::vector<Spot> out;
  for (int i = *rc::gen::element(1, 2, kPlaces, kPlaces, kPlaces); i > 0; --i) {
    Spot spot{.location = "depot " + std::to_string(i),
              .at = *rc::gen::inRange(-30, 60) * 1.0,
              .takes = Weights{}.pickup,
              .parts = some_parts()};
    if (*rc::gen::element(true, false)) {
      spot.location = "van " + std::to_string(*rc::gen::element(1, 2, 3));
      spot.open.from = at(8, *rc::gen::element(0, 10, 30, 60, 90));
      spot.open.to = spot.open.from + *rc::gen::element(30, 60, 90, 120) * 1min;
    }
    out.push_back(std::move(spot));
  }
  return out;
}

// Each part is worth more than all ways of the day cost, or nothing.
Job job_with(const std::vector<Spot>& spots) {
  auto out = job({});
  out.parts = {"hose", "belt", "seal", "bolt"};
  for (const auto& part : out.parts) out.without[part] = *rc::gen::element(0, 2000, 3000, 5000, 5000);
  out.not_before = at(8, *rc::gen::element(0, 0, 30, 90));
  for (std::size_t i = 0; i < spots.size(); ++i) {
    const auto& spot = spots[i];
    const std::vector<std::string> parts(spot.parts.begin(), spot.parts.end());
    if (spot.location[0] == 'd')
      out.depots.push_back({spot.location, along(spot.at), parts});
    else
      out.meetings.push_back({"colleague in " + spot.location, spot.location, "visit " + std::to_string(i),
                              along(spot.at), spot.open, spot.takes, parts});
  }
  return out;
}

double price(const Job& job, const Parts& had) {
  double out = 0;
  for (const auto& [part, costs] : job.without)
    if (had.count(part) == 0) out += costs;
  return out;
}

// Can the places be driven to in this order, in one go, and the work begin in time?
bool in_time(const Job& job, const std::vector<const Spot*>& way) {
  auto first = at(8), last = kNever;  // to set out
  Duration so_far{};
  double at = 0;
  for (const auto* spot : way) {
    so_far += std::llround(std::abs(spot->at - at) * 60e6) * 1us;
    if (spot->location[0] == 'v') {
      first = std::max(first, spot->open.from - so_far);
      last = std::min(last, spot->open.to - so_far - spot->takes);
    }
    so_far += spot->takes;
    at = spot->at;
  }
  so_far += std::llround(std::abs(30 - at) * 60e6) * 1us;
  first = std::max(first, job.not_before - so_far);
  last = std::min(last, all_day().to - 30min - job.service - so_far);
  return first <= last;
}

// The least that any way leaves out, by any of the places in any order, each with something that those before lack.
double least_left(const Job& job, const std::vector<Spot>& spots, std::vector<const Spot*>& way) {
  Parts had;
  for (const auto* spot : way) had.insert(spot->parts.begin(), spot->parts.end());
  auto least = in_time(job, way) ? price(job, had) : price(job, {});
  for (const auto& spot : spots) {
    const auto same = [&](const auto* other) { return other->location == spot.location; };
    auto more = had;
    more.insert(spot.parts.begin(), spot.parts.end());
    if (std::any_of(way.begin(), way.end(), same) || price(job, more) == price(job, had)) continue;
    way.push_back(&spot);
    least = std::min(least, least_left(job, spots, way));
    way.pop_back();
  }
  return least;
}

RC_GTEST_PROP(Fetch, WhatAnyWayBringsInTimeIsBrought, ()) {
  const auto spots = some_spots();
  const auto wanted = job_with(spots);
  const auto placement = placed(wanted, {candidate(person("li", {}))});
  RC_ASSERT(placement.has_value());
  Parts had;
  for (const auto& pickup : placement->choice.pickups) had.insert(pickup.parts.begin(), pickup.parts.end());
  RC_CLASSIFY(placement->choice.pickups.size() == 2, "two places");
  RC_CLASSIFY(placement->choice.pickups.size() > 2, "three places or more");
  std::vector<const Spot*> way;
  RC_ASSERT(price(wanted, had) <= least_left(wanted, spots, way));
}

}  // namespace
}  // namespace firstfix::planning
