// Diagnosis and parts: what is probably wrong, and what to take along.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>

#include "casework/case.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "parts/scenarios.h"
#include "steps.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMaxCauses = 10, kMaxKitLines = 50;
constexpr double kDefaultSecondVisitCost = 400, kDefaultCarryCost = 5;
constexpr double kLeastPartProbability = 0.02;  // below it a part is not worth a line

// "cases/x/diagnoses/3" after "cases/x/diagnoses/2".
std::string next_name(const std::string& case_name, std::string_view collection, const std::string& last) {
  unsigned number = 0;
  const auto id = id_of(last);
  std::from_chars(id.data(), id.data() + id.size(), number);
  return case_name + "/" + std::string(collection) + "/" + std::to_string(number + 1);
}

Result<std::vector<std::string>> codes_of(const View& view, const std::string& case_name) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index::kEpisodeOfCase, {case_name}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  std::set<std::string> codes;
  for (const auto& name : names) {
    FIRSTFIX_TRY(episode, view.get<v1::FaultEpisode>(name));
    codes.insert(episode.code());
  }
  return std::vector<std::string>(codes.begin(), codes.end());
}

std::string percent(double p) {
  char text[16];
  std::snprintf(text, sizeof text, "%.0f %%", p * 100);
  return text;
}

std::string headline(const Knowledge& knowledge, const v1::Diagnosis& diagnosis) {
  if (diagnosis.causes().empty()) return "diagnosis: nothing that is known explains these codes";
  const auto& best = diagnosis.causes(0);
  const auto* cause = knowledge.cause(best.cause());
  return "diagnosis: " + (cause != nullptr && !cause->display_name().empty() ? cause->display_name() : best.cause()) +
         " with " + percent(best.probability());
}

Result<diagnosis::Answer> answer_of(Work& work, const Draft& draft, const std::string& asset_name) {
  FIRSTFIX_TRY(model, work.minds.model(work.uow));
  FIRSTFIX_TRY(asset, work.uow.get<v1::Asset>(asset_name));
  auto answer = diagnosis::diagnose(*model, work.minds.sight(work.uow.tenant(), asset, draft.codes, work.uow.now()));
  // Nothing that is known speaks for any cause: say so, rather than recite how often each comes.
  if (answer.unknown_codes.size() == draft.codes.size()) {
    answer = {.unknown_codes = std::move(answer.unknown_codes), .visits = answer.visits};
    answer.unknown_probability = 1;
  }
  return answer;
}

v1::Diagnosis to_record(const diagnosis::Answer& answer, const Draft& draft, Instant now) {
  v1::Diagnosis out;
  *out.mutable_made_at() = to_proto(now);
  out.mutable_codes()->Assign(draft.codes.begin(), draft.codes.end());
  for (std::size_t i = 0; i < std::min(kMaxCauses, answer.causes.size()); ++i) {
    auto& cause = *out.add_causes();
    cause.set_cause(answer.causes[i].name);
    cause.set_probability(answer.causes[i].probability);
  }
  out.set_unknown_probability(answer.unknown_probability);
  out.mutable_unknown_codes()->Assign(answer.unknown_codes.begin(), answer.unknown_codes.end());
  out.set_visits_learnt(static_cast<std::uint64_t>(answer.visits));
  out.mutable_evidence()->Assign(answer.evidence.begin(), answer.evidence.end());
  return out;
}

// A new diagnosis may take a skill that the engineer, who has been asked or has agreed but not set out, does not have:
// then the visit is taken back, so that the right one is planned.
Status recall_if_unfit(Work& work, Draft& draft) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
  if (record.visit().empty() || draft.diagnosis.causes().empty()) return {};
  FIRSTFIX_TRY(job, job_of(uow, record.visit()));
  if (job.visit.state() != v1::VISIT_STATE_OFFERED && job.visit.state() != v1::VISIT_STATE_ACCEPTED) return {};
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  FIRSTFIX_TRY(asset, uow.get<v1::Asset>(record.asset()));
  const planning::Interval when{to_instant(job.visit.starts_at()), to_instant(job.visit.ends_at())};
  FIRSTFIX_TRY(reason, unfit(uow, *knowledge, job.visit, needs_of(*knowledge, draft.diagnosis, asset.model()), when));
  if (reason.empty()) return {};
  FIRSTFIX_CHECK(release_visit(uow, job.visit));
  FIRSTFIX_CHECK(uow.apply(visit::withdraw(
      job, "the diagnosis is now " + draft.diagnosis.causes(0).cause() + ": " + reason, kFirstFix, uow.now())));
  draft.plan = true;
  return {};
}

// Diagnoses one case; false if there is nothing to decide about it any more.
Result<bool> diagnose_case(Work& work, Draft& draft) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
  if (casework::closed(record) || casework::work_done(record)) return false;
  FIRSTFIX_TRY(codes, codes_of(uow, draft.case_name));
  draft.codes = std::move(codes);
  FIRSTFIX_TRY(last, uow.find<v1::Diagnosis>(record.diagnosis()));
  if (last && std::equal(draft.codes.begin(), draft.codes.end(), last->codes().begin(), last->codes().end())) {
    draft.diagnosis = std::move(*last);
  } else {
    FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
    FIRSTFIX_TRY(answer, answer_of(work, draft, record.asset()));
    draft.diagnosis = to_record(answer, draft, uow.now());
    draft.diagnosis.set_name(next_name(draft.case_name, "diagnoses", record.diagnosis()));
    draft.answer = std::move(answer);
    Effects effects;
    record.set_diagnosis(draft.diagnosis.name());
    tell(record, effects, v1::TIMELINE_KIND_DECISION, headline(*knowledge, draft.diagnosis), kFirstFix,
         draft.diagnosis.name(), uow.now());
    effects.cases.push_back(record);
    FIRSTFIX_CHECK(uow.put(draft.diagnosis));
    FIRSTFIX_CHECK(uow.apply(std::move(effects)));
    FIRSTFIX_CHECK(recall_if_unfit(work, draft));
    FIRSTFIX_TRY(now, uow.get<v1::Case>(draft.case_name));
    record = std::move(now);
  }
  draft.plan = draft.plan && casework::plannable(record);
  return true;
}

// Is the part free on any van or in any depot of the territory?
Result<bool> obtainable(const View& view, const Workforce& workforce, const std::string& territory,
                        const std::string& part) {
  if (const auto depots = workforce.depots.find(territory); depots != workforce.depots.end()) {
    for (const auto& depot : depots->second) {
      FIRSTFIX_TRY(free, available(view, depot.name(), part));
      if (free > 0) return true;
    }
  }
  if (const auto workers = workforce.by_territory.find(territory); workers != workforce.by_territory.end()) {
    for (const auto& worker : workers->second) {
      if (worker.engineer.van().empty()) continue;
      FIRSTFIX_TRY(free, available(view, worker.engineer.van(), part));
      if (free > 0) return true;
    }
  }
  return false;
}

double units(const v1::Money& money) {
  return static_cast<double>(money.millis()) / 1000;
}

Result<std::vector<parts::Need>> needs_of(Work& work, const Draft& draft, const v1::Case& record) {
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(work.uow));
  FIRSTFIX_TRY(workforce, work.minds.workforce(work.uow));
  std::vector<parts::Need> needs;
  for (const auto& scored : draft.answer->parts) {
    if (scored.probability < kLeastPartProbability || needs.size() == kMaxKitLines) break;
    parts::Need need{.part = scored.name, .probability = scored.probability, .carry_cost = kDefaultCarryCost};
    if (const auto part = knowledge->parts.find(scored.name);
        part != knowledge->parts.end() && part->second.has_carry_cost())
      need.carry_cost = units(part->second.carry_cost());
    for (const auto& cause : draft.diagnosis.causes())
      if (const auto* known = knowledge->cause(cause.cause()))
        for (const auto& link : known->parts())
          if (link.part() == scored.name) need.quantity = std::max(need.quantity, link.quantity());
    FIRSTFIX_TRY(there, obtainable(work.uow, *workforce, record.territory(), scored.name));
    need.obtainable = there;
    needs.push_back(std::move(need));
  }
  return needs;
}

Status choose_kit_for(Work& work, Draft& draft) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
  if (!draft.answer) {
    FIRSTFIX_TRY(answer, answer_of(work, draft, record.asset()));
    draft.answer = std::move(answer);
  }
  FIRSTFIX_TRY(customer, uow.find<v1::Customer>(record.customer()));
  const double second_visit =
      customer && customer->has_second_visit_cost() ? units(customer->second_visit_cost()) : kDefaultSecondVisitCost;
  FIRSTFIX_TRY(needs, needs_of(work, draft, record));
  const auto kit = parts::choose_kit(needs, parts::scenarios_of(*draft.answer, needs), second_visit);
  draft.kit.Clear();
  draft.kit.set_name(next_name(draft.case_name, "partsPlans", record.parts_plan()));
  *draft.kit.mutable_made_at() = to_proto(uow.now());
  draft.kit.set_complete_probability(kit.complete_probability);
  for (const auto& line : kit.lines) {
    auto& out = *draft.kit.add_lines();
    out.set_part(line.need.part);
    out.set_probability(line.need.probability);
    out.set_quantity(line.need.quantity);
    out.set_chosen(line.chosen);
    out.set_reason(line.reason);
  }
  return {};
}

}  // namespace

Status diagnose_cases(Work& work) {
  for (auto& draft : work.drafts) {
    FIRSTFIX_TRY(wanted, diagnose_case(work, draft));
    if (!wanted) draft.plan = false;
  }
  return {};
}

Status choose_kits(Work& work) {
  for (auto& draft : work.drafts)
    if (draft.plan) FIRSTFIX_CHECK(choose_kit_for(work, draft));
  return {};
}

}  // namespace firstfix::desk
