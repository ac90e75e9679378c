// Any bytes are refused or are a plan that can be checked and re-planned from.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "planning/check.h"
#include "planning/json.h"
#include "planning/solve.h"

namespace {

constexpr std::string_view kProblem = R"({
  "now": 30000,
  "engineers": [
    {"id": 1, "location": 0, "shift": [28800, 57600], "skills": [1], "van_stock": [2],
     "breaks": [{"from": 43200, "to": 46800, "duration": 1800}]},
    {"id": 2, "location": 1, "shift": [28800, 57600], "skills": [], "van_stock": [1]}],
  "jobs": [
    {"id": 1, "location": 2, "service": 1800, "skills": [1], "priority": 40, "windows": [], "parts": [1]},
    {"id": 2, "location": 3, "service": 1800, "skills": [], "priority": 90, "windows": [[30000, 40000]]},
    {"id": 3, "location": 2, "service": 3600, "skills": [], "priority": 10, "windows": []}],
  "depots": [{"id": 1, "location": 1, "stock": [3], "pickup_seconds": 300}],
  "matrix": [[0, 600, 900, 300], [600, 0, 400, 800], [900, 400, 0, 700], [300, 800, 700, 0]]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::planning;
  static const auto problem = read_problem(kProblem);
  if (!problem) std::abort();
  const auto current = read_plan({reinterpret_cast<const char*>(data), size}, *problem);
  if (!current) return 0;
  check(*problem, *current);
  const auto solution = solve(*problem, {.iterations = 20, .current = &*current});
  if (!solution) return 0;
  if (!read_plan(write_plan(*problem, solution->plan, &*current), *problem)) std::abort();
  return 0;
}
