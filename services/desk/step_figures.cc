#include "desk/step_figures.h"

#include <algorithm>

#include "desk/commands.h"
#include "follower_state.h"
#include "visit/figures.h"
#include "visit/standard.h"

namespace firstfix::desk {
namespace {

constexpr std::uint64_t kSaveEvery = 1024;  // entries, if nothing is counted
constexpr std::string_view kName = "step-figures";

Result<internal::v1::StepCounts> counts_of(const View& view, std::string_view standard, std::string_view step) {
  FIRSTFIX_TRY(bytes, view.reader().get(store::Table::kSystem,
                                        store::key({view.tenant(), system::kStepCounts, standard, step})));
  internal::v1::StepCounts counts;
  if (bytes && !counts.ParseFromString(*bytes))
    return fail(Code::kCorrupt, "the counts of " + std::string(standard) + " do not parse");
  return counts;
}

template <class Change>
Status change_counts(UnitOfWork& uow, const std::string& standard, const std::string& step, Change change) {
  FIRSTFIX_TRY(counts, counts_of(uow, standard, step));
  change(counts);
  return uow.put_system(system::kStepCounts, {standard, step}, counts.SerializeAsString());
}

// Marks a thing as counted; false if it was.
Result<bool> first_time(UnitOfWork& uow, const std::string& name, std::string_view what) {
  FIRSTFIX_TRY(marked,
               uow.reader().get(store::Table::kSystem, store::key({uow.tenant(), system::kCounted, name, what})));
  if (marked) return false;
  FIRSTFIX_CHECK(uow.put_system(system::kCounted, {name, what}, ""));
  return true;
}

// Counts the step as it is now, in place of how it was counted before: an answer may come after the visit is completed.
Status count_step(UnitOfWork& uow, const v1::ChecklistStep& step) {
  const auto key = store::key({uow.tenant(), system::kCounted, step.name(), "state"});
  FIRSTFIX_TRY(before, uow.reader().get(store::Table::kSystem, key));
  const auto now = v1::StepState_Name(step.state());
  if (before && *before == now) return {};
  v1::StepState was = v1::STEP_STATE_UNSPECIFIED;
  if (before && !v1::StepState_Parse(*before, &was))
    return fail(Code::kCorrupt, "how " + step.name() + " was counted does not parse");
  FIRSTFIX_CHECK(change_counts(uow, step.standard(), step.template_().id(), [&](auto& counts) {
    if (before) visit::count_step(counts, was, -1);
    visit::count_step(counts, step.state());
  }));
  return uow.put_system(system::kCounted, {step.name(), "state"}, now);
}

Status count_visit(UnitOfWork& uow, const std::string& name) {
  FIRSTFIX_TRY(visit, uow.get<v1::Visit>(name));
  if (visit.state() != v1::VISIT_STATE_COMPLETED) return {};
  FIRSTFIX_TRY(steps, steps_of(uow, name));
  for (const auto& step : steps) FIRSTFIX_CHECK(count_step(uow, step));
  return {};
}

Status count_deviation(UnitOfWork& uow, const std::string& name) {
  FIRSTFIX_TRY(deviation, uow.get<v1::Deviation>(name));
  FIRSTFIX_TRY(asked, first_time(uow, name, "asked"));
  if (asked)
    FIRSTFIX_CHECK(change_counts(uow, deviation.standard(), deviation.step_id(),
                                 [](auto& counts) { counts.set_asked(counts.asked() + 1); }));
  if (visit::undecided(deviation)) return {};
  FIRSTFIX_TRY(decided, first_time(uow, name, "decided"));
  if (!decided) return {};
  return change_counts(uow, deviation.standard(), deviation.step_id(),
                       [&](auto& counts) { visit::count_decision(counts, deviation.state()); });
}

// The names of a type that a log entry has written.
void names_in(const internal::v1::ChangeEntry& entry, std::string_view type, std::vector<std::string>& names) {
  for (const auto& change : entry.changes())
    if (change.type() == type && !change.record().empty()) names.push_back(change.name());
}

// The visits that a log entry has written, or whose steps.
void visits_in(const internal::v1::ChangeEntry& entry, std::vector<std::string>& visits) {
  names_in(entry, "Visit", visits);
  std::vector<std::string> steps;
  names_in(entry, "ChecklistStep", steps);
  for (const auto& step : steps) visits.push_back(step.substr(0, step.find("/steps/")));
}

}  // namespace

// Of these visits, each once, those that are completed: most entries are about visits that are still under way.
Status StepFigures::keep_completed(const std::string& tenant, std::vector<std::string>& visits) const {
  std::sort(visits.begin(), visits.end());
  visits.erase(std::unique(visits.begin(), visits.end()), visits.end());
  const auto snapshot = desk_.snapshot();
  const View view(*snapshot, tenant);
  std::vector<std::string> completed;
  for (auto& name : visits) {
    FIRSTFIX_TRY(visit, view.find<v1::Visit>(name));
    if (visit && visit->state() == v1::VISIT_STATE_COMPLETED) completed.push_back(std::move(name));
  }
  visits = std::move(completed);
  return {};
}

Status StepFigures::count(const std::string& tenant, State& state, const std::vector<std::string>& visits,
                          const std::vector<std::string>& deviations) {
  const auto counted = desk_.store().transact([&](store::Transaction& txn) -> Status {
    UnitOfWork uow(txn, tenant, std::string(kFirstFix), desk_.clock().now());
    for (const auto& name : visits) FIRSTFIX_CHECK(count_visit(uow, name));
    for (const auto& name : deviations) FIRSTFIX_CHECK(count_deviation(uow, name));
    return keep_state(uow, desk_.store(), kName, state.cursor);
  });
  if (!counted) {
    state.begun = false;  // begin again from what the store knows
    return fail(counted.error());
  }
  state.saved = state.cursor.position;
  return {};
}

Status StepFigures::count_all(const std::string& tenant, State& state) {
  const auto [snapshot, cursor] = desk_.store().snapshot_with_head({tenant, 0});
  const View view(*snapshot, tenant);
  std::vector<std::string> visits, deviations;
  FIRSTFIX_CHECK(view.each<v1::Visit>("", "", [&](v1::Visit& one) { return visits.push_back(one.name()), true; }));
  FIRSTFIX_CHECK(
      view.each<v1::Deviation>("", "", [&](v1::Deviation& one) { return deviations.push_back(one.name()), true; }));
  for (std::size_t i = 0; i < visits.size(); i += kAtOnce)
    FIRSTFIX_CHECK(count(tenant, state,
                         {visits.begin() + static_cast<std::ptrdiff_t>(i),
                          visits.begin() + static_cast<std::ptrdiff_t>(std::min(visits.size(), i + kAtOnce))},
                         {}));
  state.cursor = cursor;
  return count(tenant, state, {}, deviations);
}

Status StepFigures::begin(const std::string& tenant, State& state) {
  const auto snapshot = desk_.snapshot();
  FIRSTFIX_TRY(kept, kept_state(View(*snapshot, tenant), kName));
  state.cursor = desk_.store().beginning({tenant, 0});
  if (kept) {
    FIRSTFIX_TRY(cursor, desk_.store().parse_cursor({tenant, 0}, kept->cursor()));
    state.cursor = cursor;
  }
  state.saved = state.cursor.position;
  state.begun = true;
  return {};
}

Status StepFigures::catch_up(const std::string& tenant) {
  std::lock_guard lock(mutex_);
  auto& state = states_[tenant];
  if (!state.begun) FIRSTFIX_CHECK(begin(tenant, state));
  for (;;) {
    const auto entries = desk_.store().tail({tenant, 0}, state.cursor, kAtOnce);
    if (!entries && entries.error().code == Code::kExpired) {
      FIRSTFIX_CHECK(count_all(tenant, state));
      continue;
    }
    if (!entries) return fail(entries.error());
    if (entries->empty()) return {};
    std::vector<std::string> visits, deviations;
    for (const auto& one : *entries) {
      FIRSTFIX_TRY(entry, changes_in(one));
      visits_in(entry, visits);
      names_in(entry, "Deviation", deviations);
      state.cursor = one.after;
    }
    FIRSTFIX_CHECK(keep_completed(tenant, visits));
    if (!visits.empty() || !deviations.empty() || state.cursor.position - state.saved >= kSaveEvery)
      FIRSTFIX_CHECK(count(tenant, state, visits, deviations));
  }
}

std::uint64_t StepFigures::position(const std::string& tenant) const {
  std::lock_guard lock(mutex_);
  const auto found = states_.find(tenant);
  return found == states_.end() ? 0 : found->second.cursor.position;
}

Result<std::vector<v1::StepFigure>> step_figures(const View& view, const std::string& name, std::uint32_t revision) {
  FIRSTFIX_TRY(standard, view.get<v1::ServiceStandard>(name));
  if (revision != 0 && revision != standard.revision()) {
    const auto number = std::to_string(revision);
    FIRSTFIX_TRY(
        old, view.get<v1::StandardRevision>(name + "/revisions/" +
                                            std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number));
    standard = old.standard();
  }
  const auto pinned = visit::pinned(standard);
  std::vector<v1::StepFigure> figures;
  for (const auto& step : standard.steps()) {
    FIRSTFIX_TRY(counts, counts_of(view, pinned, step.id()));
    figures.push_back(visit::figure_of(pinned, step.id(), counts));
  }
  return figures;
}

}  // namespace firstfix::desk
