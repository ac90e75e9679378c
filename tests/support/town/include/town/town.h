// A small town, kept by a real desk on a real store: one press that speaks, one that does not, two engineers.
//
//        depot (a hose)
//          |                 north
//   li ── hall ───────── max
//          press (device press-1), lathe (no device)
//
// Li lives next to the hall and has a hose in her van; Max lives far away. Both know hydraulics at level 2 and are on
// shift from 06:00 to 22:00 for a week. The fault j1939-100-1 means a burst hose. The territory is automatic: a fault
// is offered at once. It is Monday, 08:00.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "desk/commands.h"
#include "desk/desk.h"
#include "firstfix/v1/case.pb.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/visit.pb.h"
#include "support/fakes.h"
#include "support/temporary_directory.h"
#include "town/wrapped_store.h"

namespace firstfix::testing {

inline const std::string kTenant = "acme";

template <class M>
M from_text(const std::string& text) {
  M message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

class Town {
 public:
  Town();

  // --- writing and reading records, past all rules ---
  template <class M>
  void put(const std::string& text) {
    write([&](desk::Command& command) { return command.uow.put(from_text<M>(text)); });
  }
  void write(const std::function<Status(desk::Command&)>& run);
  template <class M>
  M get(const std::string& name) const {
    const auto snapshot = store->snapshot();
    auto found = desk::View(*snapshot, kTenant).get<M>(name);
    EXPECT_TRUE(found) << found.error().message;
    return found ? *found : M{};
  }
  template <class M>
  std::vector<M> all(const std::string& prefix = "") const {
    std::vector<M> found;
    const auto snapshot = store->snapshot();
    const auto done = desk::View(*snapshot, kTenant).each<M>(prefix, "", [&](M& one) {
      found.push_back(std::move(one));
      return true;
    });
    EXPECT_TRUE(done) << done.error().message;
    return found;
  }
  // The one record of its type; a failure if there are more or none.
  template <class M>
  M only() const {
    const auto found = all<M>();
    EXPECT_EQ(found.size(), 1u) << M::descriptor()->name();
    return found.size() == 1 ? found.front() : M{};
  }
  // Every byte that the store keeps, by table and key.
  std::map<std::string, std::string> everything() const;

  // --- what people do; `who` is the caller's resource name ---
  template <class Response>
  Result<Response> as(const std::string& who, const std::function<Result<Response>(desk::Command&)>& run,
                      const std::string& request_id = "", const std::string& request = "") {
    return desk->command<Response>({kTenant, who, "firstfix.v1.Test/Do", request_id}, from_text<v1::Case>(request),
                                   run);
  }
  // The offer that is open now; a failure if there is not exactly one.
  v1::Offer open_offer() const;
  void accept_and_do(const std::string& work_summary, const std::string& found = "causes/hose");

  // Moves the clock, firing every timer at its own time.
  void advance(Duration by);

  TemporaryDirectory directory;
  ManualClock clock;
  CountingEntropy entropy;
  std::unique_ptr<WrappedStore> store;
  std::unique_ptr<desk::Desk> desk;
};

// A device that counts its records as it should, or as it is told to.
class Machine {
 public:
  Machine(Town& town, std::string device) : town_(town), device_(std::move(device)) {}

  std::uint64_t epoch = 0xE1;
  Instant epoch_started = kMorning - std::chrono::hours{1};
  Duration clock_error{0};
  std::uint64_t sequence = 0;

  v1::DeviceRecord fault(const std::string& code, v1::FaultChangeKind kind = v1::FAULT_CHANGE_KIND_ACTIVE);
  // With the numbers that came with it.
  v1::DeviceRecord fault(const std::string& code, const std::map<std::string, double>& readings);
  v1::DeviceRecord cleared(const std::string& code) { return fault(code, v1::FAULT_CHANGE_KIND_CLEARED); }
  v1::DeviceRecord worked(double operating_s, bool working = true);

  v1::FaultBatch batch(std::vector<v1::DeviceRecord> records) const;
  Result<v1::Receipt> send(const v1::FaultBatch& batch);
  // Says it and expects a receipt for all of it.
  v1::Receipt say(std::vector<v1::DeviceRecord> records);
  v1::Device device() const { return town_.get<v1::Device>("devices/" + device_); }

 private:
  v1::DeviceRecord record();

  Town& town_;
  std::string device_;
};

}  // namespace firstfix::testing
