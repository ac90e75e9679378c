#include "tables.h"

#include <algorithm>
#include <map>

namespace firstfix::diagnosis {
namespace {

// Numbers in the order of the names, so that the model does not depend on the order of learning.
std::vector<Id> renumber(const learning::Names& from, const std::vector<bool>& alive, learning::Names& to) {
  std::vector<std::string_view> names;
  for (Id id = 0; id < from.size(); ++id)
    if (alive[static_cast<std::size_t>(id)]) names.push_back(from.name(id));
  std::sort(names.begin(), names.end());
  for (const auto name : names) to.number(name);
  std::vector<Id> map(static_cast<std::size_t>(from.size()), learning::kUnknown);
  for (Id id = 0; id < from.size(); ++id)
    if (alive[static_cast<std::size_t>(id)]) map[static_cast<std::size_t>(id)] = to.find(from.name(id));
  return map;
}

}  // namespace

Tables::Tables(const Catalogue& catalogue, const learning::Counts& counts) {
  const auto size = [](const learning::Names& names) { return static_cast<std::size_t>(names.size()); };
  std::vector<bool> live_causes(size(counts.causes())), live_signs(size(counts.signs())),
      live_parts(size(counts.parts())), live_models(size(counts.models()));
  for (const auto& [set, found_by_model] : counts.found())
    for (const auto& [model, found] : found_by_model) {
      live_models[static_cast<std::size_t>(model)] = true;
      for (const auto cause : set) live_causes[static_cast<std::size_t>(cause)] = true;
      for (const auto& [sign, n] : found.signs.entries()) live_signs[static_cast<std::size_t>(sign)] = true;
      for (const auto& [part, n] : found.parts.entries()) live_parts[static_cast<std::size_t>(part)] = true;
    }
  for (const auto& cause : catalogue.causes) {
    causes.number(cause.name);
    for (const auto& link : cause.codes) signs.number(link.name);
    for (const auto& link : cause.parts) parts.number(link.name);
  }
  cause_of = renumber(counts.causes(), live_causes, causes);
  sign_of = renumber(counts.signs(), live_signs, signs);
  part_of = renumber(counts.parts(), live_parts, parts);
  model_of = renumber(counts.models(), live_models, models);

  const auto nothing = size(causes);
  by_model.assign(size(models), std::vector<double>(nothing + 1));
  model_visits.assign(size(models), 0);
  std::map<IdSet, Group> sorted;
  for (const auto& [set, found_by_model] : counts.found()) {
    IdSet own;
    for (const auto cause : set) own.push_back(cause_of[static_cast<std::size_t>(cause)]);
    std::sort(own.begin(), own.end());
    auto& group = sorted[own];
    group.causes = own;
    std::map<Id, double> seen, used;
    for (const auto& [model, found] : found_by_model) {
      const auto m = static_cast<std::size_t>(model_of[static_cast<std::size_t>(model)]);
      const auto visits = static_cast<double>(found.visits);
      group.visits += visits;
      model_visits[m] += visits;
      if (own.empty()) by_model[m][nothing] += visits;
      for (const auto cause : own) by_model[m][static_cast<std::size_t>(cause)] += visits;
      for (const auto& [sign, n] : found.signs.entries())
        seen[sign_of[static_cast<std::size_t>(sign)]] += static_cast<double>(n);
      for (const auto& [part, n] : found.parts.entries())
        used[part_of[static_cast<std::size_t>(part)]] += static_cast<double>(n);
    }
    group.signs.assign(seen.begin(), seen.end());
    group.parts.assign(used.begin(), used.end());
  }
  std::map<IdSet, std::size_t> places;
  for (auto& [set, group] : sorted) {
    places.emplace(set, groups.size());
    groups.push_back(std::move(group));
  }
  const auto renumbered = [](const IdSet& set, const std::vector<Id>& map) {
    IdSet own;
    for (const auto id : set) own.push_back(map[static_cast<std::size_t>(id)]);
    std::sort(own.begin(), own.end());
    return own;
  };
  for (const auto& [set, found] : counts.by_signs()) {
    if (set.empty()) continue;
    auto& sighting = sightings.emplace_back(Sighting{renumbered(set, sign_of), {}});
    for (const auto& [found_causes, n] : found)
      sighting.groups.emplace_back(places.at(renumbered(found_causes, cause_of)), static_cast<double>(n));
  }
  std::sort(sightings.begin(), sightings.end(), [](const auto& a, const auto& b) { return a.signs < b.signs; });
  for (const auto& [packed, visits] : counts.pasts()) {
    const auto past = learning::Counts::unpacked(packed);
    auto& own = pasts.emplace_back();
    own.model = static_cast<std::size_t>(model_of[static_cast<std::size_t>(past.model)]);
    own.known = past.known;
    for (const auto cause : renumbered(past.causes, cause_of)) own.found.push_back(static_cast<std::size_t>(cause));
    for (const auto& [cause, step] : past.repaired)
      if (const auto c = cause_of[static_cast<std::size_t>(cause)]; c != learning::kUnknown)
        own.repaired.emplace_back(static_cast<std::size_t>(c), step);
    std::sort(own.repaired.begin(), own.repaired.end());
    own.visits = static_cast<double>(visits);
  }
  std::sort(pasts.begin(), pasts.end());
}

}  // namespace firstfix::diagnosis
