#include "tables.h"

#include <algorithm>
#include <limits>
#include <map>

namespace firstfix::diagnosis {
namespace {

constexpr int kMostPeriods = 24;

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

IdSet renumbered(const IdSet& set, const std::vector<Id>& numbers) {
  IdSet own;
  for (const auto id : set) own.push_back(numbers[static_cast<std::size_t>(id)]);
  std::sort(own.begin(), own.end());
  return own;
}

std::vector<std::pair<std::size_t, int>> still_known(const std::vector<std::pair<Id, int>>& steps,
                                                     const std::vector<Id>& numbers) {
  std::vector<std::pair<std::size_t, int>> out;
  for (const auto& [id, step] : steps)
    if (const auto own = numbers[static_cast<std::size_t>(id)]; own != learning::kUnknown)
      out.emplace_back(static_cast<std::size_t>(own), step);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::vector<Id>> kin_of(const Families& families, Families::Kind kind, const learning::Names& names) {
  std::map<std::string, std::vector<Id>> members;
  for (Id id = 0; id < names.size(); ++id)
    if (auto family = families.of(kind, names.name(id)); !family.empty()) members[std::move(family)].push_back(id);
  std::vector<std::vector<Id>> out;
  for (auto& [family, own] : members)
    if (own.size() > 1) out.push_back(std::move(own));
  return out;
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
  lay_out_groups(counts);
  lay_out_sightings(counts);
  lay_out_pasts(counts);
  lay_out_frames(counts);
  lay_out_families(catalogue.families);
  lay_out_bars(catalogue);
}

std::vector<MarkCount> Tables::read_marks(const learning::Counts& counts) {
  std::vector<learning::Mark> told;
  for (Id mark = 0; mark < counts.marks().size(); ++mark)
    told.push_back(learning::Counts::unpacked(counts.marks().name(mark)));
  for (const auto& mark : told) mark_kinds.push_back(mark.what);
  std::sort(mark_kinds.begin(), mark_kinds.end());
  mark_kinds.erase(std::unique(mark_kinds.begin(), mark_kinds.end()), mark_kinds.end());
  std::vector<MarkCount> out;
  for (const auto& mark : told) {
    const auto kind = std::lower_bound(mark_kinds.begin(), mark_kinds.end(), mark.what) - mark_kinds.begin();
    out.push_back({signs.find(mark.sign), signs.find(mark.than), static_cast<Id>(kind), 0});
  }
  return out;
}

void Tables::lay_out_groups(const learning::Counts& counts) {
  const auto nothing = static_cast<std::size_t>(causes.size());
  by_model.assign(static_cast<std::size_t>(models.size()), std::vector<double>(nothing + 1));
  model_visits.assign(by_model.size(), 0);
  const auto marks = read_marks(counts);
  std::map<IdSet, Group> sorted;
  for (const auto& [set, found_by_model] : counts.found()) {
    const auto own = renumbered(set, cause_of);
    auto& group = sorted[own];
    group.causes = own;
    std::map<Id, double> seen, used, marked;
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
      if (own.size() > 1) continue;
      for (const auto& [mark, n] : found.marks.entries()) marked[mark] += static_cast<double>(n);
    }
    group.signs.assign(seen.begin(), seen.end());
    group.parts.assign(used.begin(), used.end());
    for (const auto& [mark, n] : marked) {
      auto told = marks[static_cast<std::size_t>(mark)];
      told.visits = n;
      if (told.sign != learning::kUnknown) group.marks.push_back(told);
    }
  }
  for (auto& [set, group] : sorted) groups.push_back(std::move(group));
}

void Tables::lay_out_sightings(const learning::Counts& counts) {
  const auto place = [&](const IdSet& set) {
    return static_cast<std::size_t>(
        std::lower_bound(groups.begin(), groups.end(), set,
                         [](const Group& group, const IdSet& wanted) { return group.causes < wanted; }) -
        groups.begin());
  };
  for (const auto& [set, found] : counts.by_signs()) {
    if (set.empty()) continue;
    auto& sighting = sightings.emplace_back(Sighting{renumbered(set, sign_of), {}});
    for (const auto& [found_causes, n] : found)
      sighting.groups.emplace_back(place(renumbered(found_causes, cause_of)), static_cast<double>(n));
  }
  std::sort(sightings.begin(), sightings.end(), [](const auto& a, const auto& b) { return a.signs < b.signs; });
}

void Tables::lay_out_families(const Families& families) {
  for (Id model = 0; model < models.size(); ++model) {
    const auto family = families.of(Families::Kind::kModel, models.name(model));
    family_of.push_back(family.empty() ? learning::kUnknown : model_families.number(family));
  }
  sign_kin = kin_of(families, Families::Kind::kCode, signs);
  part_kin = kin_of(families, Families::Kind::kPart, parts);
}

void Tables::lay_out_bars(const Catalogue& catalogue) {
  barred.assign(static_cast<std::size_t>(models.size()),
                std::vector<bool>(static_cast<std::size_t>(causes.size()) + 1));
  for (const auto& cause : catalogue.causes) {
    if (cause.models.empty()) continue;
    const auto c = static_cast<std::size_t>(causes.find(cause.name));
    for (Id model = 0; model < models.size(); ++model)
      barred[static_cast<std::size_t>(model)][c] =
          std::find(cause.models.begin(), cause.models.end(), models.name(model)) == cause.models.end();
  }
}

void Tables::lay_out_pasts(const learning::Counts& counts) {
  int first = std::numeric_limits<int>::max(), last = 0;
  for (const auto& [packed, visits] : counts.pasts()) {
    const auto past = learning::Counts::unpacked(packed);
    auto& own = pasts.emplace_back();
    own.model = static_cast<std::size_t>(model_of[static_cast<std::size_t>(past.model)]);
    own.period = static_cast<std::size_t>(past.week);
    own.age = past.machine_age;
    own.known = past.known;
    for (const auto cause : renumbered(past.causes, cause_of)) own.found.push_back(static_cast<std::size_t>(cause));
    own.repaired = still_known(past.repaired, cause_of);
    own.replaced = still_known(past.replaced, part_of);
    own.visits = static_cast<double>(visits);
    first = std::min(first, past.week), last = std::max(last, past.week);
  }
  if (pasts.empty()) return;
  const int weeks = 1 + (last - first) / kMostPeriods;  // of a period
  periods = 1 + static_cast<std::size_t>(last - first) / static_cast<std::size_t>(weeks);
  for (auto& past : pasts)
    past.period = periods - 1 - (static_cast<std::size_t>(last) - past.period) / static_cast<std::size_t>(weeks);
  std::sort(pasts.begin(), pasts.end());
}

void Tables::lay_out_frames(const learning::Counts& counts) {
  if (counts.frames().empty()) return;
  std::vector<std::pair<std::pair<std::string, std::string>, Id>> names;
  for (Id reading = 0; reading < counts.readings().size(); ++reading)
    names.emplace_back(learning::Counts::unpacked_reading(counts.readings().name(reading)), reading);
  std::sort(names.begin(), names.end());
  std::vector<Id> own(names.size());
  for (const auto& [name, reading] : names) {
    own[static_cast<std::size_t>(reading)] = static_cast<Id>(readings.size());
    readings.push_back({name.first, name.second, 0});
  }
  for (const auto& [packed, visits] : counts.frames()) {
    const auto frame = learning::Counts::unpacked_frame(packed);
    if (frame.causes.size() > 1) continue;  // nobody knows of which cause the numbers tell
    auto& out = frames.emplace_back();
    out.cause = static_cast<std::size_t>(frame.causes.empty() ? causes.size() : renumbered(frame.causes, cause_of)[0]);
    for (const auto& [reading, step] : frame.readings)
      out.readings.emplace_back(own[static_cast<std::size_t>(reading)], step);
    std::sort(out.readings.begin(), out.readings.end());
    out.visits = static_cast<double>(visits);
  }
  std::sort(frames.begin(), frames.end());
}

}  // namespace firstfix::diagnosis
