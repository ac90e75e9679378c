#include "growth/growth.h"

#include <algorithm>

#include "casework/convert.h"
#include "visit/crew.h"
#include "visit/visit.h"

namespace firstfix::growth {
namespace {

std::string_view id_of(std::string_view name) {
  return name.substr(name.rfind('/') + 1);
}

Status was_there(const v1::Visit& visit, std::string_view engineer) {
  const auto* member = visit::member_of(visit, engineer);
  if (member != nullptr && visit::comes(*member) && member->state() == v1::VISIT_STATE_COMPLETED) return {};
  return fail(Code::kDenied, std::string(engineer) + " was not at the machine on " + visit.name());
}

Status words_are_there(std::string_view field, std::string_view words) {
  if (words.empty()) return fail(Code::kInvalid, std::string(field) + " is needed");
  if (words.size() > kMaxWordsBytes) return fail(Code::kTooLarge, std::string(field) + " is over 2000 bytes");
  return {};
}

}  // namespace

std::uint32_t visits_needed(const v1::Skill& skill) {
  return skill.visits_for_level() == 0 ? kDefaultVisits : std::min(skill.visits_for_level(), kMostVisits);
}

std::uint32_t level_of(const v1::Engineer& engineer, const std::string& skill) {
  for (const auto& held : engineer.skills())
    if (held.skill() == skill) return held.level();
  return 0;
}

Result<v1::SignOff> sign_off(const v1::Visit& visit, const Assessment& assessment, std::uint32_t level,
                             std::string_view mentor, Instant now) {
  if (visit.state() != v1::VISIT_STATE_COMPLETED)
    return fail(Code::kState, visit.name() + " is " + std::string(visit::state_name(visit.state())) +
                                  ": it is signed off when it is completed");
  if (assessment.engineer == mentor) return fail(Code::kDenied, "nobody signs off their own work");
  FIRSTFIX_CHECK(was_there(visit, mentor));
  FIRSTFIX_CHECK(was_there(visit, assessment.engineer));
  const auto& trains = visit::member_of(visit, assessment.engineer)->trains();
  if (std::none_of(trains.begin(), trains.end(), [&](const auto& one) { return one.skill() == assessment.skill; }))
    return fail(Code::kState, assessment.engineer + " did not practise " + assessment.skill + " on " + visit.name());
  FIRSTFIX_CHECK(words_are_there("words", assessment.words));
  v1::SignOff out;
  out.set_name("signOffs/" + std::string(id_of(visit.name())) + "." + std::string(id_of(assessment.engineer)) + "." +
               std::string(id_of(assessment.skill)));
  out.set_visit(visit.name());
  out.set_engineer(assessment.engineer);
  out.set_skill(assessment.skill);
  out.set_level(level);
  out.set_mentor(std::string(mentor));
  out.set_passed(assessment.passed);
  out.set_words(assessment.words);
  *out.mutable_signed_at() = to_proto(now);
  return out;
}

std::vector<v1::SignOff> counted(const std::vector<v1::SignOff>& all, std::uint32_t level) {
  std::vector<v1::SignOff> out;
  for (const auto& one : all)
    if (one.passed() && one.level() == level && one.counted_for().empty()) out.push_back(one);
  return out;
}

std::optional<Proposed> propose(std::string_view name, const v1::Engineer& engineer, const v1::Skill& skill,
                                const std::vector<v1::SignOff>& all, Instant now) {
  const auto level = level_of(engineer, skill.name());
  auto enough = counted(all, level);
  if (level >= kTopLevel || enough.size() < visits_needed(skill)) return std::nullopt;
  enough.resize(visits_needed(skill));
  Proposed out;
  out.proposal.set_name(std::string(name));
  out.proposal.set_engineer(engineer.name());
  out.proposal.set_skill(skill.name());
  out.proposal.set_from_level(level);
  out.proposal.set_to_level(level + 1);
  out.proposal.set_state(v1::LEVEL_PROPOSAL_STATE_WAITING);
  *out.proposal.mutable_proposed_at() = to_proto(now);
  for (auto& one : enough) {
    out.proposal.add_sign_offs(one.name());
    one.set_counted_for(out.proposal.name());
  }
  out.sign_offs = std::move(enough);
  return out;
}

Result<Decided> decide(const v1::LevelProposal& proposal, const v1::Engineer& engineer, bool approve,
                       std::string_view reason, std::string_view lead, Instant now) {
  if (proposal.state() != v1::LEVEL_PROPOSAL_STATE_WAITING)
    return fail(Code::kState, proposal.name() + " was decided by " + proposal.decided_by() + " already");
  FIRSTFIX_CHECK(words_are_there("reason", reason));
  Decided out{proposal, engineer};
  out.proposal.set_state(approve ? v1::LEVEL_PROPOSAL_STATE_APPROVED : v1::LEVEL_PROPOSAL_STATE_REJECTED);
  out.proposal.set_decided_by(std::string(lead));
  out.proposal.set_reason(std::string(reason));
  *out.proposal.mutable_decided_at() = to_proto(now);
  if (!approve) return out;
  const auto level = level_of(engineer, proposal.skill());
  if (level != proposal.from_level())
    return fail(Code::kState, engineer.name() + " is at level " + std::to_string(level) + " of " + proposal.skill() +
                                  " now: reject this proposal");
  auto& skills = *out.engineer.mutable_skills();
  auto held = std::find_if(skills.begin(), skills.end(), [&](const auto& s) { return s.skill() == proposal.skill(); });
  auto& raised = held == skills.end() ? *out.engineer.add_skills() : *held;
  raised.set_skill(proposal.skill());
  raised.set_level(proposal.to_level());
  raised.set_granted_by(proposal.name());
  return out;
}

}  // namespace firstfix::growth
