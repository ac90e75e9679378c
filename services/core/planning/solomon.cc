#include "planning/solomon.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

namespace firstfix::planning {
namespace {

constexpr double kScale = 10;
constexpr double kLargest = 1e6;
constexpr int kCustomerPriority = 50;  // all alike; serving all comes first

struct Row {
  std::size_t line = 0;
  std::vector<double> values;
};

Error at_line(std::size_t line, const std::string& why) {
  return {Code::kInvalid, "line " + std::to_string(line) + ": " + why};
}

// The lines of numbers; headings are skipped.
Result<std::vector<Row>> rows_of(std::string_view text) {
  std::vector<Row> rows;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const auto end = std::min(text.find('\n'), text.size());
    auto rest = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (std::any_of(rest.begin(), rest.end(), [](unsigned char c) { return std::isalpha(c); })) continue;
    Row row{line, {}};
    while (true) {
      while (!rest.empty() && std::isspace(static_cast<unsigned char>(rest.front()))) rest.remove_prefix(1);
      if (rest.empty()) break;
      double value = 0;
      const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
      if (error != std::errc{}) return fail(at_line(line, "is not a row of numbers"));
      if (!std::isfinite(value) || std::abs(value) > kLargest) return fail(at_line(line, "a number is too large"));
      row.values.push_back(value);
      rest.remove_prefix(static_cast<std::size_t>(stop - rest.data()));
    }
    if (!row.values.empty()) rows.push_back(std::move(row));
    if (rows.size() > kMaxPlaces)
      return fail(Code::kTooLarge, "more than " + std::to_string(kMaxPlaces) + " customers");
  }
  return rows;
}

// customer, x, y, demand, ready, due, service
Status check_customer(const Row& row) {
  if (row.values.size() != 7) return fail(at_line(row.line, "a customer has seven numbers"));
  for (const std::size_t i : {0, 3, 4, 5, 6})
    if (row.values[i] < 0) return fail(at_line(row.line, "a number is negative"));
  if (row.values[0] != std::floor(row.values[0]) || row.values[3] != std::floor(row.values[3]))
    return fail(at_line(row.line, "number and demand of a customer are whole"));
  if (row.values[4] > row.values[5]) return fail(at_line(row.line, "is due before it is ready"));
  return {};
}

Seconds tenths(double value) {
  return static_cast<Seconds>(value * kScale);
}

}  // namespace

Result<SolomonInstance> read_solomon(std::string_view text) {
  FIRSTFIX_TRY(rows, rows_of(text));
  if (rows.size() < 2) return fail(Code::kInvalid, "the fleet or the depot is missing");
  const auto fleet = rows.front();
  if (fleet.values.size() != 2 || fleet.values[0] < 1 || fleet.values[0] > kMaxEngineers || fleet.values[1] < 0)
    return fail(at_line(fleet.line, "must be the number of vehicles and their capacity"));
  rows.erase(rows.begin());
  SolomonInstance out;
  auto& p = out.problem;
  const int size = static_cast<int>(rows.size());
  p.travel = Matrix(size);
  p.part_count = 1;
  p.weights = {.travel = 1};
  std::set<double> numbers;
  for (const auto& row : rows) {
    FIRSTFIX_CHECK(check_customer(row));
    if (!numbers.insert(row.values[0]).second) return fail(at_line(row.line, "the number is taken"));
  }
  const auto place = [&](int i) -> const std::vector<double>& { return rows[static_cast<std::size_t>(i)].values; };
  for (int i = 0; i < size; ++i)
    for (int j = 0; j < size; ++j)
      p.travel.at(i, j) =
          static_cast<Seconds>(std::hypot(place(i)[1] - place(j)[1], place(i)[2] - place(j)[2]) * kScale + 1e-9);
  for (int v = 0; v < static_cast<int>(fleet.values[0]); ++v)
    p.engineers.push_back({.id = v + 1,
                           .shift = {tenths(place(0)[4]), tenths(place(0)[5])},
                           .van_stock = {static_cast<int>(fleet.values[1])}});
  for (int i = 1; i < size; ++i) {
    const auto& values = place(i);
    out.customers.push_back(static_cast<int>(values[0]));
    p.jobs.push_back({.id = out.customers.back(),
                      .place = i,
                      .service = tenths(values[6]),
                      .priority = kCustomerPriority,
                      .windows = {{tenths(values[4]), tenths(values[5])}},
                      .parts = {static_cast<int>(values[3])}});
  }
  FIRSTFIX_CHECK(validate(p));
  return out;
}

std::string write_solomon(const SolomonInstance& instance, const Plan& plan) {
  const auto& p = instance.problem;
  auto routes = nlohmann::json::array();
  std::int64_t distance = 0;
  for (const auto& route : plan.routes) {
    auto customers = nlohmann::json::array();
    int here = 0;
    for (const auto& stop : route.stops) {
      const auto& job = p.jobs[static_cast<std::size_t>(stop.what)];
      distance += p.travel(here, job.place);
      here = job.place;
      customers.push_back(instance.customers[static_cast<std::size_t>(stop.what)]);
    }
    distance += p.travel(here, 0);
    routes.push_back(std::move(customers));
  }
  return nlohmann::json{{"distance", static_cast<double>(distance) / kScale}, {"routes", routes}}.dump();
}

}  // namespace firstfix::planning
