#include "parts/kit.h"

#include <algorithm>
#include <cstdio>

namespace firstfix::parts {
namespace {

constexpr double kAlmostCertain = 1 - 1e-9;  // keeps every factor of a product off zero, so that it can be divided out
constexpr double kWorthMoving = 1e-9;

std::string format(const char* pattern, double a, double b) {
  char text[160];
  std::snprintf(text, sizeof text, pattern, a, b);
  return text;
}

// A kit under change: for each scenario the probability that nothing is missing.
class Choice {
 public:
  Choice(const std::vector<Need>& needs, const std::vector<Scenario>& scenarios, double second_visit_cost)
      : needs_(needs), second_visit_cost_(second_visit_cost), chosen_(needs.size()) {
    double rest = 1;
    for (const auto& scenario : scenarios) {
      rest -= scenario.weight;
      complete_.push_back(scenario.weight);
      for (std::size_t p = 0; p < needs.size(); ++p) {
        spared_.push_back(1 - std::min(scenario.needed[p], kAlmostCertain));
        complete_.back() *= spared_.back();
      }
    }
    rest_ = std::max(0.0, rest);
  }

  bool chosen(std::size_t part) const { return chosen_[part]; }

  double carrying(std::size_t part) const {
    return needs_[part].carry_cost * needs_[part].quantity * (1 - needs_[part].probability);
  }

  // The probability that nothing is missing, with some parts moved in or out.
  double complete(std::initializer_list<std::size_t> moved = {}) const {
    double sum = rest_;
    for (std::size_t s = 0; s < complete_.size(); ++s) {
      double whole = complete_[s];
      for (const auto part : moved) whole = chosen_[part] ? whole * spared(s, part) : whole / spared(s, part);
      sum += whole;
    }
    return sum;
  }

  // What moving the parts in or out saves.
  double saving(std::initializer_list<std::size_t> moved) const {
    double carried = 0;
    for (const auto part : moved) carried += chosen_[part] ? carrying(part) : -carrying(part);
    return carried + (complete(moved) - complete()) * second_visit_cost_;
  }

  void move(std::size_t part) {
    for (std::size_t s = 0; s < complete_.size(); ++s)
      chosen_[part] ? complete_[s] *= spared(s, part) : complete_[s] /= spared(s, part);
    chosen_[part] = !chosen_[part];
  }

 private:
  double spared(std::size_t scenario, std::size_t part) const { return spared_[scenario * needs_.size() + part]; }

  const std::vector<Need>& needs_;
  double second_visit_cost_;
  std::vector<bool> chosen_;
  std::vector<double> complete_, spared_;
  double rest_ = 0;
};

// Takes the best move of one part, and where there is none of two, until nothing saves any more.
void improve(Choice& choice, const std::vector<std::size_t>& movable) {
  for (;;) {
    double best = kWorthMoving;
    std::vector<std::size_t> moves;
    for (const auto part : movable)
      if (const double saving = choice.saving({part}); saving > best) best = saving, moves = {part};
    if (moves.empty())
      for (std::size_t i = 0; i < movable.size(); ++i)
        for (std::size_t j = i + 1; j < movable.size(); ++j)
          if (const double saving = choice.saving({movable[i], movable[j]}); saving > best)
            best = saving, moves = {movable[i], movable[j]};
    if (moves.empty()) return;
    for (const auto part : moves) choice.move(part);
  }
}

std::string reason(const Choice& choice, const Need& need, std::size_t part, double second_visit_cost) {
  const double points = std::abs(choice.complete({part}) - choice.complete());
  if (!need.obtainable) return format("needed with %.0f %%, but nowhere to be had in time", need.probability * 100, 0);
  if (choice.chosen(part))
    return "with " + need.part + format(": +%.1f points first-time fix for %.2f", points * 100, choice.carrying(part));
  return format("left out: would save %.2f and cost %.2f", points * second_visit_cost, choice.carrying(part));
}

}  // namespace

Kit choose_kit(const std::vector<Need>& needs, const std::vector<Scenario>& scenarios, double second_visit_cost) {
  Choice choice(needs, scenarios, second_visit_cost);
  std::vector<std::size_t> movable;
  for (std::size_t p = 0; p < needs.size(); ++p)
    if (needs[p].obtainable) movable.push_back(p);
  improve(choice, movable);
  Kit kit;
  kit.complete_probability = std::min(1.0, choice.complete());
  kit.expected_cost = (1 - kit.complete_probability) * second_visit_cost;
  for (std::size_t p = 0; p < needs.size(); ++p) {
    if (choice.chosen(p)) kit.expected_cost += choice.carrying(p);
    kit.lines.push_back({needs[p], choice.chosen(p), reason(choice, needs[p], p, second_visit_cost)});
  }
  std::stable_sort(kit.lines.begin(), kit.lines.end(), [](const Line& a, const Line& b) {
    return a.chosen != b.chosen ? a.chosen : a.need.probability > b.need.probability;
  });
  return kit;
}

}  // namespace firstfix::parts
