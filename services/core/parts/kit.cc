#include "parts/kit.h"

#include <algorithm>
#include <cstdio>

namespace firstfix::parts {
namespace {

constexpr double kAlmostCertain = 1 - 1e-9;  // keeps every factor of a product off zero, so that it can be divided out
constexpr double kWorthMoving = 1e-9;

template <class... Numbers>
std::string format(const char* pattern, Numbers... numbers) {
  char text[200];
  std::snprintf(text, sizeof text, pattern, numbers...);
  return text;
}

struct Move {
  std::size_t part = 0;
  Supply to = Supply::kNone;
};

// What a move changes.
struct Change {
  Move move;
  double saved = 0;             // of what is paid for the part
  std::vector<double> factors;  // by scenario, on the probability that nothing is missing
};

// A kit under change: for each scenario the probability that nothing is missing.
class Choice {
 public:
  Choice(const std::vector<Need>& needs, const std::vector<Scenario>& scenarios, double second_visit_cost)
      : needs_(needs), scenarios_(scenarios), second_visit_cost_(second_visit_cost), supply_(needs.size()) {
    double rest = 1;
    for (const auto& scenario : scenarios) {
      rest -= scenario.weight;
      complete_.push_back(scenario.weight);
      for (std::size_t p = 0; p < needs.size(); ++p) complete_.back() *= there(complete_.size() - 1, p, Supply::kNone);
    }
    rest_ = std::max(0.0, rest);
    now_ = complete();
  }

  Supply supply(std::size_t part) const { return supply_[part]; }

  // What it costs that the part is there: whatever is paid without the repair's needing it.
  double cost(std::size_t part, Supply supply) const {
    const auto& need = needs_[part];
    if (supply == Supply::kNone) return 0;
    const double sent = supply == Supply::kShipped ? need.shipping->cost * need.quantity : 0;
    if (need.due_saving) return sent - *need.due_saving * arrives(part, supply);
    return sent + need.carry_cost * need.quantity * (1 - need.probability);
  }

  // The probability that nothing is missing, with some parts supplied otherwise.
  double complete(std::initializer_list<Move> moves = {}) const {
    double sum = rest_;
    for (std::size_t s = 0; s < complete_.size(); ++s) {
      double whole = complete_[s];
      for (const auto& move : moves) whole *= there(s, move.part, move.to) / there(s, move.part, supply_[move.part]);
      sum += whole;
    }
    return sum;
  }

  void move(const Move& move) {
    for (std::size_t s = 0; s < complete_.size(); ++s)
      complete_[s] *= there(s, move.part, move.to) / there(s, move.part, supply_[move.part]);
    supply_[move.part] = move.to;
    now_ = complete();
  }

  // Every way to supply a part that is not how it is supplied now.
  std::vector<Change> changes() const {
    std::vector<Change> out;
    for (std::size_t p = 0; p < needs_.size(); ++p)
      for (const auto to : {Supply::kNone, Supply::kCarried, Supply::kShipped})
        if (to != supply_[p] && possible(p, to)) out.push_back(change({p, to}));
    return out;
  }

  double saving(const Change& one) const {
    double sum = rest_;
    for (std::size_t s = 0; s < complete_.size(); ++s) sum += complete_[s] * one.factors[s];
    return one.saved + (sum - now_) * second_visit_cost_;
  }
  double saving(const Change& one, const Change& other) const {
    double sum = rest_;
    for (std::size_t s = 0; s < complete_.size(); ++s) sum += complete_[s] * one.factors[s] * other.factors[s];
    return one.saved + other.saved + (sum - now_) * second_visit_cost_;
  }

 private:
  bool possible(std::size_t part, Supply supply) const {
    return supply == Supply::kNone ||
           (supply == Supply::kCarried ? needs_[part].obtainable : needs_[part].shipping.has_value());
  }
  Change change(const Move& move) const {
    Change out{move, cost(move.part, supply_[move.part]) - cost(move.part, move.to), {}};
    for (std::size_t s = 0; s < complete_.size(); ++s)
      out.factors.push_back(there(s, move.part, move.to) / there(s, move.part, supply_[move.part]));
    return out;
  }
  double arrives(std::size_t part, Supply supply) const {
    return supply == Supply::kNone ? 0 : supply == Supply::kCarried ? 1 : needs_[part].shipping->in_time;
  }
  // That the part is there or not needed.
  double there(std::size_t scenario, std::size_t part, Supply supply) const {
    const double needed = std::min(scenarios_[scenario].needed[part], kAlmostCertain);
    return 1 - needed * (1 - arrives(part, supply));
  }

  const std::vector<Need>& needs_;
  const std::vector<Scenario>& scenarios_;
  double second_visit_cost_;
  std::vector<Supply> supply_;
  std::vector<double> complete_;
  double rest_ = 0, now_ = 0;  // of needing nothing that is known; that nothing is missing
};

// Takes the best move of one part, and where there is none of two, until nothing saves any more.
void improve(Choice& choice) {
  for (;;) {
    double best = kWorthMoving;
    std::vector<Move> taken;
    const auto changes = choice.changes();
    for (const auto& one : changes)
      if (const double saving = choice.saving(one); saving > best) best = saving, taken = {one.move};
    if (taken.empty())
      for (std::size_t i = 0; i < changes.size(); ++i)
        for (std::size_t j = i + 1; j < changes.size(); ++j) {
          if (changes[i].move.part == changes[j].move.part) continue;
          if (const double saving = choice.saving(changes[i], changes[j]); saving > best)
            best = saving, taken = {changes[i].move, changes[j].move};
        }
    if (taken.empty()) return;
    for (const auto& move : taken) choice.move(move);
  }
}

// What having the part there is worth, or would be.
std::string reason(const Choice& choice, const Need& need, std::size_t part, double second_visit_cost) {
  const auto supply = choice.supply(part);
  const double complete = choice.complete();
  if (supply == Supply::kNone) {
    if (!need.obtainable && !need.shipping)
      return format("needed with %.0f %%, but nowhere to be had in time", need.probability * 100);
    const auto best = need.obtainable ? Supply::kCarried : Supply::kShipped;
    return format("left out: would save %.2f and cost %.2f",
                  (choice.complete({{part, best}}) - complete) * second_visit_cost, choice.cost(part, best));
  }
  const double points = (complete - choice.complete({{part, Supply::kNone}})) * 100;
  const double cost = choice.cost(part, supply);
  const auto gain = need.due_saving ? format(": due anyway, saves a visit worth %.2f; +%.1f points first-time fix",
                                             *need.due_saving, points)
                                    : format(": +%.1f points first-time fix for %.2f", points, cost);
  if (supply == Supply::kCarried) return "with " + need.part + gain;
  return need.part +
         format(" sent for %.2f, in time with %.0f %%", need.shipping->cost * need.quantity,
                need.shipping->in_time * 100) +
         gain;
}

}  // namespace

Kit choose_kit(const std::vector<Need>& needs, const std::vector<Scenario>& scenarios, double second_visit_cost) {
  Choice choice(needs, scenarios, second_visit_cost);
  improve(choice);
  Kit kit;
  kit.complete_probability = std::min(1.0, choice.complete());
  kit.expected_cost = (1 - kit.complete_probability) * second_visit_cost;
  for (std::size_t p = 0; p < needs.size(); ++p) {
    const auto supply = choice.supply(p);
    kit.expected_cost += choice.cost(p, supply);
    kit.lines.push_back({needs[p], supply != Supply::kNone, reason(choice, needs[p], p, second_visit_cost), supply});
  }
  std::stable_sort(kit.lines.begin(), kit.lines.end(), [](const Line& a, const Line& b) {
    return a.chosen != b.chosen ? a.chosen : a.need.probability > b.need.probability;
  });
  return kit;
}

}  // namespace firstfix::parts
