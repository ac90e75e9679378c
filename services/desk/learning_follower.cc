#include "desk/learning_follower.h"

#include "casework/case.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kAtOnce = 256;

std::string outcome_of_visit(const std::string& visit) {
  return "outcomes/" + std::string(id_of(visit));
}

learning::Outcome plain(const v1::Outcome& outcome) {
  return {{outcome.codes().begin(), outcome.codes().end()},
          {outcome.causes().begin(), outcome.causes().end()},
          {outcome.parts().begin(), outcome.parts().end()}};
}

bool teaches(const v1::Case& record, const v1::Outcome& outcome) {
  return casework::closed(record) && record.resolution() != v1::CASE_RESOLUTION_CANCELLED &&
         outcome_of_visit(record.visit()) == outcome.name();
}

}  // namespace

Status LearningFollower::settle(const View& view, const std::string& name, State& state) {
  if (const auto old = state.learnt.find(name); old != state.learnt.end()) {
    state.counts.unlearn(old->second);
    state.learnt.erase(old);
  }
  FIRSTFIX_TRY(outcome, view.find<v1::Outcome>(name));
  if (!outcome) return {};
  FIRSTFIX_TRY(record, view.find<v1::Case>(outcome->case_name()));
  if (!record || !teaches(*record, *outcome)) return {};
  const auto& learnt = state.learnt.emplace(name, plain(*outcome)).first->second;
  state.counts.learn(learnt);
  return {};
}

Status LearningFollower::begin(const std::string& tenant, State& state) {
  const auto [snapshot, cursor] = desk_.store().snapshot_with_head({tenant, 0});
  const View view(*snapshot, tenant);
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each<v1::Outcome>("", "", [&](v1::Outcome& outcome) {
    names.push_back(outcome.name());
    return true;
  }));
  state.learnt.clear();
  state.counts = {};
  for (const auto& name : names) FIRSTFIX_CHECK(settle(view, name, state));
  state.cursor = cursor;
  state.begun = true;
  return {};
}

Status LearningFollower::follow(const std::string& tenant, State& state, bool& changed) {
  for (;;) {
    auto entries = desk_.store().tail({tenant, 0}, state.cursor, kAtOnce);
    if (!entries && entries.error().code == Code::kExpired) {
      changed = true;
      return begin(tenant, state);
    }
    if (!entries) return fail(entries.error());
    if (entries->empty()) return {};
    const auto snapshot = desk_.snapshot();
    const View view(*snapshot, tenant);
    for (const auto& entry : *entries) {
      internal::v1::ChangeEntry change;
      if (!change.ParseFromString(entry.entry))
        return fail(Code::kCorrupt, "log entry " + std::to_string(entry.position) + " does not parse");
      for (const auto& one : change.changes()) {
        if (one.type() == "Outcome") {
          FIRSTFIX_CHECK(settle(view, one.name(), state));
          changed = true;
        } else if (one.type() == "Case") {
          v1::Case record;
          if (!record.ParseFromString(one.record()))
            return fail(Code::kCorrupt, "log entry " + std::to_string(entry.position) + " does not parse");
          if (!casework::closed(record) && record.reopened_count() == 0) continue;  // it never closed
          // A case that opened again names its visit no more; what that visit taught is taken back all the same.
          std::vector<std::string> visits;
          FIRSTFIX_CHECK(view.each_entry(index::kVisitOfCase, {record.name()},
                                         [&](std::string_view name, auto) { return visits.emplace_back(name), true; }));
          for (const auto& visit : visits) FIRSTFIX_CHECK(settle(view, outcome_of_visit(visit), state));
          changed = changed || !visits.empty();
        }
      }
      state.cursor = entry.after;
    }
  }
}

Result<std::uint64_t> LearningFollower::catch_up(const std::string& tenant) {
  std::lock_guard lock(mutex_);
  auto& state = states_[tenant];
  bool changed = !state.begun;
  if (!state.begun) FIRSTFIX_CHECK(begin(tenant, state));
  FIRSTFIX_CHECK(follow(tenant, state, changed));
  if (changed) desk_.minds().set_learnt(tenant, std::make_shared<const learning::Counts>(state.counts));
  return state.cursor.position;
}

std::map<std::string, std::uint64_t> LearningFollower::positions() const {
  std::lock_guard lock(mutex_);
  std::map<std::string, std::uint64_t> out;
  for (const auto& [tenant, state] : states_) out[tenant] = state.cursor.position;
  return out;
}

}  // namespace firstfix::desk
