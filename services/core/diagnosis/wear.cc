#include "diagnosis/wear.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace firstfix::diagnosis {
namespace {

using learning::kAgeBins;
using learning::kAgeEdges_days;

constexpr double kUsualAge_days = 100, kShortestAge_days = 0.5, kLongestAge_days = 2000;
constexpr double kLevelVariance = 0.25;
constexpr int kNewtonSteps = 8, kRounds = 4;

double log_age(double days) {
  return std::log(std::clamp(days, kShortestAge_days, kLongestAge_days) / kUsualAge_days);
}

// The middle of a bin on the logarithmic axis.
double middle(std::size_t bin) {
  if (bin == 0) return log_age(0.6);
  if (bin + 1 == static_cast<std::size_t>(kAgeBins)) return log_age(1.2 * kAgeEdges_days.back());
  return log_age(std::sqrt(kAgeEdges_days[bin - 1] * kAgeEdges_days[bin]));
}

struct Point {
  double x = 0, seen = 0, trials = 0, usual_log_odds = 0;
  double mean(double line) const { return trials / (1 + std::exp(-usual_log_odds - line)); }
};

Point point(double x, const Cell& cell) {
  const double usual = std::min(0.99, cell.expected / cell.trials);
  return {x, std::min(cell.seen, cell.trials), cell.trials, std::log(usual / (1 - usual))};
}

std::vector<Point> points(const Cells& cells) {
  std::vector<Point> out;
  for (std::size_t b = 0; b < cells.size(); ++b)
    if (cells[b].expected > 1e-9 && cells[b].trials > 0) out.push_back(point(middle(b), cells[b]));
  return out;
}

// What the slopes of all causes are like.
struct Slopes {
  double mean = 0, variance = 1;
};

struct Line {
  double level = 0, slope = 0;
  double slope_variance = 0;
  double log_posterior = 0;
};

// The most probable line, by Newton's method; the problem is concave.
Line fit(const std::vector<Point>& points, const Slopes& slopes) {
  Line line{0, slopes.mean};
  double h00 = 0, h01 = 0, h11 = 0;
  for (int step = 0; step < kNewtonSteps; ++step) {
    double g0 = -line.level / kLevelVariance, g1 = -(line.slope - slopes.mean) / slopes.variance;
    h00 = 1 / kLevelVariance, h01 = 0, h11 = 1 / slopes.variance;
    for (const auto& p : points) {
      const double mean = p.mean(line.level + line.slope * p.x);
      const double weight = mean * (1 - mean / p.trials);
      g0 += p.seen - mean;
      g1 += (p.seen - mean) * p.x;
      h00 += weight;
      h01 += weight * p.x;
      h11 += weight * p.x * p.x;
    }
    const double det = h00 * h11 - h01 * h01;
    line.level += std::clamp((h11 * g0 - h01 * g1) / det, -1.0, 1.0);
    line.slope += std::clamp((h00 * g1 - h01 * g0) / det, -1.0, 1.0);
  }
  line.slope_variance = h00 / (h00 * h11 - h01 * h01);
  line.log_posterior = -0.5 * (line.level * line.level / kLevelVariance +
                               (line.slope - slopes.mean) * (line.slope - slopes.mean) / slopes.variance +
                               std::log(slopes.variance) + std::log(h00 * h11 - h01 * h01) + std::log(kLevelVariance));
  for (const auto& p : points) {
    const double share = std::clamp(p.mean(line.level + line.slope * p.x) / p.trials, 1e-12, 1 - 1e-12);
    line.log_posterior += p.seen * std::log(share) + (p.trials - p.seen) * std::log1p(-share);
  }
  return line;
}

// Lines for all causes, with what their slopes have in common learnt from them.
std::vector<Line> fit_all(const std::vector<std::vector<Point>>& causes, double& log_posterior) {
  Slopes slopes;
  std::vector<Line> lines(causes.size());
  for (int round = 0; round < kRounds; ++round) {
    double mean = 0, squares = 0;
    for (std::size_t c = 0; c < causes.size(); ++c) lines[c] = fit(causes[c], slopes), mean += lines[c].slope;
    const double n = static_cast<double>(causes.size());
    mean /= n + 1;
    for (const auto& line : lines) squares += (line.slope - mean) * (line.slope - mean) + line.slope_variance;
    slopes = {mean, (squares + 0.1) / (n + 1)};
  }
  log_posterior = 0;
  for (const auto& line : lines) log_posterior += line.log_posterior;
  return lines;
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

Wear::Wear(const std::vector<Cells>& worn, const std::vector<Cells>& first) {
  // A machine that was new when its records began shows one curve, whether repaired before or not; on one that was
  // not, the time that it is known says nothing. Whichever explains the counts better is believed.
  std::vector<std::vector<Point>> together, apart, flat;
  for (std::size_t c = 0; c < worn.size(); ++c) {
    together.push_back(points(worn[c]));
    apart.push_back(together.back());
    flat.emplace_back();
    for (const auto& p : points(first[c])) {
      together.back().push_back(p);
      flat.back().push_back({0, p.seen, p.trials, p.usual_log_odds});
    }
  }
  double log_one = 0, log_two = 0;
  const auto one = fit_all(together, log_one);
  auto two = fit_all(apart, log_two);
  std::vector<Line> flats;
  for (const auto& cells : flat) {
    flats.push_back(fit(cells, {0, 1e-6}));
    log_two += flats.back().log_posterior;
  }
  std::vector<Cell> rests;
  const auto curves = [&](const std::vector<Line>& lines, const std::vector<Cells>& cells) {
    std::vector<Curve> out;
    for (std::size_t c = 0; c < lines.size(); ++c) {
      out.push_back({lines[c].level, lines[c].slope, {}});
      for (std::size_t b = 0; b < cells[c].size(); ++b) {
        const auto& cell = cells[c][b];
        const bool told = cell.expected > 1e-9 && cell.trials > 0;
        rests.push_back({cell.seen, told ? point(0, cell).mean(lines[c].level + lines[c].slope * middle(b)) : 0});
      }
    }
    return out;
  };
  const bool same = log_one >= log_two;
  worn_ = curves(same ? one : two, worn);
  first_ = curves(same ? one : flats, first);
  const double s = likeness(rests);
  for (std::size_t i = 0; i < rests.size(); ++i) {
    auto& curve = i < rests.size() / 2 ? worn_[i / kAgeBins] : first_[i / kAgeBins - worn_.size()];
    curve.rest[i % kAgeBins] = shrunk(rests[i], s);
  }
}

double Wear::factor(const Curve& curve, double days) {
  return std::exp(curve.level + curve.slope * log_age(days)) *
         curve.rest[static_cast<std::size_t>(learning::age_bin(days))];
}

}  // namespace firstfix::diagnosis
