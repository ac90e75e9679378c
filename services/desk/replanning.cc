#include "desk/replanning.h"

#include <algorithm>

#include "casework/convert.h"
#include "day_moves.h"
#include "territory_day.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMaxReasonBytes = 2000, kMostUnplaced = 200;
constexpr std::uint64_t kLeastRounds = 500, kMostRounds = 5'000, kRoundsTimesStops = 500'000;

// So that a large territory takes about as long as a small one.
std::uint64_t rounds_for(const planning::TerritoryDay& day) {
  return std::clamp<std::uint64_t>(kRoundsTimesStops / std::max<std::size_t>(1, day.stops.size()), kLeastRounds,
                                   kMostRounds);
}

Result<DayPlan> plan_day(Command& command, const std::string& territory, bool agreed_too) {
  FIRSTFIX_TRY(situation, territory_now(command, territory, agreed_too));
  // Outside the transaction, where one may wait; see Plans::Mode::kMake.
  command.travel.prefetch(planning::ways_of(situation.day));
  planning::ReplanOptions options;
  options.weights = command.prices.day;
  options.iterations = rounds_for(situation.day);
  FIRSTFIX_TRY(better, planning::better_day(situation.day, command.travel, command.now(), options));
  DayPlan plan{.day = std::move(better)};
  for (const auto& move : plan.day.moves) {
    plan.cases[move.id] = situation.case_of[move.id];
    for (const auto& stop : situation.day.stops)
      if (stop.id == move.id && stop.agreed) plan.agreed.insert(move.id);
    for (const auto& name : {move.id, move.from, move.to})
      plan.rests_on.insert(situation.rests_of[name].begin(), situation.rests_of[name].end());
  }
  return plan;
}

// The plan to take now: kConflict through Plans::miss if it has to be made outside first.
Result<const DayPlan*> day_plan(Command& command, const std::string& territory, bool agreed_too) {
  if (command.plans.mode() == Plans::Mode::kMake) {
    FIRSTFIX_TRY(made, plan_day(command, territory, agreed_too));
    return &command.plans.keep_day(territory, std::move(made));
  }
  const auto* plan = command.plans.find_day(territory);
  if (plan == nullptr) return command.plans.miss("no plan yet");
  for (const auto& [record, planned_on] : plan->rests_on) {
    FIRSTFIX_TRY(version, version_of(command.uow, record));
    if (version != planned_on) return command.plans.miss(record + " has changed");
  }
  return plan;
}

v1::PlanProposal proposal_of(Command& command, const std::string& territory, const DayPlan& plan) {
  v1::PlanProposal out;
  out.set_name(command.fresh("planProposals"));
  out.set_territory(territory);
  out.set_state(v1::PLAN_PROPOSAL_STATE_OPEN);
  *out.mutable_made_at() = to_proto(command.now());
  for (const auto& move : plan.day.moves) {
    auto& told = *out.add_moves();
    told.set_visit(move.id);
    told.set_case_name(plan.cases.at(move.id));
    told.set_from_engineer(move.from);
    *told.mutable_from_starts_at() = to_proto(move.from_starts);
    told.set_to_engineer(move.to);
    *told.mutable_travel_starts_at() = to_proto(move.travel_starts);
    *told.mutable_starts_at() = to_proto(move.starts);
    *told.mutable_ends_at() = to_proto(move.ends);
    *told.mutable_travel() = to_proto(move.travel);
    told.set_depot(move.depot);
    told.set_reason(move.reason);
    told.set_agreed(plan.agreed.count(move.id) > 0);
  }
  out.set_saves(plan.day.saves);
  out.set_disturbance(plan.day.disturbance);
  *out.mutable_travel_saved() = to_proto(plan.day.travel_saved);
  out.set_reason(plan.day.reason);
  for (std::size_t i = 0; i < std::min(kMostUnplaced, plan.day.unplaced.size()); ++i)
    out.add_unplaced(plan.day.unplaced[i]);
  for (const auto& [record, version] : plan.rests_on) {
    auto& rest = *out.add_rests_on();
    rest.set_record(record);
    rest.set_version(version);
  }
  return out;
}

// Of the territory's settled proposals, those that are beyond what is kept.
Status forget_old(UnitOfWork& uow, const std::string& territory) {
  std::vector<std::string> names;  // the oldest first
  FIRSTFIX_CHECK(uow.each_entry(index::kSettledProposal, {territory},
                                [&](std::string_view name, auto) { return names.emplace_back(name), true; }));
  for (std::size_t i = 0; i < names.size(); ++i) {
    FIRSTFIX_TRY(one, uow.get<v1::PlanProposal>(names[i]));
    if (i + kSettledKept >= names.size() && to_instant(one.settled_at()) + kSettledKeptFor > uow.now()) return {};
    FIRSTFIX_CHECK(uow.erase<v1::PlanProposal>(names[i]));
  }
  return {};
}

Status settle(Command& command, v1::PlanProposal& proposal, v1::PlanProposalState state, const std::string& reason) {
  proposal.set_state(state);
  *proposal.mutable_settled_at() = to_proto(command.now());
  proposal.set_settled_by(command.actor);
  proposal.set_settled_reason(reason);
  FIRSTFIX_CHECK(command.uow.put(proposal));
  return forget_old(command.uow, proposal.territory());
}

Result<std::optional<v1::PlanProposal>> indexed(const View& view, std::string_view index,
                                                const std::string& territory) {
  FIRSTFIX_TRY(name, view.lookup(index, {territory}));
  if (!name) return std::optional<v1::PlanProposal>{};
  return view.find<v1::PlanProposal>(*name);
}

// The open proposal, if it still holds; one that does not is settled.
Result<std::optional<v1::PlanProposal>> still_open(Command& command, const std::string& territory) {
  FIRSTFIX_TRY(open, indexed(command.uow, index::kOpenProposal, territory));
  if (!open) return std::optional<v1::PlanProposal>{};
  FIRSTFIX_TRY(why, overtaken(command, *open));
  if (why.empty()) return std::move(open);
  FIRSTFIX_CHECK(settle(command, *open, v1::PLAN_PROPOSAL_STATE_OVERTAKEN, why));
  return std::optional<v1::PlanProposal>{};
}

// Would the same visits go to the same engineers?
bool same_moves(const v1::PlanProposal& a, const v1::PlanProposal& b) {
  std::map<std::string, std::string> one, other;
  for (const auto& move : a.moves()) one[move.visit()] = move.to_engineer();
  for (const auto& move : b.moves()) other[move.visit()] = move.to_engineer();
  return one == other;
}

Replanned kept(std::optional<v1::PlanProposal> open, const std::string& else_why) {
  if (open) return {std::move(open), {}};
  return {std::nullopt, else_why};
}

struct Look {
  bool asked = false;       // by a person: what was rejected may be proposed again
  bool agreed_too = false;  // a person will decide: what engineers have agreed to may move
};

// Looks at the days. What it finds takes the place of an earlier proposal if it saves more by what one move has to.
Result<Replanned> look(Command& command, const std::string& territory, Look how) {
  FIRSTFIX_TRY(open, still_open(command, territory));
  FIRSTFIX_TRY(plan, day_plan(command, territory, how.agreed_too));
  if (plan->day.moves.empty()) return kept(std::move(open), plan->day.reason);
  if (open && plan->day.saves < open->saves() + command.prices.day.worth_per_move) return kept(std::move(open), "");
  auto proposal = proposal_of(command, territory, *plan);
  FIRSTFIX_TRY(rejected, indexed(command.uow, index::kRejectedProposal, territory));
  if (!how.asked && rejected && same_moves(*rejected, proposal)) return kept(std::move(open), "it was rejected before");
  FIRSTFIX_TRY(why, overtaken(command, proposal));
  if (!why.empty() && command.plans.mode() == Plans::Mode::kTake) return command.plans.miss(why);
  if (!why.empty()) return kept(std::move(open), why);
  if (open) FIRSTFIX_CHECK(settle(command, *open, v1::PLAN_PROPOSAL_STATE_REPLACED, proposal.name() + " saves more"));
  FIRSTFIX_CHECK(command.uow.put(proposal));
  return Replanned{std::move(proposal), {}};
}

// Until the first of its moves would begin, a proposal may hold; then it is looked at again.
Status look_again(Command& command, const v1::PlanProposal& proposal) {
  Instant first = kNever;
  for (const auto& move : proposal.moves()) first = std::min(first, to_instant(move.travel_starts_at()));
  return command.uow.set_timer({internal::v1::TIMER_KIND_REPLAN_DUE, proposal.territory(),
                                std::max(first + Duration{1}, command.now() + kReplanEvery)});
}

Status look_later(Command& command, const std::string& territory) {
  return command.uow.set_timer({internal::v1::TIMER_KIND_REPLAN_DUE, territory, command.now() + kReplanEvery});
}

Status commit(Command& command, v1::PlanProposal& proposal) {
  FIRSTFIX_CHECK(move_visits(command, proposal));
  return settle(command, proposal, v1::PLAN_PROPOSAL_STATE_COMMITTED, "");
}

bool needs_a_person(const v1::PlanProposal& proposal) {
  return std::any_of(proposal.moves().begin(), proposal.moves().end(), [](const auto& move) { return move.agreed(); });
}

Result<v1::PlanProposal> open_proposal(const View& view, const std::string& name, const std::string& etag) {
  FIRSTFIX_TRY(proposal, view.get<v1::PlanProposal>(name));
  if (!etag.empty() && etag != proposal.etag())
    return fail(Code::kConflict, name + " has changed since; read it again");
  if (proposal.state() != v1::PLAN_PROPOSAL_STATE_OPEN)
    return fail(Code::kState, name + " is no longer open" +
                                  (proposal.settled_reason().empty() ? "" : ": " + proposal.settled_reason()));
  return std::move(proposal);
}

}  // namespace

Result<Replanned> replan_territory(Command& command, const std::string& territory) {
  FIRSTFIX_CHECK(command.uow.get<v1::Territory>(territory).map([](auto&&) {}));
  if (command.plans.mode() == Plans::Mode::kPutOff)
    return fail(Code::kConflict, "others are booking at the same time; try again");
  FIRSTFIX_TRY(looked, look(command, territory, {.asked = true, .agreed_too = true}));
  if (!looked.proposal) return std::move(looked);
  FIRSTFIX_CHECK(look_again(command, *looked.proposal));
  FIRSTFIX_TRY(written, command.uow.get<v1::PlanProposal>(looked.proposal->name()));
  return Replanned{std::move(written), {}};
}

Status improve_territory(Command& command, const std::string& name) {
  FIRSTFIX_TRY(territory, command.uow.find<v1::Territory>(name));
  if (!territory || territory->automation() == v1::AUTOMATION_LEVEL_OBSERVE) return {};
  if (command.plans.mode() == Plans::Mode::kPutOff) return look_later(command, name);
  const bool automatic = territory->automation() == v1::AUTOMATION_LEVEL_AUTOMATIC;
  FIRSTFIX_TRY(looked, look(command, name, {.agreed_too = !automatic}));
  if (looked.proposal) {
    const bool by_itself = automatic && !needs_a_person(*looked.proposal);
    FIRSTFIX_CHECK(by_itself ? commit(command, *looked.proposal) : look_again(command, *looked.proposal));
  }
  // Taken although something has changed since the look began, by whoever found the timer still set.
  return command.plans.mode() == Plans::Mode::kTake ? look_later(command, name) : Status{};
}

Result<v1::PlanProposal> commit_plan_proposal(Command& command, const std::string& name, const std::string& etag) {
  FIRSTFIX_TRY(proposal, open_proposal(command.uow, name, etag));
  FIRSTFIX_TRY(why, overtaken(command, proposal));
  if (why.empty())
    FIRSTFIX_CHECK(commit(command, proposal));
  else
    FIRSTFIX_CHECK(settle(command, proposal, v1::PLAN_PROPOSAL_STATE_OVERTAKEN, why));
  return command.uow.get<v1::PlanProposal>(name);
}

Result<v1::PlanProposal> reject_plan_proposal(Command& command, const std::string& name, const std::string& reason,
                                              const std::string& etag) {
  if (reason.empty()) return fail(Code::kInvalid, "reason is needed");
  if (reason.size() > kMaxReasonBytes) return fail(Code::kTooLarge, "reason is over 2000 bytes");
  FIRSTFIX_TRY(proposal, open_proposal(command.uow, name, etag));
  FIRSTFIX_CHECK(settle(command, proposal, v1::PLAN_PROPOSAL_STATE_REJECTED, reason));
  return command.uow.get<v1::PlanProposal>(name);
}

}  // namespace firstfix::desk
