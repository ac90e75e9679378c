#include "diagnosis/wear.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace firstfix::diagnosis {
namespace {

using learning::kAgeSteps;
using learning::step_days;

constexpr double kUsualAge_days = 100, kShortestAge_days = 0.5, kLongestAge_days = 2000;
constexpr std::array<double, 15> kBinEdges_days = {1, 3, 7, 14, 21, 30, 45, 60, 90, 120, 180, 270, 365, 540, 800};
constexpr double kLevelVariance = 0.25;
constexpr double kNoSlope = 1e-6;  // variance
constexpr int kNewtonSteps = 3;

double log_age(double days) {
  return std::log(std::clamp(days, kShortestAge_days, kLongestAge_days) / kUsualAge_days);
}

struct Point {
  double x = 0, seen = 0, expected = 0;
};

void add_points(std::vector<Point>& points, const Cells& cells) {
  for (int k = 0; k < kAgeSteps; ++k)
    if (const auto& cell = cells[static_cast<std::size_t>(k)]; cell.expected > 1e-9)
      points.push_back({log_age(step_days(k)), cell.seen, cell.expected});
}

// All steps as one.
std::vector<Point> flat(const Cells& cells) {
  Point sum;
  for (const auto& cell : cells) sum.seen += cell.seen, sum.expected += cell.expected;
  return sum.expected > 1e-9 ? std::vector<Point>{sum} : std::vector<Point>{};
}

struct Line {
  double level = 0, slope = 0;
};

// How a line was fitted.
struct Fit {
  double slope_variance = 0;
  double log_prior = 0;  // with Laplace's term
};

// Newton's method; the problem is concave.
Fit improve(Line& line, const std::vector<Point>& points, double slope_mean, double slope_variance) {
  double h00 = 0, h01 = 0, h11 = 0;
  for (int step = 0; step < kNewtonSteps; ++step) {
    double g0 = -line.level / kLevelVariance, g1 = -(line.slope - slope_mean) / slope_variance;
    h00 = 1 / kLevelVariance, h01 = 0, h11 = 1 / slope_variance;
    for (const auto& p : points) {
      const double mean = p.expected * std::exp(line.level + line.slope * p.x);
      g0 += p.seen - mean;
      g1 += (p.seen - mean) * p.x;
      h00 += mean;
      h01 += mean * p.x;
      h11 += mean * p.x * p.x;
    }
    const double det = h00 * h11 - h01 * h01;
    line.level += std::clamp((h11 * g0 - h01 * g1) / det, -1.0, 1.0);
    line.slope += std::clamp((h00 * g1 - h01 * g0) / det, -1.0, 1.0);
  }
  const double det = h00 * h11 - h01 * h01, off = line.slope - slope_mean;
  return {h00 / det, -0.5 * (line.level * line.level / kLevelVariance + off * off / slope_variance +
                             std::log(slope_variance) + std::log(det) + std::log(kLevelVariance))};
}

}  // namespace

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

void Wear::fit(const std::vector<Cells>& worn, const std::vector<Cells>& first, bool new_at_first) {
  log_prior_ = 0;
  double mean = 0, squares = 0;
  for (std::size_t c = 0; c < worn.size(); ++c) {
    std::vector<Point> points;
    add_points(points, worn[c]);
    if (new_at_first) add_points(points, first[c]);
    Line line{worn_[c].level, worn_[c].slope};
    const auto fitted = improve(line, points, slopes_.mean, slopes_.variance);
    worn_[c].level = line.level, worn_[c].slope = line.slope;
    log_prior_ += fitted.log_prior;
    mean += line.slope;
    squares += line.slope * line.slope + fitted.slope_variance;
    if (new_at_first) {
      first_[c] = worn_[c];
      continue;
    }
    Line level{first_[c].level, 0};
    log_prior_ += improve(level, flat(first[c]), 0, kNoSlope).log_prior;
    first_[c].level = level.level;
  }
  const double n = static_cast<double>(worn.size());
  slopes_.mean = mean / (n + 1);
  slopes_.variance = (squares + n * slopes_.mean * slopes_.mean - 2 * mean * slopes_.mean + 0.1) / (n + 1);
}

void Wear::take_over_rests(const std::vector<Cells>& worn, const std::vector<Cells>& first) {
  std::vector<Cell> rests(2 * kBins * worn_.size());
  const auto add = [&](const std::vector<Curve>& curves, const std::vector<Cells>& cells, std::size_t from) {
    for (std::size_t c = 0; c < curves.size(); ++c)
      for (int k = 0; k < kAgeSteps; ++k) {
        const auto& cell = cells[c][static_cast<std::size_t>(k)];
        auto& rest = rests[from + c * kBins + bin_of(step_days(k))];
        rest.seen += cell.seen;
        rest.expected += cell.expected * std::exp(curves[c].level + curves[c].slope * log_age(step_days(k)));
      }
  };
  add(worn_, worn, 0);
  add(first_, first, kBins * worn_.size());
  const double s = likeness(rests);
  for (std::size_t i = 0; i < rests.size(); ++i) {
    auto& curve = i < rests.size() / 2 ? worn_[i / kBins] : first_[i / kBins - worn_.size()];
    curve.rest[i % kBins] = shrunk(rests[i], s);
  }
}

std::size_t Wear::bin_of(double days) {
  return static_cast<std::size_t>(std::upper_bound(kBinEdges_days.begin(), kBinEdges_days.end(), days) -
                                  kBinEdges_days.begin());
}

double Wear::factor(const Curve& curve, double days) {
  return std::exp(curve.level + curve.slope * log_age(days)) * curve.rest[bin_of(days)];
}

}  // namespace firstfix::diagnosis
