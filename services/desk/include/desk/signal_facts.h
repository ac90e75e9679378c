// The facts that signals are made of, as the records of a case tell them.
//
// Each is one entry of kSystem under (tenant, "signal-fact", kind, subject, model, band, time, source):
//   code, cause, part   the code or resource; the AssetModel; "0" for all ages, else the age band's number; the day;
//                       the Case                                                        → the asset
//   lot                 the Part; ""; ""; when it was put in; the Visit                 → the asset and the lot
//   calibration         the AssetModel; ""; ""; when the case closed; the Case          → the prediction, the outcome
// A case counts once for each code, cause and part. The facts of a case are a function of its records, so that counting
// again changes nothing and a correction takes back exactly what was counted.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "desk/unit_of_work.h"
#include "learning/exposure.h"

namespace firstfix::desk {

namespace signal_kind {
inline constexpr std::string_view kCode = "code", kCause = "cause", kPart = "part", kLot = "lot",
                                  kCalibration = "calibration";
}  // namespace signal_kind

// What is looked at together.
struct StreamId {
  std::string kind, subject, model, band;  // band: of kind lot, where it names the state of one lot, the lot
  friend auto operator<=>(const StreamId&, const StreamId&) = default;
};

struct FactKey {
  StreamId stream;
  Instant at;          // of events: the beginning of the day
  std::string source;  // the Case or Visit
};

using Facts = std::map<std::string, internal::v1::SignalFact>;  // by key in the store

std::string fact_key(const std::string& tenant, const FactKey& key);
Result<FactKey> parse_fact_key(std::string_view key);
// What all keys of a stream's facts begin with.
std::string facts_prefix(const std::string& tenant, const StreamId& stream);

// What the records say of the case now; nothing if it was cancelled or is not there.
Result<Facts> facts_of(const View& view, const std::string& case_name);

}  // namespace firstfix::desk
