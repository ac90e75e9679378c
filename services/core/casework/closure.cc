#include "casework/closure.h"

#include <algorithm>

#include "casework/case.h"
#include "casework/convert.h"

namespace firstfix::casework {
namespace {

constexpr Duration kAskEvery = std::chrono::hours{24};

std::string minutes(Duration d) {
  return std::to_string(std::chrono::duration_cast<std::chrono::minutes>(d).count()) + " min";
}

void close(v1::Case& record, Effects& effects, v1::CaseResolution resolution, std::string_view why,
           std::string_view actor, Instant now) {
  record.set_resolution(resolution);
  *record.mutable_closed_at() = to_proto(now);
  effects.timers.push_back({internal::v1::TIMER_KIND_ASK_CUSTOMER, record.name(), kNever});
  enter(record, effects, v1::CASE_STATE_CLOSED, why, actor, now);
}

void ask(v1::Case& record, Effects& effects, Instant now) {
  auto& word = *record.mutable_confirmation();
  word.set_state(v1::CONFIRMATION_STATE_ASKED);
  word.set_asked_count(word.asked_count() + 1);
  effects.timers.push_back({internal::v1::TIMER_KIND_ASK_CUSTOMER, record.name(), now + kAskEvery});
  tell(record, effects, v1::TIMELINE_KIND_ACTION, "asked the customer whether it is solved", kFirstFix, "", now);
}

// The machine has shown what it can show. The customer's word may be there already.
void proven(v1::Case& record, Effects& effects, std::string_view why, Instant now) {
  *record.mutable_proven_at() = to_proto(now);
  if (record.confirmation().state() == v1::CONFIRMATION_STATE_CONFIRMED)
    return close(record, effects, v1::CASE_RESOLUTION_CONFIRMED, "confirmed by customer and machine", kFirstFix, now);
  enter(record, effects, v1::CASE_STATE_AWAITING_CONFIRMATION, why, kFirstFix, now);
  ask(record, effects, now);
}

bool demonstrably_works(const v1::Device& device) {
  return device.connected() && device.working();
}

}  // namespace

namespace {

// `what` is what the machine has to prove.
Effects begin_proving(v1::Case record, const v1::AssetModel* model, const v1::Device* device, const std::string& what,
                      std::string_view actor, Instant now) {
  Effects effects;
  *record.mutable_work_done_at() = to_proto(now);
  auto& proving = *record.mutable_proving();
  proving.Clear();
  const auto required =
      model != nullptr && model->has_proving_time() ? to_duration(model->proving_time()) : kDefaultProvingTime;
  *proving.mutable_required() = to_proto(required);
  *proving.mutable_worked() = to_proto(Duration{0});
  if (device == nullptr) {
    proving.set_without_telemetry(true);
    proven(record, effects, "the machine cannot speak; only the customer's word counts", now);
  } else if (demonstrably_works(*device)) {
    enter(record, effects, v1::CASE_STATE_PROVING,
          what + "; the machine has to work " + minutes(required) + " without the fault", actor, now);
  } else {
    enter(record, effects, v1::CASE_STATE_WAITING_FOR_OPERATION, what + "; the machine does not work yet", actor, now);
  }
  effects.cases.push_back(std::move(record));
  return effects;
}

}  // namespace

Effects work_done_on(const v1::Case& current, const v1::AssetModel* model, const v1::Device* device,
                     std::string_view actor, Instant now) {
  return begin_proving(current, model, device, "work done", actor, now);
}

Effects went_away(const v1::Case& current, const v1::AssetModel* model, const v1::Device* device, Instant now) {
  return begin_proving(current, model, device, "the fault went away by itself", kFirstFix, now);
}

std::optional<Effects> machine_reported(const v1::Case& current, const v1::Device& device, Instant counted_at,
                                        Instant now) {
  if (current.state() != v1::CASE_STATE_PROVING && current.state() != v1::CASE_STATE_WAITING_FOR_OPERATION)
    return std::nullopt;
  Effects effects;
  v1::Case record = current;
  auto& proving = *record.mutable_proving();
  const bool healthy = device.connected() && record.active_episode_count() == 0;
  const bool fresh = counted_at >= to_instant(record.work_done_at());
  bool changed = false;
  if (!healthy || proving.epoch() != device.epoch() || !fresh) {
    // What was worked before this report proves nothing: count from here.
    changed = proving.epoch() != 0;
    proving.set_epoch(0);
    if (healthy && fresh)
      proving.set_epoch(device.epoch()), proving.set_operating_s(device.operating_s()), changed = true;
  } else if (device.operating_s() > proving.operating_s()) {
    const auto worked = to_duration(proving.worked()) +
                        Duration{static_cast<std::int64_t>((device.operating_s() - proving.operating_s()) * 1e6)};
    *proving.mutable_worked() = to_proto(worked);
    proving.set_operating_s(device.operating_s());
    changed = true;
  }
  const auto wanted = demonstrably_works(device) ? v1::CASE_STATE_PROVING : v1::CASE_STATE_WAITING_FOR_OPERATION;
  if (to_duration(proving.worked()) >= to_duration(proving.required())) {
    proven(record, effects, "the machine worked " + minutes(to_duration(proving.worked())) + " without the fault", now);
  } else if (record.state() != wanted) {
    enter(record, effects, wanted,
          device.connected() ? (device.working() ? "the machine works" : "the machine stands still")
                             : "the machine is silent",
          kFirstFix, now);
  } else if (!changed) {
    return std::nullopt;
  }
  effects.cases.push_back(std::move(record));
  return effects;
}

Result<Effects> customer_says(const v1::Case& current, bool solved, std::string_view comment, std::string_view by,
                              Instant now) {
  if (current.resolution() == v1::CASE_RESOLUTION_CANCELLED)
    return fail(Code::kState, current.name() + " was cancelled");
  if (solved && closed(current)) return fail(Code::kState, current.name() + " is closed already");
  if (!work_done(current) && !closed(current))
    return fail(Code::kState, current.name() + " is " + std::string(state_name(current.state())) +
                                  ": no work has been done yet that could be confirmed");
  Effects effects;
  v1::Case record = current;
  auto& word = *record.mutable_confirmation();
  word.set_state(solved ? v1::CONFIRMATION_STATE_CONFIRMED : v1::CONFIRMATION_STATE_DENIED);
  word.set_by(by.data(), by.size());
  word.set_comment(comment.data(), comment.size());
  *word.mutable_at() = to_proto(now);
  std::string line = solved ? "the customer says: solved" : "the customer says: not solved";
  if (!comment.empty()) line.append(" («").append(comment).append("»)");
  tell(record, effects, v1::TIMELINE_KIND_ACTION, std::move(line), by, "", now);
  if (!solved) {
    reopen(record, effects, "the customer says that it is not solved", by, now);
  } else if (record.state() == v1::CASE_STATE_AWAITING_CONFIRMATION) {
    close(record, effects, v1::CASE_RESOLUTION_CONFIRMED, "confirmed", by, now);
  }
  effects.cases.push_back(std::move(record));
  return effects;
}

std::optional<Effects> reminder_due(const v1::Case& current, Instant now) {
  if (current.state() != v1::CASE_STATE_AWAITING_CONFIRMATION) return std::nullopt;
  Effects effects;
  v1::Case record = current;
  if (record.confirmation().asked_count() >= kAskedAtLeast &&
      now - to_instant(record.proven_at()) >= kUnansweredAfter) {
    close(record, effects, v1::CASE_RESOLUTION_UNCONFIRMED,
          "unconfirmed: the customer was asked " + std::to_string(record.confirmation().asked_count()) +
              " times in 7 days and did not answer",
          kFirstFix, now);
  } else {
    ask(record, effects, now);
  }
  effects.cases.push_back(std::move(record));
  return effects;
}

}  // namespace firstfix::casework
