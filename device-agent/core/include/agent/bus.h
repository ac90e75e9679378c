// A J1939 bus, from frames to what is worth sending: transport, DM1, tracker and operation put together. Pure.
#pragma once

#include <optional>
#include <vector>

#include "agent/operation.h"
#include "agent/tracker.h"
#include "agent/transport.h"

namespace firstfix::agent {

struct BusReports {
  std::vector<FaultReport> faults;
  std::optional<Operation> operation;
  bool empty() const { return faults.empty() && !operation; }
};

class Bus {
 public:
  Bus() = default;
  Bus(const TrackerState& faults, OperationState operation) : tracker_(faults), operation_(std::move(operation)) {}

  BusReports on_frame(const CanFrame& frame, std::uint64_t position);
  // Time has come to `now` on a bus that may be silent.
  BusReports on_time(Instant now) { return {{}, operation_.on_time(now)}; }
  // A frame that was judged before a restart: it only brings sessions back to where they were.
  void replay(const CanFrame& frame, std::uint64_t position) { (void)transport_.on_frame(frame, position); }

  const Transport& transport() const { return transport_; }
  const Tracker& tracker() const { return tracker_; }
  const OperationDetector& operation() const { return operation_; }

 private:
  Transport transport_;
  Tracker tracker_;
  OperationDetector operation_;
};

}  // namespace firstfix::agent
