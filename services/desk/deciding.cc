// Diagnosis: what is probably wrong.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <set>

#include "casework/case.h"
#include "casework/convert.h"
#include "casework/watch.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "desk/warnings.h"
#include "learning/history.h"
#include "steps.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMaxCauses = 10;
constexpr int kMaxMarks = 200;

constexpr const char* kOccurrences = "occurrence_count";  // the component's own count, beside its readings

// What has been erased with a tool has not gone away by itself.
bool went_away(const v1::FaultEpisode& episode) {
  return episode.state() == v1::EPISODE_STATE_CLEARED && !episode.cleared_by_tool();
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
         " with " + percent(best.probability()) + (diagnosis.has_advice() ? "; " + diagnosis.advice().reason() : "");
}

v1::Diagnosis to_record(const diagnosis::Answer& answer, const Draft& draft, Instant now) {
  v1::Diagnosis out;
  *out.mutable_made_at() = to_proto(now);
  out.mutable_codes()->Assign(draft.seen.codes.begin(), draft.seen.codes.end());
  for (const auto& mark : draft.seen.marks) {
    if (out.marks_size() == kMaxMarks) break;
    auto& told = *out.add_marks();
    told.set_code(mark.sign);
    told.set_what(mark.what);
    told.set_than(mark.than);
  }
  for (const auto& reading : draft.seen.readings) {
    auto& told = *out.add_readings();
    told.set_code(reading.sign);
    told.set_what(reading.what);
    told.set_value(reading.value);
  }
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

bool asks_whether(v1::DiagnosisQuestion question) {
  return question == v1::DIAGNOSIS_QUESTION_WARNING;
}

// Writes the diagnosis, and with it the case and the effects that it has had so far.
Status diagnose_anew(Work& work, Draft& draft, v1::Case record, Effects effects, v1::DiagnosisQuestion question) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  FIRSTFIX_TRY(answer, answer_of(work, draft, record.asset()));
  draft.diagnosis = to_record(answer, draft, uow.now());
  draft.diagnosis.set_name(next_name(draft.case_name, "diagnoses", record.diagnosis()));
  draft.diagnosis.set_question(question);
  if (asks_whether(question)) FIRSTFIX_CHECK(weigh_warning(work, record, draft.seen, draft.diagnosis));
  draft.answer = std::move(answer);
  record.set_diagnosis(draft.diagnosis.name());
  tell(record, effects, v1::TIMELINE_KIND_DECISION, headline(*knowledge, draft.diagnosis), kFirstFix,
       draft.diagnosis.name(), uow.now());
  effects.cases.push_back(std::move(record));
  FIRSTFIX_CHECK(uow.put(draft.diagnosis));
  FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  return recall_if_unfit(work, draft);
}

// Diagnoses one case; false if there is nothing to decide about it any more.
Result<bool> diagnose_case(Work& work, Draft& draft) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
  if (casework::closed(record) || casework::work_done(record)) return false;
  FIRSTFIX_TRY(seen, seen_of(uow, draft.case_name, uow.now()));
  draft.seen = std::move(seen);
  FIRSTFIX_TRY(question, question_about(uow, record));
  const bool settled = !asks_whether(question) && !record.visit_wanted();
  Effects effects;
  if (settled) casework::want_visit(record, effects);
  FIRSTFIX_TRY(last, uow.find<v1::Diagnosis>(record.diagnosis()));
  auto same =
      last &&
      std::equal(draft.seen.codes.begin(), draft.seen.codes.end(), last->codes().begin(), last->codes().end()) &&
      asks_whether(last->question()) == asks_whether(question) &&
      draft.seen.readings.size() <= static_cast<std::size_t>(last->readings_size());
  if (same && asks_whether(question)) {
    // Asked again, the answer may be another: more was learnt meanwhile.
    auto again = *last;
    FIRSTFIX_CHECK(weigh_warning(work, record, draft.seen, again));
    same = again.advice().action() == last->advice().action();
  }
  if (!same) {
    FIRSTFIX_CHECK(diagnose_anew(work, draft, std::move(record), std::move(effects), question));
  } else {
    draft.diagnosis = std::move(*last);
    effects.cases.push_back(std::move(record));
    if (settled) FIRSTFIX_CHECK(uow.apply(std::move(effects)));
  }
  FIRSTFIX_TRY(now, uow.get<v1::Case>(draft.case_name));
  record = std::move(now);
  draft.plan = draft.plan && casework::plannable(record);
  return true;
}

}  // namespace

Result<Seen> seen_of(const View& view, const std::string& case_name, Instant now) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index::kEpisodeOfCase, {case_name}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  std::vector<learning::Fault> faults;  // an episode that was raised again within itself came more than once
  std::set<std::string> codes;
  for (const auto& name : names) {
    FIRSTFIX_TRY(episode, view.get<v1::FaultEpisode>(name));
    codes.insert(episode.code());
    learning::Fault fault{to_instant(episode.raised_at()), episode.code()};
    if (went_away(episode)) fault.cleared_at = to_instant(episode.cleared_at());
    fault.readings.assign(episode.readings().begin(), episode.readings().end());
    if (episode.has_occurrence_count()) fault.readings.emplace_back(kOccurrences, episode.occurrence_count());
    faults.push_back(fault);
    if (episode.raise_count() > 1) faults.push_back({to_instant(episode.changed_at()), fault.code, fault.cleared_at});
  }
  std::stable_sort(faults.begin(), faults.end(), [](const auto& x, const auto& y) { return x.at < y.at; });
  return Seen{{codes.begin(), codes.end()}, learning::marks_of(faults, now), learning::readings_of(faults)};
}

std::string next_name(const std::string& case_name, std::string_view collection, const std::string& last) {
  unsigned number = 0;
  const auto id = id_of(last);
  std::from_chars(id.data(), id.data() + id.size(), number);
  return case_name + "/" + std::string(collection) + "/" + std::to_string(number + 1);
}

Result<diagnosis::Answer> answer_of(Work& work, const Draft& draft, const std::string& asset_name) {
  FIRSTFIX_TRY(model, work.minds.model(work.uow));
  FIRSTFIX_TRY(asset, work.uow.get<v1::Asset>(asset_name));
  auto answer = diagnosis::diagnose(*model, work.minds.sight(work.uow.tenant(), asset, draft.seen, work.uow.now()));
  // Nothing that is known speaks for any cause: say so, rather than recite how often each comes.
  if (answer.speechless) {
    answer = {.unknown_codes = std::move(answer.unknown_codes), .visits = answer.visits};
    answer.unknown_probability = 1;
  }
  return answer;
}

double units(const v1::Money& money) {
  return static_cast<double>(money.millis()) / 1000;
}

Status diagnose_cases(Work& work) {
  for (auto& draft : work.drafts) {
    FIRSTFIX_TRY(wanted, diagnose_case(work, draft));
    if (!wanted) draft.plan = false;
  }
  return {};
}

}  // namespace firstfix::desk
