// Any bytes are refused or are a problem that can be planned and whose plan breaks nothing.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "planning/check.h"
#include "planning/json.h"
#include "planning/solve.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::planning;
  const auto problem = read_problem({reinterpret_cast<const char*>(data), size});
  if (!problem || problem->jobs.size() > 50) return 0;
  const auto solution = solve(*problem, {.iterations = 20});
  if (!solution || !check(*problem, solution->plan).violations.empty()) std::abort();
  if (!read_plan(write_plan(*problem, solution->plan), *problem)) std::abort();
  return 0;
}
