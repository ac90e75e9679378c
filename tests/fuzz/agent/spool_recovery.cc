// Any bytes in place of a spool's segments: the spool opens or says why not, and is a whole spool from then on. The
// first byte says where the input is cut into two segments.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "agent_io/spool.h"

namespace {

namespace fs = std::filesystem;
using namespace firstfix;

class FixedClock final : public Clock {
 public:
  Instant now() const override { return {1'700'000'000'000'000}; }
};
class CountingEntropy final : public Entropy {
 public:
  std::uint64_t next() override { return ++count_ * 0x9E37'79B9'7F4A'7C15u; }

 private:
  std::uint64_t count_ = 0;
};

void require(bool so) {
  if (!so) std::abort();
}

void write(const fs::path& path, const char* data, std::size_t size) {
  std::ofstream(path, std::ios::binary).write(data, static_cast<std::streamsize>(size));
}

// Appends two records, reads all that waits, and has it acknowledged.
void use(agent::Spool& spool) {
  const std::string records[] = {"one", "two"};
  require(spool.append(records, "checkpoint").has_value());
  require(spool.sync().has_value());
  for (int epochs = 0; !spool.standing().delivered; ++epochs) {
    require(epochs < 100);
    const auto batch = spool.read(spool.standing().epoch.id, 0, 1'000'000, 64 << 20);
    require(batch.has_value() && !batch->items.empty());
    std::uint64_t last = spool.standing().acknowledged;
    for (const auto& item : batch->items) {
      require(item.dropped ? item.dropped->from == last + 1 && item.sequence == item.dropped->to
                           : item.sequence == last + 1);
      last = item.sequence;
    }
    require(spool.acknowledge(batch->epoch.id, last).has_value());
  }
  require(spool.checkpoint() == "checkpoint");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fs::path kFolder = fs::path(fs::is_directory("/dev/shm") ? "/dev/shm" : "/tmp") /
                                  ("firstfix-fuzz-spool-" + std::to_string(getpid()));
  fs::remove_all(kFolder);
  fs::create_directories(kFolder);
  if (size > 0) {
    const auto* bytes = reinterpret_cast<const char*>(data) + 1;
    const std::size_t cut = (size - 1) * data[0] / 255;
    write(kFolder / "00000000000000000001.segment", bytes, cut);
    write(kFolder / "00000000000000000002.segment", bytes + cut, size - 1 - cut);
  }
  const FixedClock clock;
  CountingEntropy entropy;
  for (int openings = 0; openings < 2; ++openings) {
    std::vector<std::string> reports;
    auto spool = agent::Spool::open({kFolder, 1 << 20, false}, clock, entropy, reports);
    require(spool.has_value());
    use(**spool);
  }
  fs::remove_all(kFolder);
  return 0;
}
