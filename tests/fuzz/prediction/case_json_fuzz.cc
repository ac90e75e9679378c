// Any bytes as the line of a case: parsed and answered, or refused.
#include <cstdint>
#include <string_view>

#include "predict/forecaster.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::predict;
  static const Forecaster kForecaster{History{}};
  if (const auto question = parse_case({reinterpret_cast<const char*>(data), size}))
    (void)to_json(kForecaster.answer(*question));
  return 0;
}
