// What a comparison says, as text and as JSON.
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "simulation/comparison.h"

namespace firstfix::simulation {
namespace {

std::string format(const char* how, double a, double b) {
  char text[64];
  std::snprintf(text, sizeof text, how, a, b);
  return text;
}

std::string label(const Arm& arm) {
  return arm.variant + ", " + arm.policy;
}

std::string shown(const Estimate& e) {
  return std::isfinite(e.half_width) ? format("%.2f ± %.2f", e.mean, e.half_width) : format("%.2f", e.mean, 0);
}

// "better" and "worse" only where the interval leaves no doubt.
std::string verdict(const Metric& metric, const Estimate& difference) {
  if (!std::isfinite(difference.half_width) || std::abs(difference.mean) <= difference.half_width) return "";
  return (difference.mean > 0) == metric.more_is_better ? "  better" : "  worse";
}

nlohmann::ordered_json to_object(const Estimate& e) {
  nlohmann::ordered_json out;
  out["mean"] = e.mean;
  if (std::isfinite(e.half_width)) out["half_width_95"] = e.half_width;
  return out;
}

}  // namespace

std::string to_text(const std::vector<Measured>& all) {
  std::string out;
  for (const auto& measured : all) {
    const bool base = &measured == &all.front();
    out += "\n" + label(measured.arm) + (base ? "" : "  (compared with: " + label(all.front().arm) + ")") + "\n";
    for (const auto& metric : metrics()) {
      const auto values = measured.values(metric);
      char line[160];
      std::snprintf(line, sizeof line, "  %-38s %18s", metric.label, shown(estimate(values)).c_str());
      out += line;
      if (!base) {
        const auto difference = estimate_difference(all.front().values(metric), values);
        std::snprintf(line, sizeof line, "   %18s%s",
                      (difference.mean > 0 ? "+" + shown(difference) : shown(difference)).c_str(),
                      verdict(metric, difference).c_str());
        out += line;
      }
      out += "\n";
    }
  }
  return out;
}

std::string to_json(const std::vector<Measured>& all) {
  auto arms = nlohmann::ordered_json::array();
  for (const auto& measured : all) {
    nlohmann::ordered_json arm;
    arm["variant"] = measured.arm.variant;
    arm["policy"] = measured.arm.policy;
    arm["seeds"] = measured.outcomes.size();
    arm["seconds"] = measured.seconds;
    for (const auto& setting : settings()) arm["scenario"][setting.name] = setting.get(measured.arm.scenario);
    for (const auto& metric : metrics()) {
      const auto values = measured.values(metric);
      arm["figures"][metric.name] = to_object(estimate(values));
      if (&measured != &all.front())
        arm["difference"][metric.name] = to_object(estimate_difference(all.front().values(metric), values));
    }
    arms.push_back(std::move(arm));
  }
  return nlohmann::ordered_json{{"arms", std::move(arms)}}.dump(2) + "\n";
}

}  // namespace firstfix::simulation
