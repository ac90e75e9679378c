#include "together.h"

#include <algorithm>
#include <bit>
#include <climits>
#include <cstdint>
#include <functional>

namespace firstfix::planning {
inline namespace one_job {
namespace {

constexpr std::size_t kSoonest = 6;                         // of those who bring the same skills
constexpr std::size_t kMaxNeeds = 64;                       // that a crew is looked for; a bit each
constexpr Duration kWorthWaiting = std::chrono::hours{12};  // for a cheaper time than the first

using Mask = std::uint64_t;

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Somebody with time for the job in one role.
struct Helper {
  const Candidate* who = nullptr;
  Role role = Role::kLead;
  std::vector<Slot> slots;
  Mask covers = 0;  // of the job's skills, at one of the slots
};
using Team = std::vector<Helper>;

Crew crew_of(const Team& team) {
  Crew crew;
  for (const auto& helper : team) crew.push_back({&helper.who->person, helper.role});
  return crew;
}

Helper helper(const Setting& setting, const Candidate& who, Role role) {
  Helper out{&who, role, {}, 0};
  for (const auto& shift : work_times(setting, who)) {
    auto slots = role == Role::kRemoteExpert ? slots_from_afar(setting, who, shift)
                                             : slots_on_site(setting, who, shift, role == Role::kLead);
    std::move(slots.begin(), slots.end(), std::back_inserter(out.slots));
  }
  const auto& needs = setting.job.skills;
  for (std::size_t i = 0; i < needs.size(); ++i) {
    if (role == Role::kRemoteExpert && !needs[i].remote) continue;
    const bool can = std::any_of(out.slots.begin(), out.slots.end(), [&](const auto& slot) {
      return covers(who.person, needs[i], {slot.earliest, slot.earliest + setting.job.service});
    });
    if (can) out.covers |= Mask{1} << i;
  }
  return out;
}

// Is somebody preferred, and nobody of those who come is?
bool only_strangers(const Job& job, const Team& team) {
  return !job.preferred.empty() && std::none_of(team.begin(), team.end(), [&](const auto& helper) {
    return helper.role != Role::kRemoteExpert && contains(job.preferred, helper.who->person.id);
  });
}

double cost_of(const Setting& setting, const Choice& choice, const Team& team) {
  const auto& weights = setting.weights;
  double cost = price_of_waiting(setting, choice.starts);
  if (only_strangers(setting.job, team)) cost += weights.continuity;
  for (std::size_t i = 0; i < team.size(); ++i) {
    const auto& member = choice.crew[i];
    if (member.role == Role::kSecond) cost += weights.second_per_hour * hours(setting.job.service);
    if (member.role == Role::kRemoteExpert) cost += weights.remote_per_hour * hours(setting.job.service);
    for (const auto& need : member.duty.covers)
      cost += weights.over_qualification * (team[i].who->person.skills.at(need.skill).level - need.level);
  }
  return cost;
}

// The member's cheapest slot for a beginning at `start`; null if there is none.
const Slot* slot_at(const Setting& setting, const Helper& helper, Instant start) {
  const Slot* best = nullptr;
  for (const auto& slot : helper.slots)
    if (slot.earliest <= start && start <= slot.latest &&
        (best == nullptr || price_of(setting, slot) < price_of(setting, *best)))
      best = &slot;
  return best;
}

void fetch(const Slot& slot, Choice& choice) {
  for (const auto& source : slot.sources) {
    const auto until = choice.starts - source.onward;
    choice.pickups.push_back(source.pickup);
    choice.pickups.back().when = {until - source.takes, until};
  }
}

std::optional<Choice> choice_at(const Setting& setting, const Team& team, const Crew& crew, Instant start) {
  Choice choice{.engineer = team.front().who->person.id, .starts = start, .ends = start + setting.job.service};
  const Interval when{choice.starts, choice.ends};
  double ways = 0;
  for (const auto& helper : team) {
    const auto* slot = slot_at(setting, helper, start);
    if (slot == nullptr) return std::nullopt;
    choice.crew.push_back({helper.who->person.id, helper.role, {}, start - slot->before, slot->position});
    ways += price_of(setting, *slot);
    if (choice.crew.size() > 1) continue;
    choice.travel_starts = start - slot->before;
    choice.travel = slot->drive;
    fetch(*slot, choice);
  }
  if (!unfit(setting.job.skills, crew, when).empty()) return std::nullopt;
  auto all = duties(setting.job.skills, crew, when);
  for (std::size_t i = 0; i < all.size(); ++i) choice.crew[i].duty = std::move(all[i]);
  choice.cost = cost_of(setting, choice, team) + ways;
  return choice;
}

// The cheapest time at which all have a slot and the rule of crews holds.
std::optional<Choice> best_time(const Setting& setting, const Team& team) {
  std::vector<Instant> starts;
  for (const auto& helper : team)
    for (const auto& slot : helper.slots) starts.push_back(slot.earliest);
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  const auto crew = crew_of(team);
  std::optional<Choice> best;
  Instant last = kNever;
  for (const auto start : starts) {
    if (start > last) break;
    auto choice = choice_at(setting, team, crew, start);
    if (!choice) continue;
    if (!best) last = start + kWorthWaiting;
    if (!best || choice->cost < best->cost) best = std::move(choice);
  }
  return best;
}

// Those who cover anything, the soonest of each kind.
std::vector<Helper> pool(const Setting& setting, const std::vector<Candidate>& candidates, Role role) {
  std::map<Mask, std::vector<Helper>> by_skills;
  for (const auto& who : candidates) {
    if (contains(setting.job.excluded, who.person.id)) continue;
    if (role == Role::kLead && (!who.on_site || contains(setting.job.not_wanted, who.person.id))) continue;
    const bool knows_any = std::any_of(setting.job.skills.begin(), setting.job.skills.end(),
                                       [&](const auto& need) { return ever_covers(who.person, need, setting.now); });
    if (!knows_any) continue;
    auto one = helper(setting, who, role);
    if (one.covers != 0) by_skills[one.covers].push_back(std::move(one));
  }
  std::vector<Helper> out;
  for (auto& [mask, helpers] : by_skills) {
    std::stable_sort(helpers.begin(), helpers.end(),
                     [](const auto& a, const auto& b) { return a.slots.front().earliest < b.slots.front().earliest; });
    for (std::size_t i = 0; i < helpers.size(); ++i)
      if (i < kSoonest || helpers[i].who->person.id == setting.job.only) out.push_back(std::move(helpers[i]));
  }
  return out;
}

// Calls `take` with each single one, and each two who bring something that the other does not, of those who may matter.
void ones_and_pairs(const std::vector<Helper>& helpers, Mask wanted, const std::function<void(const Team&)>& take) {
  for (std::size_t i = 0; i < helpers.size(); ++i) {
    const Mask first = helpers[i].covers & wanted;
    if (first == 0) continue;
    take({helpers[i]});
    for (std::size_t j = i + 1; j < helpers.size(); ++j) {
      const Mask second = helpers[j].covers & wanted;
      if (helpers[i].who != helpers[j].who && (first & ~second) != 0 && (second & ~first) != 0)
        take({helpers[i], helpers[j]});
    }
  }
}

Mask covered_by(const Team& team) {
  Mask all = 0;
  for (const auto& helper : team) all |= helper.covers;
  return all;
}

// Who covers more leads; the other fetches nothing.
Team with_lead_first(const Setting& setting, Team team) {
  if (team.size() < 2) return team;
  const auto rank = [](const Helper& h) { return std::popcount(h.covers); };
  if (rank(team[1]) > rank(team[0]) ||
      (rank(team[1]) == rank(team[0]) && team[1].who->person.id < team[0].who->person.id))
    std::swap(team[0], team[1]);
  team[1] = helper(setting, *team[1].who, Role::kSecond);
  return team;
}

bool has(const Team& team, const std::string& id) {
  return std::any_of(team.begin(), team.end(), [&](const auto& helper) { return helper.who->person.id == id; });
}

// A novice whom a dispatcher has named goes as second, with whoever may be the mentor.
void with_mentors(const Setting& setting, const std::vector<Candidate>& candidates, const std::vector<Helper>& mentors,
                  Mask all, std::vector<Choice>& found) {
  const auto named = std::find_if(candidates.begin(), candidates.end(),
                                  [&](const auto& who) { return who.person.id == setting.job.only; });
  if (named == candidates.end() || !named->on_site || contains(setting.job.not_wanted, named->person.id)) return;
  const auto novice = helper(setting, *named, Role::kSecond);
  for (const auto& mentor : mentors) {
    if (mentor.who == &*named || mentor.covers != all) continue;
    if (auto choice = best_time(setting, {mentor, novice})) found.push_back(std::move(*choice));
  }
}

}  // namespace

std::optional<Choice> alone(const Setting& setting, const Candidate& who) {
  Helper helper{&who, Role::kLead, {}, 0};
  std::optional<Choice> best;
  for (const auto& shift : work_times(setting, who)) {
    helper.slots = slots_on_site(setting, who, shift, true);
    auto choice = best_time(setting, {helper});
    if (!choice) continue;
    if (!best || choice->cost < best->cost) best = std::move(choice);
    // A later shift only makes the customer wait longer, which is worth it where the engineer was called out so far, or
    // where the shift is fuller.
    if (!shift.on_call && setting.weights.fairness <= 0) break;
  }
  return best;
}

std::vector<Choice> together(const Setting& setting, const std::vector<Candidate>& candidates) {
  std::vector<Choice> found;
  const auto& needs = setting.job.skills;
  if (needs.empty() || needs.size() > kMaxNeeds) return found;
  const Mask all = needs.size() == kMaxNeeds ? ~Mask{0} : (Mask{1} << needs.size()) - 1;
  Mask from_afar = 0;
  for (std::size_t i = 0; i < needs.size(); ++i)
    if (needs[i].remote) from_afar |= Mask{1} << i;
  const auto on_site = pool(setting, candidates, Role::kLead);
  const auto experts = from_afar == 0 ? std::vector<Helper>{} : pool(setting, candidates, Role::kRemoteExpert);
  const auto try_team = [&](const Team& team) {
    if (auto choice = best_time(setting, team)) found.push_back(std::move(*choice));
  };
  ones_and_pairs(on_site, all, [&](const Team& chosen) {
    if (!setting.job.only.empty() && !has(chosen, setting.job.only)) return;
    const auto team = with_lead_first(setting, chosen);
    const Mask missing = all & ~covered_by(team);
    if (missing == 0) return try_team(team);
    if ((missing & ~from_afar) != 0) return;
    ones_and_pairs(experts, missing, [&](const Team& helpers) {
      if ((missing & ~covered_by(helpers)) != 0) return;
      Team whole = team;
      for (const auto& expert : helpers) {
        if (has(team, expert.who->person.id)) return;
        whole.push_back(expert);
      }
      try_team(whole);
    });
  });
  if (!setting.job.only.empty()) with_mentors(setting, candidates, on_site, all, found);
  return found;
}

void add_trainee(const Setting& setting, const std::vector<Candidate>& candidates, Choice& choice) {
  if (choice.crew.size() >= kLargestCrew) return;
  const Interval when{choice.starts, choice.ends};
  Crew crew;
  for (const auto& member : choice.crew)
    for (const auto& who : candidates)
      if (who.person.id == member.engineer) crew.push_back({&who.person, member.role});
  if (crew.size() != choice.crew.size()) return;
  struct Best {
    int to_go = INT_MAX;
    Duration travel{};
    Member member;
  };
  std::optional<Best> best;
  for (const auto& who : candidates) {
    if (!who.on_site || contains(setting.job.excluded, who.person.id)) continue;
    if (contains(setting.job.not_wanted, who.person.id)) continue;
    if (std::any_of(crew.begin(), crew.end(), [&](const auto& m) { return m.who == &who.person; })) continue;
    auto larger = crew;
    larger.push_back({&who.person, Role::kSecond});
    auto duty = duties(setting.job.skills, larger, when).back();
    if (duty.trains.empty() || !unfit(setting.job.skills, larger, when).empty()) continue;
    const auto novice = helper(setting, who, Role::kSecond);
    const auto* slot = slot_at(setting, novice, choice.starts);
    // Nobody is called out to learn.
    if (slot == nullptr || slot->on_call || slot->before > setting.weights.training_travel) continue;
    int to_go = INT_MAX;
    for (const auto& need : duty.trains)
      if (const auto left = who.visits_to_go.find(need.skill); left != who.visits_to_go.end())
        to_go = std::min(to_go, left->second);
    if (best && std::pair{best->to_go, best->travel} <= std::pair{to_go, slot->travel}) continue;
    duty.covers.clear();  // comes to learn: the others answer for the work
    best = Best{to_go,
                slot->travel,
                {who.person.id, Role::kSecond, std::move(duty), choice.starts - slot->before, slot->position}};
  }
  if (best) choice.crew.push_back(std::move(best->member));
}

}  // namespace one_job
}  // namespace firstfix::planning
