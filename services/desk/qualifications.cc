#include "desk/qualifications.h"

#include <algorithm>

#include "casework/case.h"
#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "visit/crew.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMostUnfit = 1000;

planning::SkillNeed plain(const v1::SkillRequirement& need, const Knowledge& knowledge) {
  const auto skill = knowledge.skills.find(need.skill());
  return {need.skill(), static_cast<int>(need.level()), skill != knowledge.skills.end() && skill->second.remote()};
}

template <class Requirements>
std::vector<planning::SkillNeed> plain_all(const Requirements& requirements, const Knowledge& knowledge) {
  std::vector<planning::SkillNeed> out;
  for (const auto& need : requirements) out.push_back(plain(need, knowledge));
  return out;
}

// When a certificate counts: not after it was revoked.
planning::Interval span_of(const v1::Certificate& certificate) {
  const Instant from = certificate.has_valid_from() ? to_instant(certificate.valid_from()) : Instant{INT64_MIN};
  const Instant until = to_instant(certificate.valid_until());
  return {from, certificate.has_revoked_at() ? std::min(until, to_instant(certificate.revoked_at())) : until};
}

planning::Role role_of(const v1::CrewMember& member) {
  switch (member.role()) {
    case v1::CREW_ROLE_SECOND:
      return planning::Role::kSecond;
    case v1::CREW_ROLE_REMOTE_EXPERT:
      return planning::Role::kRemoteExpert;
    default:
      return planning::Role::kLead;
  }
}

// When the visit's work will be done, as far as it is not over.
planning::Interval time_of(const v1::Visit& visit, Instant now) {
  const Instant starts = to_instant(visit.starts_at()), ends = to_instant(visit.ends_at());
  if (visit::begun(visit)) return planning::just(now);
  const Instant from = std::max(starts, now);
  return {from, from + (ends - starts)};
}

// The next time after now at which one of the engineer's certificates begins or ends.
Instant next_change(const planning::Person& who, Instant now) {
  Instant next = kNever;
  for (const auto& [skill, held] : who.skills)
    for (const auto& span : held.certified)
      for (const auto t : {span.from, span.to})
        if (t > now) next = std::min(next, t);
  return next;
}

// An engineer's records, by the index that names them.
template <class M>
Result<std::vector<M>> records_of(const View& view, std::string_view index, const std::string& engineer) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index, {engineer}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  std::vector<M> out;
  for (const auto& name : names) {
    FIRSTFIX_TRY(record, view.get<M>(name));
    out.push_back(std::move(record));
  }
  return out;
}

// The case is planned again by a timer that is due now: within this transaction the workforce would still be the old.
Status plan_at_once(UnitOfWork& uow, const std::string& case_name, const std::string& reason) {
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  Effects effects;
  casework::plan_due(record, effects, reason, uow.now());
  effects.timers.push_back({internal::v1::TIMER_KIND_PLAN_DUE, case_name, uow.now()});
  effects.cases.push_back(std::move(record));
  return uow.apply(std::move(effects));
}

// The cases that wait for a skill that the engineer has now are planned at once.
Status plan_what_waited(UnitOfWork& uow, const planning::Person& person) {
  std::vector<std::string> cases;
  for (const auto& [skill, held] : person.skills)
    FIRSTFIX_CHECK(uow.each_entry(index::kMissingSkill, {skill}, [&](std::string_view name, std::string_view) {
      cases.emplace_back(name);
      return true;
    }));
  for (const auto& name : cases) FIRSTFIX_CHECK(uow.set_timer({internal::v1::TIMER_KIND_PLAN_DUE, name, uow.now()}));
  return {};
}

bool within(const internal::v1::RosterStop& stop, const v1::Shift& shift) {
  return Instant{stop.starts_us()} >= to_instant(shift.starts_at()) &&
         Instant{stop.ends_us()} <= to_instant(shift.ends_at());
}

// The engineer is at work already: that cannot be undone, but it is said.
Status tell_begun(UnitOfWork& uow, const visit::Job& job, const std::string& reason) {
  Effects effects;
  auto record = job.record;
  tell(record, effects, v1::TIMELINE_KIND_DECISION, "no longer qualified, but under way: " + reason, kFirstFix,
       job.visit.name(), uow.now());
  effects.cases.push_back(std::move(record));
  return uow.apply(std::move(effects));
}

}  // namespace

planning::Person person_of(const v1::Engineer& engineer, const std::vector<v1::Certificate>& certificates,
                           const Knowledge& knowledge) {
  planning::Person out{.id = engineer.name()};
  out.mentors.insert(engineer.mentor_skills().begin(), engineer.mentor_skills().end());
  out.learns.insert(engineer.learning_skills().begin(), engineer.learning_skills().end());
  for (const auto& held : engineer.skills()) {
    const Instant until = held.has_certificate_until() ? to_instant(held.certificate_until()) : kNever;
    const auto skill = knowledge.skills.find(held.skill());
    bool needs_one = skill != knowledge.skills.end() && skill->second.certificate_required();
    planning::Holding holding{static_cast<int>(held.level()), {}};
    for (const auto& certificate : certificates) {
      if (certificate.skill() != held.skill()) continue;
      needs_one = true;
      auto span = span_of(certificate);
      span.to = std::min(span.to, until);
      if (span.from < span.to) holding.certified.push_back(span);
    }
    if (!needs_one) holding.certified.push_back({Instant{INT64_MIN}, until});
    out.skills[held.skill()] = std::move(holding);
  }
  return out;
}

Result<std::vector<v1::Certificate>> certificates_of(const View& view, const std::string& engineer) {
  return records_of<v1::Certificate>(view, index::kCertificateOf, engineer);
}

Result<std::vector<v1::Shift>> shifts_of(const View& view, const std::string& engineer) {
  return records_of<v1::Shift>(view, index::kShiftOf, engineer);
}

Result<planning::Person> person_now(const View& view, const std::string& engineer, const Knowledge& knowledge) {
  FIRSTFIX_TRY(record, view.get<v1::Engineer>(engineer));
  FIRSTFIX_TRY(certificates, certificates_of(view, engineer));
  return person_of(record, certificates, knowledge);
}

std::vector<planning::SkillNeed> needs_of(const Knowledge& knowledge, const v1::Diagnosis& diagnosis,
                                          const std::string& model) {
  std::vector<planning::ProbableCause> causes;
  for (const auto& scored : diagnosis.causes())
    if (const auto* cause = knowledge.cause(scored.cause()))
      causes.push_back({scored.probability(), plain_all(cause->skills(), knowledge)});
  const auto found = knowledge.models.find(model);
  return planning::needs_of(causes, found == knowledge.models.end() ? std::vector<planning::SkillNeed>{}
                                                                    : plain_all(found->second.skills(), knowledge));
}

std::vector<planning::SkillNeed> needs_of(const Knowledge& knowledge, const v1::Visit& visit) {
  return plain_all(visit.skills(), knowledge);
}

Result<std::string> unfit(const View& view, const Knowledge& knowledge, const v1::Visit& visit,
                          const std::vector<planning::SkillNeed>& needs, planning::Interval when) {
  auto written = visit;
  visit::write_crew(written);
  std::vector<planning::Person> people;
  for (const auto& member : written.crew()) {
    FIRSTFIX_TRY(record, view.get<v1::Engineer>(member.engineer()));
    if (record.inactive()) return member.engineer() + " is not at work";
    FIRSTFIX_TRY(certificates, certificates_of(view, member.engineer()));
    people.push_back(person_of(record, certificates, knowledge));
  }
  planning::Crew crew;
  for (int i = 0; i < written.crew_size(); ++i)
    crew.push_back({&people[static_cast<std::size_t>(i)], role_of(written.crew(i))});
  return planning::unfit(needs, crew, when);
}

Status take_back(Command& command, const visit::Job& job, const std::string& reason) {
  FIRSTFIX_CHECK(release_visit(command.uow, job.visit));
  auto effects = visit::withdraw(job, reason, kFirstFix, command.now());
  effects.visits.back().set_taken_back_reason(reason);
  return command.uow.apply(std::move(effects));
}

Status plan_anew(Command& command, const visit::Job& job, const std::string& reason) {
  FIRSTFIX_CHECK(take_back(command, job, reason));
  return plan_at_once(command.uow, job.record.name(), reason);
}

Status review_bookings(Command& command, const std::string& engineer) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(knowledge, command.minds.knowledge(uow));
  FIRSTFIX_TRY(person, person_now(uow, engineer, *knowledge));
  FIRSTFIX_CHECK(
      uow.set_timer({internal::v1::TIMER_KIND_QUALIFICATION_CHANGES, engineer, next_change(person, command.now())}));
  FIRSTFIX_TRY(roster, roster_of(uow, engineer));
  for (const auto& stop : roster.stops()) {
    if (holds_time(stop)) continue;  // who comes is decided when it is booked
    FIRSTFIX_TRY(job, job_of(uow, stop.visit()));
    if (!visit::open(job.visit)) continue;
    FIRSTFIX_TRY(reason,
                 unfit(uow, *knowledge, job.visit, needs_of(*knowledge, job.visit), time_of(job.visit, command.now())));
    if (reason.empty()) continue;
    if (visit::begun(job.visit)) {
      FIRSTFIX_CHECK(tell_begun(uow, job, reason));
      continue;
    }
    FIRSTFIX_CHECK(plan_anew(command, job, reason));
  }
  return plan_what_waited(uow, person);
}

Status review_shift(Command& command, const v1::Shift& before) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(shifts, shifts_of(uow, before.engineer()));
  FIRSTFIX_TRY(roster, roster_of(uow, before.engineer()));
  for (const auto& stop : roster.stops()) {
    const auto holds = [&](const v1::Shift& shift) { return within(stop, shift); };
    if (holds_time(stop) || !holds(before) || std::any_of(shifts.begin(), shifts.end(), holds)) continue;
    FIRSTFIX_TRY(job, job_of(uow, stop.visit()));
    if (!visit::open(job.visit) || visit::begun(job.visit)) continue;
    FIRSTFIX_CHECK(plan_anew(command, job, before.engineer() + " is no longer on shift then"));
  }
  return {};
}

Result<std::vector<Unfit>> unfit_bookings(const View& view, const Knowledge& knowledge, Instant now) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index::kOpenVisit, {}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  std::vector<Unfit> out;
  for (const auto& name : names) {
    if (out.size() == kMostUnfit) break;
    FIRSTFIX_TRY(visit, view.get<v1::Visit>(name));
    if (visit.engineer().empty()) {
      if (!visit.taken_back_reason().empty()) out.push_back({visit, visit.taken_back_reason()});
      continue;
    }
    FIRSTFIX_TRY(reason, unfit(view, knowledge, visit, needs_of(knowledge, visit), time_of(visit, now)));
    if (!reason.empty()) out.push_back({std::move(visit), std::move(reason)});
  }
  return out;
}

}  // namespace firstfix::desk
