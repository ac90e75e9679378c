// Any bytes as the line of a case: parsed and answered, or refused.
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "predict/forecaster.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::predict;
  // Of two causes one shows itself by a reading and by a code that goes away.
  static const Forecaster kForecaster{[] {
    History history;
    for (int i = 0; i < 60; ++i) {
      auto& machine = history.machines["A" + std::to_string(i)];
      const firstfix::Instant at{1'700'000'000'000'000}, done = at + std::chrono::hours(9);
      machine.model = "m";
      const double oil_bar = i % 2 == 0 ? 1 + i * 0.01 : 3 + i * 0.01;
      machine.faults.push_back(
          {at, "E1", i % 2 == 0 ? at + std::chrono::hours(1) : firstfix::kNever, {{"oil_bar", oil_bar}, {"h", i}}});
      machine.works.push_back({done, true, {i % 2 == 0 ? "K1" : "K2"}, {"P1"}});
    }
    return history;
  }()};
  if (const auto question = parse_case({reinterpret_cast<const char*>(data), size}))
    (void)to_json(kForecaster.answer(*question));
  return 0;
}
