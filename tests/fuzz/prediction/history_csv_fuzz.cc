// Any bytes as the files of a history: read, or refused row by row, learnt from, and asked.
#include <algorithm>
#include <array>
#include <cstdint>
#include <sstream>
#include <string>

#include "predict/forecaster.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace firstfix::predict;
  // One input holds the five files, with a line of a single equals sign between them.
  const std::string all(reinterpret_cast<const char*>(data), data == nullptr ? 0 : size);
  std::array<std::istringstream, 5> files;
  std::size_t from = 0;
  for (auto& file : files) {
    const auto end = std::min(all.find("\n=\n", from), all.size());
    file.str(all.substr(from, end - from));
    from = std::min(end + 3, all.size());
  }
  HistoryReader reader(firstfix::Instant{2'000'000'000'000'000});
  if (!reader.read_assets(files[0]) || !reader.read_faults(files[1])) return 0;
  if (!reader.read_work_orders(files[2]) || !reader.read_parts(files[3])) return 0;
  (void)reader.read_families(files[4]);
  const auto history = reader.finish();
  const Forecaster forecaster(history);
  for (const auto& [asset, machine] : history.machines) {
    const auto at = machine.faults.empty() ? firstfix::Instant{} : machine.faults.back().at;
    (void)to_json(forecaster.answer({asset, true, at, machine}));
    break;
  }
  return 0;
}
