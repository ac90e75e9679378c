// Any bytes are refused with a line, or are an instance.
#include <cstdint>
#include <string_view>

#include "planning/solomon.h"
#include "planning/solve.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::planning;
  const auto instance = read_solomon({reinterpret_cast<const char*>(data), size});
  if (!instance || instance->customers.size() > 50 || instance->problem.engineers.size() > 50) return 0;
  if (const auto solution = solve(instance->problem, {.iterations = 20})) write_solomon(*instance, solution->plan);
  return 0;
}
