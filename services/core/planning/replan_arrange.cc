// The planner's answer as an arrangement of the days.
#include <algorithm>

#include "replan_pose.h"

namespace firstfix::planning {
namespace {

// The depot of the last pick-up before the stop, if the van lacks a part for it; else empty, and the van has less.
std::string depot_for(const TerritoryDay& day, const Job& job, std::vector<int>& van, const std::vector<Stop>& before) {
  van.resize(std::max(van.size(), job.parts.size()));
  bool lacks = false;
  for (std::size_t k = 0; k < job.parts.size(); ++k) lacks = lacks || van[k] < job.parts[k];
  for (auto stop = before.rbegin(); lacks && stop != before.rend(); ++stop)
    if (stop->kind == Stop::Kind::kPickup) return day.depots[static_cast<std::size_t>(stop->what)].id;
  for (std::size_t k = 0; k < job.parts.size(); ++k) van[k] -= job.parts[k];
  return {};
}

// What stays and is not in the plan stands where it stands.
void put_back(const TerritoryDay& day, const Walk& as_is, Arrangement& out) {
  std::vector<bool> there(day.stops.size());
  for (const auto& stops : out)
    for (const auto& one : stops) there[one.stop] = true;
  for (const auto& step : as_is.stops) {
    if (there[step.stop] || !day.stops[step.stop].stays) continue;
    auto& stops = out[step.engineer];
    const auto before = std::find_if(stops.begin(), stops.end(), [&](const auto& one) {
      return !day.stops[one.stop].begun && one.starts > step.starts;
    });
    stops.insert(before, {step.stop, step.starts, step.depot});
  }
}

}  // namespace

Arrangement arrange(const TerritoryDay& day, const Walk& as_is, const Posed& posed, const Plan& plan) {
  Arrangement out(day.engineers.size());
  for (const auto& step : as_is.stops)
    if (day.stops[step.stop].begun) out[step.engineer].push_back({step.stop, step.starts, step.depot});
  auto routes = plan.routes;
  std::sort(routes.begin(), routes.end(), [](const auto& a, const auto& b) { return a.engineer < b.engineer; });
  for (const auto& route : routes) {
    const auto entry = static_cast<std::size_t>(route.engineer);
    auto van = posed.problem.engineers[entry].van_stock;
    std::vector<Stop> before;
    for (const auto& stop : route.stops) {
      before.push_back(stop);
      if (stop.kind != Stop::Kind::kJob) continue;
      const auto number = posed.stop[static_cast<std::size_t>(stop.what)];
      if (number == day.stops.size()) continue;
      const auto& job = posed.problem.jobs[static_cast<std::size_t>(stop.what)];
      const auto starts = posed.origin + std::chrono::seconds{stop.start};
      const auto& own = day.stops[number];
      out[posed.engineer[entry]].push_back({number, starts, own.stays ? own.depot : depot_for(day, job, van, before)});
    }
  }
  put_back(day, as_is, out);
  return out;
}

}  // namespace firstfix::planning
