// From the facts of one stream to a signal with its figures, or none. See learning/{defects,lots,calibration}.h for the
// tests and what they promise.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "desk/signal_facts.h"
#include "firstfix/v1/signal.pb.h"

namespace firstfix::desk {

// When the machines of each model came into service.
class Fleet {
 public:
  static Result<std::shared_ptr<const Fleet>> read(const View& view);

  // Machines without a commissioning date count as always there, and in no age band.
  learning::Exposure exposure(const std::string& model, bool with_unknown_age, learning::Day from) const;

 private:
  struct Born {
    std::vector<learning::Day> known;
    std::size_t unknown = 0;
  };
  std::map<std::string, Born> models_;
};

// What is looked at when a stream is judged.
struct Evidence {
  const Facts& facts;            // of the stream, all of them
  learning::Day from_day;        // what came before is left out
  learning::Day observed_since;  // the tenant's first day
  learning::Day looks_from;      // looks before it have been taken already
  const Fleet& fleet;
};

// The signal that the stream of codes, causes, parts or forecasts gives, without name, state and times of its own; none
// if there is not enough evidence.
Result<std::optional<v1::DefectSignal>> judge(const StreamId& stream, const Evidence& evidence);

// The same for the lots of a part: one signal for each lot that fails more often. `from_day` does not apply.
Result<std::vector<v1::DefectSignal>> judge_lots(const StreamId& part, const Facts& facts);

}  // namespace firstfix::desk
