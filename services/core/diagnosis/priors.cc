#include "priors.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace firstfix::diagnosis {
namespace {

// How models differ in a cause: some cannot have it at all, the others by a Gamma(likeness, likeness) factor.
struct Spread {
  double likeness = 1, immune = 0;

  double log_no_more(const Cell& cell) const {
    return likeness * (std::log(likeness) - std::log(cell.expected + likeness));
  }
  // The factor expected after what was seen.
  double factor(const Cell& cell) const {
    if (cell.seen > 0) return shrunk(cell, likeness);
    const double possible = (1 - immune) * std::exp(log_no_more(cell));
    return shrunk(cell, likeness) * possible / (immune + possible);
  }
  double log_likelihood(const std::vector<Cell>& cells) const {
    const double constant = likeness * std::log(likeness) - std::lgamma(likeness);
    double sum = 0;
    for (const auto& cell : cells) {
      if (cell.expected <= 0) continue;
      if (cell.seen == 0)
        sum += std::log(immune + (1 - immune) * std::exp(log_no_more(cell)));
      else
        sum += std::log(1 - immune) + constant + std::lgamma(cell.seen + likeness) -
               (cell.seen + likeness) * std::log(cell.expected + likeness) + cell.seen * std::log(cell.expected);
    }
    return sum;
  }
};

// The spread that makes the counts most probable.
Spread spread_of(const std::vector<Cell>& cells) {
  Spread best;
  double best_log = -std::numeric_limits<double>::infinity();
  for (const double likeness : {0.3, 0.6, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 16.0, 64.0, 512.0})
    for (const double immune : {0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3}) {
      const Spread spread{likeness, immune};
      if (const double log = spread.log_likelihood(cells); log > best_log) best_log = log, best = spread;
    }
  return best;
}

std::vector<std::vector<double>> shares(const Catalogue& catalogue, const Tables& tables) {
  const auto rows = static_cast<std::size_t>(tables.causes.size()) + 1;
  constexpr double kPriorVisits = 1;
  std::vector<double> all(rows);
  double visits = 0, rates = 0;
  for (std::size_t m = 0; m < tables.by_model.size(); ++m) {
    visits += tables.model_visits[m];
    for (std::size_t row = 0; row < rows; ++row) all[row] += tables.by_model[m][row];
  }
  for (const auto& cause : catalogue.causes) rates += cause.rate;
  std::vector<double> prior(rows, 1.0 / static_cast<double>(rows));
  prior.back() = 0;
  for (const auto& cause : catalogue.causes)
    prior[static_cast<std::size_t>(tables.causes.find(cause.name))] = cause.rate / rates;
  std::vector<double> share(rows);
  for (std::size_t row = 0; row < rows; ++row)
    share[row] = (all[row] + kPriorVisits * prior[row]) / (visits + kPriorVisits);
  std::vector<Cell> cells;
  for (std::size_t m = 0; m < tables.by_model.size(); ++m)
    for (std::size_t row = 0; row < rows; ++row)
      cells.push_back({tables.by_model[m][row], tables.model_visits[m] * share[row]});
  const auto spread = spread_of(cells);
  std::vector<std::vector<double>> out;
  for (std::size_t m = 0; m < tables.by_model.size(); ++m) {
    auto& own = out.emplace_back(rows);
    for (std::size_t row = 0; row < rows; ++row) own[row] = share[row] * spread.factor(cells[m * rows + row]);
  }
  out.push_back(share);
  return out;
}

}  // namespace

Priors estimate_priors(const Catalogue& catalogue, const learning::Counts& counts, const Tables& tables) {
  Priors out;
  out.share = shares(catalogue, tables);
  double singles = 0, pairs = 0, nothing = 0, once = 0;
  for (const auto& group : tables.groups)
    (group.causes.empty() ? nothing : group.causes.size() == 1 ? singles : pairs) += group.visits;
  out.pair = (pairs + 0.5) / (singles + pairs + 10);
  out.single = 1 - out.pair;

  const auto causes = static_cast<std::size_t>(tables.causes.size());
  for (std::size_t c = 0; c < causes; ++c) {
    double met = 0;
    for (const auto& by_cause : tables.by_model) met += by_cause[c];
    once += met == 1;
  }
  out.visits = singles + pairs + nothing;
  // Good and Turing: what was met once only tells how often something new comes.
  out.unmet = (once + 1) / (out.visits + 20);
  std::vector<Cells> worn(causes), first(causes);
  const auto expected = [&](const std::map<Id, learning::Ages>& visits, std::size_t cause, Cells& cells, double by) {
    for (const auto& [model, ages] : visits) {
      const auto m = tables.model_of[static_cast<std::size_t>(model)];
      if (m == learning::kUnknown) continue;
      for (std::size_t b = 0; b < cells.size(); ++b) {
        cells[b].trials += by * static_cast<double>(ages[b]);
        cells[b].expected += by * static_cast<double>(ages[b]) * out.share[static_cast<std::size_t>(m)][cause];
      }
    }
  };
  for (std::size_t c = 0; c < causes; ++c) expected(counts.first_times().at_risk, c, first[c], 1);
  for (const auto& [id, ages] : counts.first_times().found) {
    const auto c = tables.cause_of[static_cast<std::size_t>(id)];
    if (c == learning::kUnknown) continue;
    for (std::size_t b = 0; b < ages.size(); ++b)
      first[static_cast<std::size_t>(c)][b].seen += static_cast<double>(ages[b]);
  }
  for (std::size_t id = 0; id < counts.since_repaired().size(); ++id) {
    const auto c = tables.cause_of[id];
    if (c == learning::kUnknown) continue;
    const auto& clock = counts.since_repaired()[id];
    expected(clock.at_risk, static_cast<std::size_t>(c), worn[static_cast<std::size_t>(c)], 1);
    expected(clock.known, static_cast<std::size_t>(c), first[static_cast<std::size_t>(c)], -1);
    if (const auto own = clock.found.find(static_cast<Id>(id)); own != clock.found.end())
      for (std::size_t b = 0; b < own->second.size(); ++b)
        worn[static_cast<std::size_t>(c)][b].seen += static_cast<double>(own->second[b]);
  }
  out.wear = Wear(worn, first);
  return out;
}

}  // namespace firstfix::diagnosis
