#include "priors.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace firstfix::diagnosis {
namespace {

using learning::kAgeBins;

struct Cell {
  double seen = 0, expected = 0;
};

// Counts around their expectations are taken for Poisson with Gamma(s, s) distributed factors (mean 1): how alike the
// factors are, s, is what makes the counts most probable.
double likeness(const std::vector<Cell>& cells) {
  double best = 100, best_log = -std::numeric_limits<double>::infinity();
  for (const double s : {0.3, 0.6, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 512.0}) {
    double sum = 0;
    const double constant = s * std::log(s) - std::lgamma(s);
    for (const auto& cell : cells)
      if (cell.expected > 0)
        sum += constant + std::lgamma(cell.seen + s) - (cell.seen + s) * std::log(cell.expected + s) +
               cell.seen * std::log(cell.expected);
    if (sum > best_log) best_log = sum, best = s;
  }
  return best;
}

double factor(const Cell& cell, double s, double middle = 1) {
  return (cell.seen + s * middle) / (cell.expected + s);
}

using Curve = std::array<double, kAgeBins>;
using Cells = std::array<Cell, kAgeBins>;

// A curve for each cause, drawn towards the one that all share.
std::vector<Curve> curves(const std::vector<Cells>& cells) {
  Cells all{};
  for (const auto& own : cells)
    for (int bin = 0; bin < kAgeBins; ++bin) {
      const auto b = static_cast<std::size_t>(bin);
      all[b].seen += own[b].seen;
      all[b].expected += own[b].expected;
    }
  Curve common;
  for (std::size_t b = 0; b < all.size(); ++b) common[b] = factor(all[b], 3);
  std::vector<Cell> relative;
  for (const auto& own : cells)
    for (std::size_t b = 0; b < own.size(); ++b) relative.push_back({own[b].seen, own[b].expected * common[b]});
  const double s = likeness(relative);
  std::vector<Curve> out(cells.size());
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (std::size_t b = 0; b < all.size(); ++b)
      out[c][b] = common[b] * factor({cells[c][b].seen, cells[c][b].expected * common[b]}, s);
  return out;
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
  const double s = likeness(cells);
  std::vector<std::vector<double>> out;
  for (std::size_t m = 0; m < tables.by_model.size(); ++m) {
    auto& own = out.emplace_back(rows);
    for (std::size_t row = 0; row < rows; ++row) own[row] = share[row] * factor(cells[m * rows + row], s);
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
      for (std::size_t b = 0; b < cells.size(); ++b)
        cells[b].expected += by * static_cast<double>(ages[b]) * out.share[static_cast<std::size_t>(m)][cause];
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
  out.worn = curves(worn);
  out.first = curves(first);
  return out;
}

}  // namespace firstfix::diagnosis
