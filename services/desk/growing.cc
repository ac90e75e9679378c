#include "desk/growing.h"

#include <algorithm>
#include <set>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "desk/commands.h"
#include "desk/qualifications.h"
#include "visit/crew.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMostChances = 20;

Result<std::vector<v1::SignOff>> sign_offs_of(const View& view, const std::string& engineer, const std::string& skill) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index::kSignOffOf, {engineer, skill}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  std::vector<v1::SignOff> out;
  for (const auto& name : names) {
    FIRSTFIX_TRY(one, view.get<v1::SignOff>(name));
    out.push_back(std::move(one));
  }
  return out;
}

std::uint32_t counting_level(const planning::Person& who, const std::string& skill, Instant at) {
  return static_cast<std::uint32_t>(planning::level_in(who, skill, planning::just(at)));
}

// The level that the visit asked of the skill.
planning::SkillNeed need_on(const v1::Visit& visit, const std::string& skill) {
  for (const auto& need : visit.skills())
    if (need.skill() == skill) return {skill, static_cast<int>(need.level())};
  return {skill, 1};
}

Status tell_case(UnitOfWork& uow, const std::string& case_name, std::string line, const std::string& subject) {
  FIRSTFIX_TRY(record, uow.get<v1::Case>(case_name));
  Effects effects;
  tell(record, effects, v1::TIMELINE_KIND_ACTION, std::move(line), uow.actor(), subject, uow.now());
  effects.cases.push_back(std::move(record));
  return uow.apply(std::move(effects));
}

// If there are enough sign-offs now, and none is proposed yet, the next level is.
Status propose_level(Command& command, const v1::Engineer& engineer, const v1::Skill& skill,
                     const planning::Person& person) {
  auto& uow = command.uow;
  const auto level = growth::level_of(engineer, skill.name());
  if (counting_level(person, skill.name(), command.now()) != level) return {};
  FIRSTFIX_TRY(waiting, uow.lookup(index::kWaitingProposal, {engineer.name(), skill.name()}));
  if (waiting) return {};
  FIRSTFIX_TRY(all, sign_offs_of(uow, engineer.name(), skill.name()));
  auto proposed = growth::propose(command.fresh("levelProposals"), engineer, skill, all, command.now());
  if (!proposed) return {};
  for (auto& one : proposed->sign_offs) FIRSTFIX_CHECK(uow.put(std::move(one)));
  return uow.put(std::move(proposed->proposal));
}

std::set<std::string> skills_of(const v1::Engineer& engineer) {
  std::set<std::string> out(engineer.learning_skills().begin(), engineer.learning_skills().end());
  for (const auto& held : engineer.skills()) out.insert(held.skill());
  return out;
}

const Worker* worker_named(const Workforce& workforce, const std::string& engineer) {
  for (const auto& [territory, workers] : workforce.by_territory)
    for (const auto& worker : workers)
      if (worker.engineer.name() == engineer) return &worker;
  return nullptr;
}

// Why the engineer has no time for the visit; empty if they have.
Result<std::string> busy(const View& view, const Worker& worker, const v1::Visit& visit) {
  const Instant from = to_instant(visit.starts_at()), to = to_instant(visit.ends_at());
  const bool works = std::any_of(worker.shifts.begin(), worker.shifts.end(), [&](const auto& shift) {
    return !shift.on_call() && to_instant(shift.starts_at()) <= from && to <= to_instant(shift.ends_at());
  });
  if (!works) return std::string("does not work then");
  FIRSTFIX_TRY(roster, roster_of(view, worker.engineer.name()));
  for (const auto& stop : roster.stops())
    if (sets_out_us(roster, stop) < to.micros && from.micros < stop.ends_us())
      return "is booked for " + stop.visit() + " then";
  return std::string();
}

// The mentor of the crew for the skill on this visit; empty if there is none, or nothing to learn.
std::string mentor_for(const v1::Visit& visit, const planning::Person& who, const planning::SkillNeed& need,
                       const Workforce& workforce, const Knowledge& knowledge) {
  const planning::Interval when{to_instant(visit.starts_at()), to_instant(visit.ends_at())};
  if (!planning::practises(who, need, when)) return {};
  for (const auto& member : visit.crew()) {
    const auto* worker = visit::comes(member) ? worker_named(workforce, member.engineer()) : nullptr;
    if (worker != nullptr &&
        planning::may_mentor(person_of(worker->engineer, worker->certificates, knowledge), need, when))
      return member.engineer();
  }
  return {};
}

// The open visits that nobody has set out for, by territory, soonest first.
using Visits = std::map<std::string, std::vector<v1::Visit>>;
Result<Visits> visits_to_come(const View& view) {
  std::vector<std::string> names;
  FIRSTFIX_CHECK(view.each_entry(index::kOpenVisit, {}, [&](std::string_view name, std::string_view) {
    names.emplace_back(name);
    return true;
  }));
  Visits out;
  for (const auto& name : names) {
    FIRSTFIX_TRY(visit, view.get<v1::Visit>(name));
    if (visit.crew().empty() || visit::begun(visit)) continue;
    auto& there = out[visit.territory()];
    there.push_back(std::move(visit));
  }
  for (auto& [territory, visits] : out)
    std::stable_sort(visits.begin(), visits.end(), [](const auto& a, const auto& b) {
      return to_instant(a.starts_at()) < to_instant(b.starts_at());
    });
  return out;
}

Status add_chances(const View& view, const Knowledge& knowledge, const Workforce& workforce, const Worker& worker,
                   const planning::Person& person, const std::vector<v1::Visit>& visits, v1::Growth& line) {
  if (line.level() >= growth::kTopLevel) return {};
  for (const auto& visit : visits) {
    if (static_cast<std::size_t>(line.chances_size()) == kMostChances) return {};
    if (visit::is_member(visit, person.id) || visit.crew_size() >= static_cast<int>(planning::kLargestCrew)) continue;
    const bool takes_it = std::any_of(visit.skills().begin(), visit.skills().end(),
                                      [&](const auto& need) { return need.skill() == line.skill(); });
    if (!takes_it) continue;
    const auto mentor = mentor_for(visit, person, need_on(visit, line.skill()), workforce, knowledge);
    if (mentor.empty()) continue;
    FIRSTFIX_TRY(hindrance, busy(view, worker, visit));
    auto& chance = *line.add_chances();
    chance.set_visit(visit.name());
    chance.set_mentor(mentor);
    *chance.mutable_starts_at() = visit.starts_at();
    chance.set_to_level(line.counting_level() + 1);
    chance.set_reaches_level(line.visits_counted() + 1 >= line.visits_needed());
    chance.set_hindrance(hindrance);
  }
  return {};
}

void add_certificate(const Worker& worker, const planning::Person& person, Instant now, v1::Growth& line) {
  Instant last{INT64_MIN};
  for (const auto& one : worker.certificates) {
    const bool valid = one.skill() == line.skill() && !one.has_revoked_at() && to_instant(one.valid_until()) > now &&
                       (!one.has_valid_from() || to_instant(one.valid_from()) <= now);
    if (!valid || to_instant(one.valid_until()) <= last) continue;
    last = to_instant(one.valid_until());
    line.set_certificate(one.name());
  }
  const auto held = person.skills.find(line.skill());
  if (held == person.skills.end()) return;
  Instant until = now;
  for (const auto& span : held->second.certified)
    if (span.from <= now && span.to > until) until = span.to;
  if (until != now && until != kNever) *line.mutable_counts_until() = to_proto(until);
}

Status add_growth(const View& view, const Knowledge& knowledge, const Workforce& workforce,
                  const v1::Engineer& engineer, const std::vector<v1::Visit>& visits, Instant now,
                  std::vector<v1::Growth>& out) {
  FIRSTFIX_TRY(certificates, certificates_of(view, engineer.name()));
  const auto* known = worker_named(workforce, engineer.name());
  const Worker worker{engineer, known == nullptr ? std::vector<v1::Shift>{} : known->shifts, certificates};
  const auto person = person_of(engineer, certificates, knowledge);
  for (const auto& name : skills_of(engineer)) {
    const auto skill = knowledge.skills.find(name);
    if (skill == knowledge.skills.end()) continue;
    auto& line = out.emplace_back();
    line.set_engineer(engineer.name());
    line.set_skill(name);
    line.set_level(growth::level_of(engineer, name));
    line.set_counting_level(counting_level(person, name, now));
    add_certificate(worker, person, now, line);
    FIRSTFIX_TRY(all, sign_offs_of(view, engineer.name(), name));
    line.set_visits_counted(static_cast<std::uint32_t>(growth::counted(all, line.counting_level()).size()));
    line.set_visits_needed(growth::visits_needed(skill->second));
    FIRSTFIX_TRY(waiting, view.lookup(index::kWaitingProposal, {engineer.name(), name}));
    if (waiting) line.set_proposal(*waiting);
    FIRSTFIX_CHECK(add_chances(view, knowledge, workforce, worker, person, visits, line));
  }
  return {};
}

}  // namespace

Result<v1::SignOff> sign_off_visit(Command& command, const std::string& name, const growth::Assessment& assessment) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(visit, uow.get<v1::Visit>(name));
  FIRSTFIX_TRY(knowledge, command.minds.knowledge(uow));
  FIRSTFIX_TRY(engineer, uow.get<v1::Engineer>(assessment.engineer));
  FIRSTFIX_TRY(skill, uow.get<v1::Skill>(assessment.skill));
  FIRSTFIX_TRY(trainee, person_now(uow, assessment.engineer, *knowledge));
  const Instant then = to_instant(visit.arrived_at());
  FIRSTFIX_TRY(signed_off, growth::sign_off(visit, assessment, counting_level(trainee, assessment.skill, then),
                                            command.actor, command.now()));
  FIRSTFIX_TRY(mentor, person_now(uow, command.actor, *knowledge));
  const auto need = need_on(visit, assessment.skill);
  if (!planning::may_mentor(mentor, need, planning::just(then))) {
    const auto why = planning::why_not(mentor, need, planning::just(then));
    return fail(Code::kDenied, command.actor + " was no mentor of " + assessment.skill + " on " + name +
                                   (why.empty() ? "" : ": " + why));
  }
  FIRSTFIX_TRY(old, uow.find<v1::SignOff>(signed_off.name()));
  if (old) return fail(Code::kExists, old->name() + " was signed by " + old->mentor() + " already");
  FIRSTFIX_CHECK(uow.put(signed_off));
  FIRSTFIX_CHECK(tell_case(uow, visit.case_name(),
                           command.actor + " signs off " + assessment.skill + " for " + assessment.engineer + ": " +
                               (assessment.passed ? "passed" : "not passed") + "; " + assessment.words,
                           signed_off.name()));
  FIRSTFIX_CHECK(propose_level(command, engineer, skill, trainee));
  return uow.get<v1::SignOff>(signed_off.name());
}

Result<v1::LevelProposal> decide_level(Command& command, const std::string& name, bool approve,
                                       const std::string& reason) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(proposal, uow.get<v1::LevelProposal>(name));
  FIRSTFIX_TRY(engineer, uow.get<v1::Engineer>(proposal.engineer()));
  FIRSTFIX_TRY(knowledge, command.minds.knowledge(uow));
  FIRSTFIX_TRY(person, person_now(uow, engineer.name(), *knowledge));
  FIRSTFIX_TRY(decided, growth::decide(proposal, engineer, approve, reason, command.actor, command.now()));
  if (approve && counting_level(person, proposal.skill(), command.now()) != proposal.from_level())
    return fail(Code::kState, "the certificate of " + engineer.name() + " for " + proposal.skill() +
                                  " has expired or was revoked, and counts for nothing: renew it first");
  FIRSTFIX_CHECK(uow.put(std::move(decided.proposal)));
  if (approve) FIRSTFIX_CHECK(uow.put(std::move(decided.engineer)));
  return uow.get<v1::LevelProposal>(name);
}

Result<v1::Certificate> revoke_certificate(Command& command, const std::string& name, const std::string& reason) {
  auto& uow = command.uow;
  if (reason.empty() || reason.size() > growth::kMaxWordsBytes)
    return fail(Code::kInvalid, "reason is needed, at most 2000 bytes");
  FIRSTFIX_TRY(certificate, uow.get<v1::Certificate>(name));
  if (certificate.has_revoked_at()) return fail(Code::kState, name + " was revoked already");
  *certificate.mutable_revoked_at() = to_proto(command.now());
  certificate.set_revoke_reason(reason);
  const auto engineer = certificate.engineer();
  FIRSTFIX_CHECK(uow.put(std::move(certificate)));
  FIRSTFIX_CHECK(review_bookings(command, engineer));
  return uow.get<v1::Certificate>(name);
}

Result<std::map<std::string, int>> visits_to_go(const View& view, const v1::Engineer& engineer,
                                                const Knowledge& knowledge) {
  std::map<std::string, int> out;
  for (const auto& name : skills_of(engineer)) {
    const auto skill = knowledge.skills.find(name);
    if (skill == knowledge.skills.end()) continue;
    FIRSTFIX_TRY(all, sign_offs_of(view, engineer.name(), name));
    const auto done = static_cast<int>(growth::counted(all, growth::level_of(engineer, name)).size());
    out[name] = std::max(0, static_cast<int>(growth::visits_needed(skill->second)) - done);
  }
  return out;
}

Result<std::vector<v1::Growth>> growth_of(const View& view, const Knowledge& knowledge, const Workforce& workforce,
                                          const std::vector<v1::Engineer>& engineers, Instant now) {
  FIRSTFIX_TRY(visits, visits_to_come(view));
  std::vector<v1::Growth> out;
  for (const auto& engineer : engineers)
    FIRSTFIX_CHECK(add_growth(view, knowledge, workforce, engineer, visits[engineer.territory()], now, out));
  return out;
}

}  // namespace firstfix::desk
