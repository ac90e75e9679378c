// Reports become episodes; episodes open, join or reopen cases.
#include "casework/case.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "desk/warnings.h"
#include "firstfix/v1/fleet.pb.h"
#include "steps.h"

namespace firstfix::desk {
namespace {

using casework::EpisodeEvent;

// The open case of the asset; else the case that this fault had before, if that ended not long ago.
Result<std::optional<v1::Case>> case_for(const UnitOfWork& uow, const v1::FaultEpisode& episode) {
  FIRSTFIX_TRY(open, uow.lookup(index::kOpenCaseOfAsset, {episode.asset()}));
  if (open) return uow.find<v1::Case>(*open);
  FIRSTFIX_TRY(last, uow.lookup(index::kLastCase, {episode.asset(), episode.code(), episode.component()}));
  if (!last) return std::optional<v1::Case>{};
  FIRSTFIX_TRY(old, uow.find<v1::Case>(*last));
  const bool recurrence = old && old->resolution() != v1::CASE_RESOLUTION_CANCELLED &&
                          uow.now() - to_instant(old->closed_at()) <= casework::kRecurrenceWindow;
  return recurrence ? std::move(old) : std::optional<v1::Case>{};
}

std::string title(const v1::FaultEpisode& episode, const v1::FaultCode* code) {
  const auto what = casework::describe(episode);
  return code == nullptr || code->display_name().empty() ? what : code->display_name() + " — " + what;
}

Result<v1::Case> open_for(Work& work, const v1::FaultEpisode& episode, const v1::FaultCode* code) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(place, find_place(uow, episode.asset()));
  const casework::Opening opening{.name = "cases/" + new_id(uow.now(), work.entropy),
                                  .asset = &place.asset,
                                  .site = place.site ? &*place.site : nullptr,
                                  .customer = place.customer ? &*place.customer : nullptr,
                                  .summary = title(episode, code),
                                  .severity = episode.severity(),
                                  .opened_at = to_instant(episode.received_at()),
                                  .actor = std::string(kFirstFix),
                                  .by_machine = true};
  auto effects = casework::open(opening, uow.now());
  auto record = effects.cases.back();
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  return record;
}

// A new alarm finds its case.
Status join_case(Work& work, v1::FaultEpisode episode) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  const auto* code = knowledge->code(episode.code());
  if (!casework::wants_case(episode, code)) return uow.put(std::move(episode));
  FIRSTFIX_TRY(found, case_for(uow, episode));
  v1::Case record;
  if (found) {
    record = std::move(*found);
  } else {
    FIRSTFIX_TRY(opened, open_for(work, episode, code));
    record = std::move(opened);
  }
  episode.set_case_name(record.name());
  FIRSTFIX_CHECK(uow.apply(casework::fault_active(record, episode, uow.now())));
  auto& draft = work.draft(record.name());
  FIRSTFIX_TRY(now, uow.get<v1::Case>(record.name()));
  draft.plan = draft.plan || casework::plannable(now);
  return uow.put(std::move(episode));
}

// What had passed by the device's time before it said something more is settled first.
Status settle_overdue(Work& work, const std::string& name, const v1::FaultCode* code, Instant occurred_at) {
  FIRSTFIX_TRY(episode, work.uow.get<v1::FaultEpisode>(name));
  const auto delay = casework::overdue(episode, code, occurred_at);
  if (delay == internal::v1::TIMER_KIND_UNSPECIFIED) return {};
  FIRSTFIX_CHECK(work.uow.set_timer({delay, name, kNever}));
  return settle_episode(work, casework::on_delay_passed(episode, delay, occurred_at));
}

Status take_fault(Work& work, const Observation& seen) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  FIRSTFIX_TRY(open, uow.lookup(index::kOpenEpisode, {seen.asset, seen.change.code(), seen.change.component()}));
  const auto* code = knowledge->code(seen.change.code());
  std::optional<v1::FaultEpisode> current;
  if (open) {
    FIRSTFIX_CHECK(settle_overdue(work, *open, code, seen.occurred_at));
    FIRSTFIX_TRY(found, uow.get<v1::FaultEpisode>(*open));
    current = std::move(found);
  }
  const casework::Report report{.asset = seen.asset,
                                .device = seen.device,
                                .epoch = seen.epoch,
                                .sequence = seen.sequence,
                                .occurred_at = seen.occurred_at,
                                .received_at = seen.received_at,
                                .code = code,
                                .new_episode = "episodes/" + new_id(uow.now(), work.entropy)};
  auto decision = casework::on_report(current, seen.change, report, uow.now());
  if (decision.episode.name() == report.new_episode && seen.put_right)
    decision.episode.set_rule(decision.episode.rule() +
                              "; the device's time could not be, the time of receipt is taken");
  return settle_episode(work, decision);
}

}  // namespace

Result<Place> find_place(const View& view, const std::string& asset) {
  Place place;
  FIRSTFIX_TRY(record, view.get<v1::Asset>(asset));
  place.asset = std::move(record);
  FIRSTFIX_TRY(site, view.find<v1::Site>(place.asset.site()));
  place.site = std::move(site);
  if (!place.site) return place;
  FIRSTFIX_TRY(customer, view.find<v1::Customer>(place.site->customer()));
  place.customer = std::move(customer);
  FIRSTFIX_TRY(territory, view.find<v1::Territory>(place.site->territory()));
  place.territory = std::move(territory);
  return place;
}

Status settle_episode(Work& work, const casework::EpisodeDecision& decision) {
  auto& uow = work.uow;
  const auto& episode = decision.episode;
  for (const auto& timer : decision.timers) FIRSTFIX_CHECK(uow.set_timer(timer));
  if (decision.event == EpisodeEvent::kNothing) return {};
  if (decision.event == EpisodeEvent::kActive) return join_case(work, episode);
  FIRSTFIX_CHECK(uow.put(episode));
  if (episode.case_name().empty()) return {};
  FIRSTFIX_TRY(record, uow.get<v1::Case>(episode.case_name()));
  if (decision.event == EpisodeEvent::kChanged) {
    FIRSTFIX_CHECK(uow.apply(casework::fault_changed(record, episode, uow.now())));
  } else if (decision.event == EpisodeEvent::kCleared) {
    FIRSTFIX_CHECK(uow.apply(casework::fault_cleared(record, episode, uow.now())));
  }
  return record.state() == v1::CASE_STATE_WATCHED ? watched_fault_changed(work, record.name()) : Status{};
}

Status take_faults(Work& work) {
  for (const auto& seen : work.observations) FIRSTFIX_CHECK(take_fault(work, seen));
  return {};
}

}  // namespace firstfix::desk
