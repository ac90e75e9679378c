// Parts: what is worth taking along or sending, and what is due anyway.
#include <algorithm>
#include <map>
#include <optional>

#include "casework/convert.h"
#include "desk/bookings.h"
#include "holds.h"
#include "parts/kit.h"
#include "parts/scenarios.h"
#include "steps.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMaxKitLines = 50;
constexpr double kDefaultSecondVisitCost = 400, kDefaultCarryCost = 5, kDefaultShippingCost = 20;
constexpr double kOwnVisitSaved = 100;          // what a part that is due saves by needing no visit of its own
constexpr double kLeastPartProbability = 0.02;  // below it a part is not worth a line
constexpr int kAhead = 10;  // what is due within a tenth of its interval is replaced on a visit that is made anyway

struct Setting {
  Work& work;
  const Knowledge& knowledge;
  const Workforce& workforce;
  const v1::Case& record;
  const v1::Asset& asset;
  const std::string& free_of;  // what this visit has reserved counts as free
};

// Is the part free on any van or in any depot of the territory?
Result<bool> in_stock(const Setting& in, const std::string& part) {
  const auto& territory = in.record.territory();
  if (const auto depots = in.workforce.depots.find(territory); depots != in.workforce.depots.end()) {
    for (const auto& depot : depots->second) {
      FIRSTFIX_TRY(free, available_to(in.work.uow, in.free_of, depot.name(), part));
      if (free > 0) return true;
    }
  }
  if (const auto workers = in.workforce.by_territory.find(territory); workers != in.workforce.by_territory.end()) {
    for (const auto& worker : workers->second) {
      if (worker.engineer.van().empty()) continue;
      FIRSTFIX_TRY(free, available_to(in.work.uow, in.free_of, worker.engineer.van(), part));
      if (free > 0) return true;
    }
  }
  return false;
}

const v1::Part* known_part(const Setting& in, const std::string& name) {
  const auto found = in.knowledge.parts.find(name);
  return found == in.knowledge.parts.end() ? nullptr : &found->second;
}

// When the part is at the site if it is sent now; kNever if it cannot be.
Instant arrival(const Setting& in, const std::string& name) {
  const auto* part = known_part(in, name);
  return part != nullptr && part->has_shipping_time() ? in.work.uow.now() + to_duration(part->shipping_time()) : kNever;
}

// What having the part there costs, and whether that is possible in time.
Result<parts::Need> need_of(const Setting& in, const std::string& name, double probability) {
  parts::Need need{.part = name, .probability = probability, .carry_cost = kDefaultCarryCost};
  const auto* part = known_part(in, name);
  if (part != nullptr && part->has_carry_cost()) need.carry_cost = units(part->carry_cost());
  FIRSTFIX_TRY(there, in_stock(in, name));
  need.obtainable = there;
  if (!there && arrival(in, name) <= to_instant(in.record.respond_by()))
    need.shipping = parts::Shipping{part->has_shipping_cost() ? units(part->shipping_cost()) : kDefaultShippingCost};
  return need;
}

Result<std::vector<parts::Need>> probable(const Setting& in, const Draft& draft) {
  std::vector<parts::Need> needs;
  for (const auto& scored : draft.answer->parts) {
    if (scored.probability < kLeastPartProbability || needs.size() == kMaxKitLines) break;
    FIRSTFIX_TRY(need, need_of(in, scored.name, scored.probability));
    for (const auto& cause : draft.diagnosis.causes())
      if (const auto* known = in.knowledge.cause(cause.cause()))
        for (const auto& link : known->parts())
          if (link.part() == scored.name) need.quantity = std::max(need.quantity, link.quantity());
    needs.push_back(std::move(need));
  }
  return needs;
}

// When the part is due; nothing if that is not soon, or nobody knows.
std::optional<Instant> due(const Setting& in, const v1::PreventiveReplacement& rhythm) {
  const auto& uow = in.work.uow;
  auto last = in.work.minds.last_replaced(uow.tenant(), in.asset.name(), rhythm.part());
  if (!last && in.asset.has_commissioned_at()) last = to_instant(in.asset.commissioned_at());
  const auto every = to_duration(rhythm.every());
  if (!last || every <= Duration{0} || *last + every - every / kAhead > uow.now()) return std::nullopt;
  return *last + every;
}

using DueSince = std::map<std::string, Instant>;  // by part

// Adds the parts that are to be replaced now, whether they have failed or not.
Status add_due(const Setting& in, std::vector<parts::Need>& needs, DueSince& due_since) {
  const auto model = in.knowledge.models.find(in.asset.model());
  if (model == in.knowledge.models.end()) return {};
  for (const auto& rhythm : model->second.preventive()) {
    const auto since = due(in, rhythm);
    if (!since) continue;
    const auto known = due_since.emplace(rhythm.part(), *since).first;
    known->second = std::min(known->second, *since);
    auto need = std::find_if(needs.begin(), needs.end(), [&](const auto& one) { return one.part == rhythm.part(); });
    if (need == needs.end()) {
      FIRSTFIX_TRY(fresh, need_of(in, rhythm.part(), 0));
      need = needs.insert(needs.end(), std::move(fresh));
    }
    need->due_saving = kOwnVisitSaved;
    need->quantity = std::max({need->quantity, rhythm.quantity(), 1u});
  }
  return {};
}

}  // namespace

Status choose_kit(Work& work, Draft& draft) {
  auto& uow = work.uow;
  FIRSTFIX_TRY(record, uow.get<v1::Case>(draft.case_name));
  if (!draft.answer) {
    FIRSTFIX_TRY(answer, answer_of(work, draft, record.asset()));
    draft.answer = std::move(answer);
  }
  FIRSTFIX_TRY(second_visit, second_visit_cost(uow, record.customer()));
  FIRSTFIX_TRY(knowledge, work.minds.knowledge(uow));
  FIRSTFIX_TRY(workforce, work.minds.workforce(uow));
  FIRSTFIX_TRY(asset, uow.get<v1::Asset>(record.asset()));
  const Setting in{work, *knowledge, *workforce, record, asset, draft.free_of};
  FIRSTFIX_TRY(needs, probable(in, draft));
  DueSince due_since;
  FIRSTFIX_CHECK(add_due(in, needs, due_since));
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
    out.set_due(line.need.due_saving.has_value());
    if (out.due()) *out.mutable_due_since() = to_proto(due_since.at(line.need.part));
    if (line.supply == parts::Supply::kShipped) *out.mutable_arrives_at() = to_proto(arrival(in, line.need.part));
  }
  return {};
}

Result<double> second_visit_cost(const View& view, const std::string& customer) {
  FIRSTFIX_TRY(found, view.find<v1::Customer>(customer));
  return found && found->has_second_visit_cost() ? units(found->second_visit_cost()) : kDefaultSecondVisitCost;
}

Status choose_kits(Work& work) {
  for (auto& draft : work.drafts)
    if (draft.plan) {
      FIRSTFIX_CHECK(lend_held_parts(work.uow, draft.case_name));
      FIRSTFIX_CHECK(choose_kit(work, draft));
    }
  return {};
}

}  // namespace firstfix::desk
