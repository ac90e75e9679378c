#include "simulation/scenario.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "planning/json_text.h"

namespace firstfix::simulation {
namespace {

template <auto Member>
constexpr Setting setting(const char* name, const char* help, double least, double most) {
  return {name,
          help,
          least,
          most,
          [](const Scenario& s) { return static_cast<double>(s.*Member); },
          [](Scenario& s, double value) {
            using Type = std::remove_reference_t<decltype(s.*Member)>;
            s.*Member = static_cast<Type>(value);
          }};
}

bool whole(const Setting& setting) {
  Scenario probe;
  setting.set(probe, 1.5);
  return setting.get(probe) != 1.5;
}

std::string number(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

Status assign(Scenario& scenario, std::string_view name, double value) {
  const auto& all = settings();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Setting& one) { return one.name == name; });
  if (found == all.end()) {
    std::string known;
    for (const auto& one : all) known.append(known.empty() ? "" : ", ").append(one.name);
    return fail(Code::kInvalid, "'" + std::string(name) + "' is not a setting; there are: " + known);
  }
  if (!std::isfinite(value) || value < found->least || value > found->most)
    return fail(Code::kInvalid,
                std::string(name) + " must be from " + number(found->least) + " to " + number(found->most));
  if (whole(*found) && value != std::floor(value))
    return fail(Code::kInvalid, std::string(name) + " must be a whole number");
  found->set(scenario, value);
  return {};
}

}  // namespace

const std::vector<Setting>& settings() {
  using S = Scenario;
  static const std::vector<Setting> kAll = {
      setting<&S::days>("days", "how long the region is watched", 1, 3650),
      setting<&S::shift_start_h>("shift_start_h", "when engineers begin, hours after midnight", 0, 23),
      setting<&S::shift_end_h>("shift_end_h", "when they end", 1, 24),
      setting<&S::radius_km>("radius_km", "of the region", 1, 1000),
      setting<&S::towns>("towns", "around which machines and people are", 1, 500),
      setting<&S::speed_kmh>("speed_kmh", "on the road", 5, 200),
      setting<&S::detour_factor>("detour_factor", "road over straight line", 1, 3),
      setting<&S::travel_noise>("travel_noise", "spread of real over predicted travel, standard deviation of its log",
                                0, 1),
      setting<&S::machines>("machines", "in the region", 1, 1'000'000),
      setting<&S::failures_a_year>("failures_a_year", "of one machine", 0.01, 365),
      setting<&S::causes>("causes", "kinds of failure", 1, 200),
      setting<&S::skills>("skills", "kinds of skill", 1, 30),
      setting<&S::parts>("parts", "kinds of part", 1, 500),
      setting<&S::codes>("codes", "kinds of fault code", 1, 500),
      setting<&S::leak>("leak", "probability of a code that has nothing to do with the cause", 0, 0.5),
      setting<&S::engineers>("engineers", "of the service organisation", 1, 5000),
      setting<&S::skill_share>("skill_share", "probability that an engineer has a skill", 0, 1),
      setting<&S::late_cost_per_hour>("late_cost_per_hour", "of arriving after the contract's time", 0, 1e5),
      setting<&S::response_h>("response_h", "contract of half of the machines; the others have three times as long",
                              0.5, 1000),
      setting<&S::second_visit_cost>("second_visit_cost", "what it costs to come again", 0, 1e6),
      setting<&S::depots>("depots", "with parts", 1, 200),
      setting<&S::depot_stock>("depot_stock", "of each part in each depot", 0, 10'000),
      setting<&S::van_stock>("van_stock", "of each part that a van carries", 0, 100),
      setting<&S::van_share>("van_share", "share of the kinds of part that every van carries", 0, 1),
      setting<&S::resupply_days>("resupply_days", "until a depot has again what was taken", 0, 365),
  };
  return kAll;
}

Status set(Scenario& scenario, std::string_view assignment) {
  const auto equals = assignment.find('=');
  double value = 0;
  const auto text = equals == std::string_view::npos ? std::string_view{} : assignment.substr(equals + 1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    return fail(Code::kInvalid, "'" + std::string(assignment) + "' is not of the form setting=number");
  return assign(scenario, assignment.substr(0, equals), value);
}

Status set_all(Scenario& scenario, std::string_view json) {
  FIRSTFIX_TRY(parsed, planning::parse_json(json));
  if (!parsed.is_object()) return fail(Code::kInvalid, "a scenario is a JSON object of settings and numbers");
  for (const auto& [name, value] : parsed.items()) {
    if (!value.is_number()) return fail(Code::kInvalid, name + " must be a number");
    FIRSTFIX_CHECK(assign(scenario, name, value.get<double>()));
  }
  return {};
}

Status check(const Scenario& scenario) {
  if (scenario.shift_end_h < scenario.shift_start_h + 1)
    return fail(Code::kInvalid, "shift_end_h must be at least an hour after shift_start_h");
  const double expected = scenario.machines * scenario.failures_a_year * scenario.days / 365.0;
  if (expected > 5e6)
    return fail(Code::kTooLarge, "that would be " + number(std::floor(expected)) + " failures; at most 5 million");
  return {};
}

}  // namespace firstfix::simulation
