// From a source to the spool: reads what the machine says, keeps the pace, and remembers how far it is.
//
// What was judged and where the source stood are written together, so that an agent killed at any moment goes on
// exactly behind its last record and says nothing twice.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "agent_io/spool.h"
#include "base/result.h"
#include "base/time.h"
#include "checkpoint.pb.h"
#include "firstfix/v1/device.pb.h"

namespace firstfix::agent {

enum class SourceKind { kCanLog, kCan, kJson, kCsv };

struct SourceSpec {
  SourceKind kind = SourceKind::kCanLog;
  std::string path;           // file, "-" for standard input, or a CAN interface
  double speed = 1;           // of a capture's own pace; 0 means as fast as it can be read
  std::optional<Instant> at;  // when the first frame shall have happened; otherwise when it is first read
  std::string text;           // as configured
};

// "can-log:FILE[,speed=N|max][,at=TIME]", "can:INTERFACE", "json:FILE|-", "csv:FILE".
Result<SourceSpec> parse_source(const std::string& text);

class Feeder {
 public:
  // `told` is called after every write to the spool. All given outlives the feeder.
  Feeder(SourceSpec spec, Spool& spool, const Clock& clock, std::function<void()> told);

  // Reads until the source ends or stop() is called. A line that cannot be read is logged and skipped.
  Status run();
  void stop();
  // Every active fault is to be reported once more, soon. From any thread.
  void want_snapshot();

 private:
  Status run_bus();
  Status run_changes();
  // Waits until the moment has come, or stop(); false if stopped.
  bool wait_until(std::chrono::steady_clock::time_point due);
  bool take_snapshot_wish();
  Status keep(const std::vector<v1::DeviceRecord>& records, const checkpoint::Checkpoint& checkpoint);
  checkpoint::Checkpoint restored() const;

  const SourceSpec spec_;
  Spool& spool_;
  const Clock& clock_;
  const std::function<void()> told_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false, snapshot_wanted_ = false;
};

}  // namespace firstfix::agent
