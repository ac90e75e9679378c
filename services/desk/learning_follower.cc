#include "desk/learning_follower.h"

#include <algorithm>
#include <set>

#include "casework/case.h"
#include "casework/convert.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kAtOnce = 256;

std::string outcome_of_visit(const std::string& visit) {
  return "outcomes/" + std::string(id_of(visit));
}

bool teaches(const v1::Case& record, const v1::Outcome& outcome) {
  return casework::closed(record) && record.resolution() != v1::CASE_RESOLUTION_CANCELLED &&
         outcome_of_visit(record.visit()) == outcome.name();
}

}  // namespace

Status LearningFollower::settle(const View& view, const std::string& name, State& state) {
  std::set<std::string> touched;
  if (const auto known = state.assets.find(name); known != state.assets.end()) {
    touched.insert(known->second);
    auto& lesson = state.lessons[known->second][name];
    if (lesson.learnt)
      desk_.minds().learn(view.tenant(), [&](auto& experience) { experience.counts.unlearn(lesson.visit); });
    state.lessons[known->second].erase(name);
    state.assets.erase(known);
  }
  FIRSTFIX_TRY(outcome, view.find<v1::Outcome>(name));
  if (outcome) {
    FIRSTFIX_TRY(record, view.find<v1::Case>(outcome->case_name()));
    if (record && teaches(*record, *outcome)) {
      const auto completed_at = to_instant(outcome->completed_at());
      Lesson lesson{completed_at, outcome->has_known_since() ? to_instant(outcome->known_since()) : completed_at, {}};
      lesson.visit.seen.model = outcome->model();
      lesson.visit.seen.signs.assign(outcome->codes().begin(), outcome->codes().end());
      lesson.visit.causes.assign(outcome->causes().begin(), outcome->causes().end());
      lesson.visit.parts.assign(outcome->parts().begin(), outcome->parts().end());
      state.lessons[outcome->asset()].emplace(name, std::move(lesson));
      state.assets.emplace(name, outcome->asset());
      touched.insert(outcome->asset());
    }
  }
  for (const auto& asset : touched) relearn(view.tenant(), asset, state);
  return {};
}

void LearningFollower::relearn(const std::string& tenant, const std::string& asset, State& state) {
  std::vector<Lesson*> lessons;
  for (auto& [name, lesson] : state.lessons[asset]) lessons.push_back(&lesson);
  std::stable_sort(lessons.begin(), lessons.end(),
                   [](const auto* a, const auto* b) { return a->completed_at < b->completed_at; });
  desk_.minds().learn(tenant, [&](Experience& experience) {
    auto& repairs = experience.repairs[asset];
    repairs.clear();
    for (auto* lesson : lessons) {
      auto& [completed_at, known_since, visit, learnt] = *lesson;
      if (learnt) experience.counts.unlearn(visit);
      visit.seen.repaired.clear();
      visit.seen.replaced.clear();
      learning::add_repairs(visit.seen, repairs, completed_at);
      visit.seen.days_known = learning::days(completed_at - known_since);
      experience.counts.learn(visit);
      learnt = true;
      repairs.push_back({completed_at, true, visit.causes, visit.parts});
    }
  });
}

Status LearningFollower::begin(const std::string& tenant, State& state) {
  const auto [snapshot, cursor] = desk_.store().snapshot_with_head({tenant, 0});
  const View view(*snapshot, tenant);
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each<v1::Outcome>("", "", [&](v1::Outcome& outcome) {
    names.push_back(outcome.name());
    return true;
  }));
  state.lessons.clear();
  state.assets.clear();
  desk_.minds().learn(tenant, [](Experience& experience) { experience = {}; });
  for (const auto& name : names) FIRSTFIX_CHECK(settle(view, name, state));
  state.cursor = cursor;
  state.begun = true;
  return {};
}

Status LearningFollower::follow(const std::string& tenant, State& state) {
  for (;;) {
    auto entries = desk_.store().tail({tenant, 0}, state.cursor, kAtOnce);
    if (!entries && entries.error().code == Code::kExpired) return begin(tenant, state);
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
        }
      }
      state.cursor = entry.after;
    }
  }
}

Result<std::uint64_t> LearningFollower::catch_up(const std::string& tenant) {
  std::lock_guard lock(mutex_);
  auto& state = states_[tenant];
  if (!state.begun) FIRSTFIX_CHECK(begin(tenant, state));
  FIRSTFIX_CHECK(follow(tenant, state));
  const auto snapshot = desk_.snapshot();
  FIRSTFIX_CHECK(desk_.minds().estimate(View(*snapshot, tenant)));
  return state.cursor.position;
}

std::map<std::string, std::uint64_t> LearningFollower::positions() const {
  std::lock_guard lock(mutex_);
  std::map<std::string, std::uint64_t> out;
  for (const auto& [tenant, state] : states_) out[tenant] = state.cursor.position;
  return out;
}

}  // namespace firstfix::desk
