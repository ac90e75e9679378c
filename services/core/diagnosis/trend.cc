#include "diagnosis/trend.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace firstfix::diagnosis {
namespace {

// Variance from one step to the next; the first is as good as none.
constexpr std::array<double, 7> kPaces = {1e-6, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1};
constexpr double kStartVariance = 0.25;
constexpr int kNewtonSteps = 5;

// One walk that is as probable as can be, by Newton's method with a tridiagonal Hessian; the problem is concave.
struct Walk {
  std::vector<double> logs;
  double log_evidence = 0;
};

double expected_at(const Cell& cell, double log) {
  return cell.expected * std::exp(log);
}

// The precision of the walk beforehand, of one place with itself.
double precision(std::size_t place, std::size_t last, double pace) {
  return (place == 0 ? 1 / kStartVariance : 1 / pace) + (place == last ? 0 : 1 / pace);
}

// Moves the walk by the solution of Hessian · move = gradient, and returns log|Hessian|.
double step(std::vector<double>& logs, const std::vector<Cell>& cells, double pace) {
  const std::size_t n = logs.size(), last = n - 1;
  const double off = -1 / pace;
  std::vector<double> pivot(n), right(n);
  double log_determinant = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double mean = expected_at(cells[i], logs[i]), own = precision(i, last, pace);
    right[i] =
        cells[i].seen - mean - own * logs[i] - (i > 0 ? off * logs[i - 1] : 0) - (i < last ? off * logs[i + 1] : 0);
    pivot[i] = own + mean;
    if (i > 0) {
      const double lower = off / pivot[i - 1];
      pivot[i] -= lower * off;
      right[i] -= lower * right[i - 1];
    }
    log_determinant += std::log(pivot[i]);
  }
  double next = 0;
  for (std::size_t i = n; i-- > 0;) {
    next = (right[i] - (i < last ? off * next : 0)) / pivot[i];
    right[i] = next;
  }
  for (std::size_t i = 0; i < n; ++i) logs[i] += std::clamp(right[i], -1.0, 1.0);
  return log_determinant;
}

Walk walk_of(const std::vector<Cell>& cells, double pace) {
  Walk out{std::vector<double>(cells.size()), 0};
  double log_determinant = 0;
  for (int i = 0; i < kNewtonSteps; ++i) log_determinant = step(out.logs, cells, pace);
  double squares = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out.log_evidence += cells[i].seen * out.logs[i] - expected_at(cells[i], out.logs[i]);
    if (i > 0) squares += (out.logs[i] - out.logs[i - 1]) * (out.logs[i] - out.logs[i - 1]);
  }
  out.log_evidence -= 0.5 * (squares / pace + out.logs[0] * out.logs[0] / kStartVariance +
                             static_cast<double>(cells.size() - 1) * std::log(pace) + log_determinant);
  return out;
}

}  // namespace

void Trend::fit(const std::vector<std::vector<Cell>>& cells) {
  if (logs_.empty() || logs_.front().size() < 2) return;
  std::vector<std::vector<std::vector<double>>> walks(kPaces.size());
  std::array<double, kPaces.size()> weights{};
  for (std::size_t q = 0; q < kPaces.size(); ++q)
    for (const auto& row : cells) {
      auto walk = walk_of(row, kPaces[q]);
      walks[q].push_back(std::move(walk.logs));
      weights[q] += walk.log_evidence;
    }
  const double best = *std::max_element(weights.begin(), weights.end());
  double sum = 0;
  for (auto& weight : weights) sum += weight = std::exp(weight - best);
  for (std::size_t c = 0; c < logs_.size(); ++c)
    for (std::size_t p = 0; p < logs_[c].size(); ++p) {
      logs_[c][p] = 0;
      for (std::size_t q = 0; q < kPaces.size(); ++q) logs_[c][p] += weights[q] / sum * walks[q][c][p];
    }
}

double Trend::at(std::size_t cause, std::size_t step) const {
  return std::exp(logs_[cause][step]);
}

double Trend::last(std::size_t cause) const {
  return std::exp(logs_[cause].back());
}

}  // namespace firstfix::diagnosis
