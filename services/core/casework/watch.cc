#include "casework/watch.h"

#include "casework/case.h"
#include "casework/convert.h"

namespace firstfix::casework {
namespace {

void look_again(v1::Case& record, Effects& effects, std::string_view action, Instant due) {
  record.set_next_action(action.data(), action.size());
  record.set_owner("dispatch");
  *record.mutable_next_action_at() = to_proto(due);
  effects.timers.push_back({internal::v1::TIMER_KIND_WATCH_DUE, record.name(), due});
}

void go_on_watching(v1::Case& record, Effects& effects, Instant now) {
  record.set_warning_action(v1::WARNING_ACTION_WATCH);
  look_again(record, effects, "watch what the machine says", now + kWatchFor);
}

}  // namespace

bool warns(const v1::Case& record, const v1::Device* device) {
  return !record.visit_wanted() && record.severity() < v1::SEVERITY_CRITICAL && record.reopened_count() == 0 &&
         device != nullptr && (record.has_watched_since() || (device->connected() && device->working()));
}

Effects watch(const v1::Case& current, const v1::WarningAdvice& advice, Instant now) {
  Effects effects;
  v1::Case record = current;
  const bool already = record.state() == v1::CASE_STATE_WATCHED && record.warning_action() == advice.action();
  if (!record.has_watched_since()) *record.mutable_watched_since() = to_proto(now);
  record.clear_plan_due_reason();
  record.clear_plan_relaxation();
  effects.timers.push_back({internal::v1::TIMER_KIND_PLAN_DUE, record.name(), kNever});
  if (!already) enter(record, effects, v1::CASE_STATE_WATCHED, advice.reason(), kFirstFix, now);
  if (advice.action() == v1::WARNING_ACTION_REMOTE_CHECK && !already) {
    record.set_warning_action(advice.action());
    look_again(record, effects, "look at the machine from afar", now + kLookWithin);
  } else if (advice.action() == v1::WARNING_ACTION_WATCH) {
    go_on_watching(record, effects, now);
  }
  effects.cases.push_back(std::move(record));
  return effects;
}

Result<Effects> looked_at(const v1::Case& current, bool will_fail, std::string_view finding, std::string_view actor,
                          Instant now) {
  if (current.state() != v1::CASE_STATE_WATCHED)
    return fail(Code::kState, current.name() + " is " + std::string(state_name(current.state())) +
                                  ", not watched: no look from afar is asked for");
  if (finding.empty()) return fail(Code::kInvalid, "finding is needed: what was seen from afar");
  Effects effects;
  v1::Case record = current;
  tell(record, effects, v1::TIMELINE_KIND_ACTION,
       std::string(will_fail ? "looked at from afar, it will fail: " : "looked at from afar, it goes on: ") +
           std::string(finding),
       actor, "", now);
  if (will_fail)
    want_visit(record, effects);
  else
    go_on_watching(record, effects, now);
  effects.cases.push_back(std::move(record));
  return effects;
}

std::optional<Effects> watched_long_enough(const v1::Case& current, Instant now) {
  const bool not_looked = current.warning_action() == v1::WARNING_ACTION_REMOTE_CHECK;
  if (!not_looked && now - to_instant(current.watched_since()) < kWatchAtMost) return std::nullopt;
  Effects effects;
  v1::Case record = current;
  tell(record, effects, v1::TIMELINE_KIND_DECISION,
       not_looked ? "nobody has looked from afar: an engineer goes"
                  : "the fault has lasted for 7 days: an engineer goes",
       kFirstFix, "", now);
  want_visit(record, effects);
  effects.cases.push_back(std::move(record));
  return effects;
}

void want_visit(v1::Case& record, Effects& effects) {
  record.set_visit_wanted(true);
  if (record.has_watched_since()) effects.timers.push_back({internal::v1::TIMER_KIND_WATCH_DUE, record.name(), kNever});
}

}  // namespace firstfix::casework
