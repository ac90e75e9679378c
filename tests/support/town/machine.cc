#include "casework/convert.h"
#include "town/town.h"

namespace firstfix::testing {

v1::DeviceRecord Machine::record() {
  v1::DeviceRecord record;
  record.set_sequence(++sequence);
  *record.mutable_occurred_at() = to_proto(town_.clock.now() + clock_error);
  return record;
}

v1::DeviceRecord Machine::fault(const std::string& code, v1::FaultChangeKind kind) {
  auto out = record();
  out.mutable_fault()->set_kind(kind);
  out.mutable_fault()->set_code(code);
  return out;
}

v1::DeviceRecord Machine::fault(const std::string& code, const std::map<std::string, double>& readings) {
  auto out = fault(code);
  out.mutable_fault()->mutable_readings()->insert(readings.begin(), readings.end());
  return out;
}

v1::DeviceRecord Machine::worked(double operating_s, bool working) {
  auto out = record();
  out.mutable_operation()->set_operating_s(operating_s);
  out.mutable_operation()->set_working(working);
  return out;
}

v1::FaultBatch Machine::batch(std::vector<v1::DeviceRecord> records) const {
  v1::FaultBatch batch;
  batch.set_device(device_);
  batch.set_epoch(epoch);
  *batch.mutable_epoch_started_at() = to_proto(epoch_started);
  *batch.mutable_sent_at() = to_proto(town_.clock.now() + clock_error);
  for (auto& record : records) *batch.add_records() = std::move(record);
  return batch;
}

Result<v1::Receipt> Machine::send(const v1::FaultBatch& batch) {
  return town_.desk->batch(kTenant, device_, batch, town_.clock.now());
}

v1::Receipt Machine::say(std::vector<v1::DeviceRecord> records) {
  const auto receipt = send(batch(std::move(records)));
  EXPECT_TRUE(receipt) << receipt.error().message;
  if (!receipt) return {};
  EXPECT_EQ(receipt->durable_through(), sequence) << receipt->ShortDebugString();
  return *receipt;
}

}  // namespace firstfix::testing
