// Machines that break, one fault after another, and what they are told.
#pragma once

#include <condition_variable>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "firstfix/v1/device.pb.h"
#include "line.h"
#include "measure.h"

namespace firstfix::bench {

class Machines {
 public:
  Machines(const Account& account, int count, int codes)
      : codes_(codes),
        state_(static_cast<std::size_t>(count)),
        epoch_(std::random_device{}() | 1U),
        line_(account, "path-probe", "firstfix/v1/demo/+/receipt",
              [this](const std::string&, const std::string& payload) { take_receipt(payload); }) {}

  int count() const { return static_cast<int>(state_.size()); }

  // A fault that the machine has not had before becomes active; each has `codes` of them.
  std::string break_down(int machine) {
    auto& state = state_.at(static_cast<std::size_t>(machine));
    return batch(machine, v1::FAULT_CHANGE_KIND_ACTIVE, (machine + state.faults++) % codes_, 1);
  }
  // The count of its latest fault goes up.
  std::string count_up(int machine) {
    const auto& state = state_.at(static_cast<std::size_t>(machine));
    return batch(machine, v1::FAULT_CHANGE_KIND_UPDATED, (machine + state.faults - 1) % codes_,
                 static_cast<std::uint32_t>(state.sequence));
  }
  void publish(int machine, std::string payload) {
    line_.publish("firstfix/v1/demo/m" + std::to_string(machine) + "/faults", std::move(payload));
  }
  Line& line() { return line_; }

  // Waits until so many batches in all were acknowledged as durable; when the last of them was.
  Steady::time_point wait_receipts(std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!received_.wait_for(lock, std::chrono::seconds{30}, [&] { return receipts_ >= count; }))
      throw std::runtime_error("waited 30 s in vain for receipt " + std::to_string(count));
    return last_receipt_;
  }
  std::size_t receipts() const {
    std::lock_guard lock(mutex_);
    return receipts_;
  }

 private:
  struct State {
    std::uint64_t sequence = 0;
    int faults = 0;
  };

  static void stamp(google::protobuf::Timestamp& out) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now);
    out.set_seconds(seconds.count());
    out.set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(now - seconds).count()));
  }

  std::string batch(int machine, v1::FaultChangeKind kind, int code, std::uint32_t count) {
    v1::FaultBatch batch;
    batch.set_device("m" + std::to_string(machine));
    batch.set_epoch(epoch_);
    stamp(*batch.mutable_epoch_started_at());
    stamp(*batch.mutable_sent_at());
    auto& record = *batch.add_records();
    record.set_sequence(++state_.at(static_cast<std::size_t>(machine)).sequence);
    stamp(*record.mutable_occurred_at());
    auto& fault = *record.mutable_fault();
    fault.set_kind(kind);
    fault.set_code("j1939-" + std::to_string(100 + code) + "-3");
    fault.set_component("sa-0");
    fault.set_occurrence_count(count);
    fault.mutable_lamps()->set_amber_warning(true);
    fault.mutable_j1939()->set_spn(static_cast<std::uint32_t>(100 + code));
    fault.mutable_j1939()->set_fmi(3);
    return batch.SerializeAsString();
  }

  void take_receipt(const std::string& payload) {
    const auto now = Steady::now();
    v1::Receipt receipt;
    const bool durable = receipt.ParseFromString(payload) && receipt.durable_through() > 0 && receipt.reason().empty();
    {
      std::lock_guard lock(mutex_);
      if (durable) ++receipts_;
      last_receipt_ = now;
    }
    received_.notify_all();
  }

  const int codes_;
  std::vector<State> state_;
  const std::uint64_t epoch_;
  mutable std::mutex mutex_;
  std::condition_variable received_;
  std::size_t receipts_ = 0;
  Steady::time_point last_receipt_;
  Line line_;
};

}  // namespace firstfix::bench
