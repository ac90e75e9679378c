#include "desk/learning_follower.h"

#include <algorithm>
#include <set>

#include "casework/case.h"
#include "casework/convert.h"
#include "follower_state.h"

namespace firstfix::desk {
namespace {

// The outcome of a visit, or of a case that ended without one.
std::string outcome_of(const std::string& visit_or_case) {
  return "outcomes/" + std::string(id_of(visit_or_case));
}

bool teaches(const v1::Case& record, const v1::Outcome& outcome) {
  const auto& last = record.visit().empty() ? record.name() : record.visit();
  return casework::closed(record) && record.resolution() != v1::CASE_RESOLUTION_CANCELLED &&
         outcome_of(last) == outcome.name();
}

template <class Marks>
std::vector<learning::Mark> marks_in(const Marks& told) {
  std::vector<learning::Mark> out;
  for (const auto& mark : told) out.push_back({mark.code(), mark.what(), mark.than()});
  return out;
}

template <class Readings>
std::vector<learning::Reading> readings_in(const Readings& told) {
  std::vector<learning::Reading> out;
  for (const auto& reading : told) out.push_back({reading.code(), reading.what(), reading.value()});
  return out;
}

// What was put right before, and for how long the machine has been known.
void look_back(learning::Sight& seen, const std::vector<learning::Work>& repairs, Instant at, Instant known_since) {
  seen.repaired.clear();
  seen.replaced.clear();
  learning::add_repairs(seen, repairs, at);
  seen.days_known = std::max(0.0, learning::days(at - known_since));
  seen.age_years = seen.days_known > 0 ? seen.days_known / learning::kDaysAYear : -1;
}

}  // namespace

LearningFollower::Lesson LearningFollower::lesson_of(const v1::Outcome& outcome, bool visited) {
  const auto completed_at = to_instant(outcome.completed_at());
  Lesson lesson{.completed_at = completed_at,
                .known_since = outcome.has_known_since() ? to_instant(outcome.known_since()) : completed_at,
                .warned_at = {},
                .visited = visited,
                .visit = {},
                .warning = {}};
  if (outcome.has_warned_at()) lesson.warned_at = to_instant(outcome.warned_at());
  for (auto* visit : {&lesson.visit, &lesson.warning}) {
    visit->seen.model = outcome.model();
    visit->causes.assign(outcome.causes().begin(), outcome.causes().end());
    visit->parts.assign(outcome.parts().begin(), outcome.parts().end());
  }
  lesson.visit.seen.signs.assign(outcome.codes().begin(), outcome.codes().end());
  lesson.warning.seen.signs.assign(outcome.warned_codes().begin(), outcome.warned_codes().end());
  lesson.visit.seen.marks = marks_in(outcome.marks());
  lesson.warning.seen.marks = marks_in(outcome.warned_marks());
  lesson.visit.seen.readings = readings_in(outcome.readings());
  lesson.warning.seen.readings = readings_in(outcome.warned_readings());
  lesson.visit.at = completed_at;
  lesson.warning.at = lesson.warned_at.value_or(completed_at);
  return lesson;
}

void LearningFollower::unlearn(Experience& experience, const Lesson& lesson) {
  if (!lesson.learnt) return;
  if (lesson.visited) experience.counts.unlearn(lesson.visit);
  if (lesson.warned_at) experience.warnings.unlearn(lesson.warning);
}

void LearningFollower::learn(Experience& experience, const Lesson& lesson) {
  if (lesson.visited) experience.counts.learn(lesson.visit);
  if (lesson.warned_at) experience.warnings.learn(lesson.warning);
}

Status LearningFollower::settle(const View& view, const std::string& name, State& state) {
  std::set<std::string> touched;
  if (const auto known = state.assets.find(name); known != state.assets.end()) {
    touched.insert(known->second);
    const auto& lesson = state.lessons[known->second][name];
    if (lesson.learnt) desk_.minds().learn(view.tenant(), [&](auto& experience) { unlearn(experience, lesson); });
    state.lessons[known->second].erase(name);
    state.assets.erase(known);
  }
  FIRSTFIX_TRY(outcome, view.find<v1::Outcome>(name));
  if (outcome) {
    FIRSTFIX_TRY(record, view.find<v1::Case>(outcome->case_name()));
    if (record && teaches(*record, *outcome)) {
      state.lessons[outcome->asset()].emplace(name, lesson_of(*outcome, !record->visit().empty()));
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
      unlearn(experience, *lesson);
      look_back(lesson->visit.seen, repairs, lesson->completed_at, lesson->known_since);
      if (lesson->warned_at) look_back(lesson->warning.seen, repairs, *lesson->warned_at, lesson->known_since);
      learn(experience, *lesson);
      lesson->learnt = true;
      if (lesson->visited) repairs.push_back({lesson->completed_at, true, lesson->visit.causes, lesson->visit.parts});
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
      FIRSTFIX_TRY(change, changes_in(entry));
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
          visits.push_back(record.name());
          for (const auto& visit : visits) FIRSTFIX_CHECK(settle(view, outcome_of(visit), state));
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
