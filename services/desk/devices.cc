#include "desk/devices.h"

#include <algorithm>

#include "base/text.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "desk/pipeline.h"

namespace firstfix::desk {
namespace {

constexpr int kReleasedAtOnce = 20;
constexpr std::size_t kFirstBytes = 64, kMaxTopicBytes = 256, kMaxReasonBytes = 500;
constexpr double kMostOperating_s = 1e10;  // three hundred years

std::string device_name(const std::string& device) {
  return "devices/" + device;
}

Status validate(const std::string& device, const v1::FaultBatch& batch) {
  if (batch.device() != device)
    return fail(Code::kInvalid, "device '" + clipped(batch.device(), 64) + "' is not the topic's '" + device + "'");
  if (batch.epoch() == 0) return fail(Code::kInvalid, "epoch is 0");
  if (batch.records().empty()) return fail(Code::kInvalid, "records is empty");
  if (batch.records_size() > kMaxRecordsPerBatch) return fail(Code::kTooLarge, "records has over 1000 entries");
  std::uint64_t last = 0;
  for (const auto& record : batch.records()) {
    if (record.sequence() == 0) return fail(Code::kInvalid, "a record has sequence 0");
    const bool dropped = record.has_dropped();
    if (dropped && (record.dropped().from() == 0 || record.dropped().from() > record.dropped().to() ||
                    record.dropped().to() != record.sequence()))
      return fail(Code::kInvalid,
                  "record " + std::to_string(record.sequence()) + ": dropped.from and .to do not fit its sequence");
    const auto first = dropped ? record.dropped().from() : record.sequence();
    if (last != 0 && first != last + 1)
      return fail(Code::kInvalid,
                  "record " + std::to_string(record.sequence()) + " does not follow record " + std::to_string(last));
    last = record.sequence();
  }
  return {};
}

std::uint64_t first_sequence(const v1::FaultBatch& batch) {
  const auto& record = batch.records(0);
  return record.has_dropped() ? record.dropped().from() : record.sequence();
}

std::uint64_t last_sequence(const v1::FaultBatch& batch) {
  return batch.records(batch.records_size() - 1).sequence();
}

// The batch without what is known already: records up to `done`, and the part of a drop that reaches beyond it.
v1::FaultBatch after(const v1::FaultBatch& batch, std::uint64_t done) {
  auto rest = batch;
  int known = 0;
  while (known < rest.records_size() && rest.records(known).sequence() <= done) ++known;
  rest.mutable_records()->DeleteSubrange(0, known);
  if (!rest.records().empty() && rest.records(0).has_dropped()) {
    auto& dropped = *rest.mutable_records(0)->mutable_dropped();
    dropped.set_from(std::max(dropped.from(), done + 1));
  }
  return rest;
}

v1::Receipt receipt_of(const v1::Device& device) {
  v1::Receipt receipt;
  receipt.set_epoch(device.epoch());
  receipt.set_durable_through(device.durable_through());
  return receipt;
}

// Takes over the batch's epoch. A younger epoch means that the device lost its spool; an older one means that two
// spools are alive under one name, and nobody can tell which speaks for the machine.
void take_epoch(v1::Device& device, const v1::FaultBatch& batch) {
  const bool younger = to_instant(batch.epoch_started_at()) > to_instant(device.epoch_started_at());
  if (device.epoch() != 0 && !younger) {
    device.set_quarantine_reason("two live epochs: two devices send under this id, or an old spool came back");
    return;
  }
  device.set_epoch(batch.epoch());
  *device.mutable_epoch_started_at() = batch.epoch_started_at();
  device.set_durable_through(0);
  device.set_operating_s(0);
  device.set_working(false);
}

// Keeps a batch that must not be acted upon now.
Status hold(UnitOfWork& uow, const v1::Device& device, const std::string& id, const v1::FaultBatch& batch,
            const std::string& reason) {
  const auto epoch = std::to_string(batch.epoch());
  std::string number = std::to_string(first_sequence(batch));
  number.insert(0, 20 - number.size(), '0');
  v1::QuarantinedBatch shown;
  shown.set_name("quarantine/" + id + "/" + epoch + "/" + number);
  shown.set_device(id);
  shown.set_reason(reason);
  *shown.mutable_received_at() = to_proto(uow.now());
  shown.set_record_count(static_cast<std::uint32_t>(batch.records_size()));
  shown.set_first_sequence(first_sequence(batch));
  shown.set_last_sequence(last_sequence(batch));
  internal::v1::HeldBatch held;
  *held.mutable_batch() = batch;
  *held.mutable_received_at() = to_proto(uow.now());
  FIRSTFIX_CHECK(uow.put(device));
  FIRSTFIX_CHECK(uow.put(std::move(shown)));
  return uow.put_index(index::kHeld, {id, epoch, number}, held.SerializeAsString());
}

Result<std::uint32_t> held_count(const UnitOfWork& uow, const std::string& device) {
  std::uint32_t count = 0;
  FIRSTFIX_CHECK(uow.each_entry(index::kHeld, {device}, [&](auto, auto) { return ++count < kMaxHeldBatches; }));
  return count;
}

// The machine's work moves the proving of its open case.
Status move_proving(UnitOfWork& uow, const std::string& asset, const v1::Device& device, Instant counted_at) {
  FIRSTFIX_TRY(open, uow.lookup(index::kOpenCaseOfAsset, {asset}));
  if (!open) return {};
  FIRSTFIX_TRY(record, uow.get<v1::Case>(*open));
  auto effects = casework::machine_reported(record, device, counted_at, uow.now());
  return effects ? uow.apply(std::move(*effects)) : Status{};
}

// Runs the faults gathered so far through the pipeline.
Status flush(Work& work) {
  if (work.observations.empty()) return {};
  FIRSTFIX_CHECK(run_pipeline(work));
  work.observations.clear();
  work.drafts.clear();
  return {};
}

Status validate(const v1::OperationReport& report) {
  if (report.operating_s() >= 0 && report.operating_s() <= kMostOperating_s) return {};  // not a number is neither
  return fail(Code::kInvalid, "operation.operating_s is not from 0 to 10,000,000,000");
}

// Acts upon the records of a batch, none of which is known.
Status act(Work& work, v1::Device& device, const std::string& id, const std::string& asset,
           const v1::FaultBatch& batch) {
  auto& uow = work.uow;
  const auto offset = to_duration(device.clock_offset());
  for (const auto& record : batch.records()) {
    bool put_right = false;
    const Instant at = casework::corrected(to_instant(record.occurred_at()), offset, uow.now(), &put_right);
    const auto good = record.has_fault()       ? casework::validate(record.fault())
                      : record.has_operation() ? validate(record.operation())
                                               : Status{};
    if (!good) {
      FIRSTFIX_CHECK(take_reject(uow, work.entropy, "devices/" + id,
                                 "record " + std::to_string(record.sequence()) + ": " + good.error().message,
                                 record.SerializeAsString()));
      continue;
    }
    if (record.has_fault()) {
      work.observations.push_back({record.fault(), asset, id, batch.epoch(), record.sequence(), at, put_right});
    } else if (record.has_dropped()) {
      device.set_dropped_count(device.dropped_count() + record.dropped().to() - record.dropped().from() + 1);
    } else if (record.has_operation()) {
      FIRSTFIX_CHECK(flush(work));
      device.set_working(record.operation().working());
      device.set_operating_s(std::max(device.operating_s(), record.operation().operating_s()));
      FIRSTFIX_CHECK(move_proving(uow, asset, device, at));
    } else {
      FIRSTFIX_CHECK(
          take_reject(uow, work.entropy, "devices/" + id,
                      "record " + std::to_string(record.sequence()) + " says nothing that this version knows",
                      record.SerializeAsString()));
    }
  }
  return flush(work);
}

}  // namespace

Result<v1::Receipt> take_batch(Command& command, const std::string& id, const v1::FaultBatch& batch,
                               Instant received_at) {
  auto& uow = command.uow;
  FIRSTFIX_CHECK(validate(id, batch));
  FIRSTFIX_TRY(known, uow.find<v1::Device>(device_name(id)));
  v1::Device device = known ? std::move(*known) : v1::Device{};
  device.set_name(device_name(id));
  device.set_connected(true);
  *device.mutable_last_heard_at() = to_proto(received_at);
  if (batch.has_sent_at()) *device.mutable_clock_offset() = to_proto(to_instant(batch.sent_at()) - received_at);
  if (batch.epoch() != device.epoch()) take_epoch(device, batch);

  FIRSTFIX_TRY(asset, uow.lookup(index::kDeviceAsset, {id}));
  device.set_asset(asset.value_or(""));
  FIRSTFIX_TRY(waiting, held_count(uow, id));
  const bool foreign_epoch = batch.epoch() != device.epoch();
  if (!foreign_epoch) {
    if (last_sequence(batch) <= device.durable_through()) {  // all of it is here already
      FIRSTFIX_CHECK(uow.put(device));
      return receipt_of(device);
    }
    if (first_sequence(batch) > device.durable_through() + 1) {
      auto receipt = receipt_of(device);
      receipt.set_resend_from(device.durable_through() + 1);
      FIRSTFIX_CHECK(uow.put(std::move(device)));
      return receipt;
    }
  }
  if (!asset || !device.quarantine_reason().empty() || waiting > 0) {
    const std::string reason = !device.quarantine_reason().empty() ? device.quarantine_reason()
                               : !asset                            ? "no asset claims this device"
                                                                   : "waits for batches held before it";
    if (waiting >= kMaxHeldBatches) {
      auto receipt = receipt_of(device);
      receipt.set_reason(reason + "; 1000 batches are held, keep the rest");
      return receipt;
    }
    const auto fresh = foreign_epoch ? batch : after(batch, device.durable_through());
    if (!foreign_epoch) device.set_durable_through(last_sequence(batch));
    FIRSTFIX_CHECK(hold(uow, device, id, fresh, reason));
    auto receipt = receipt_of(device);
    receipt.set_epoch(batch.epoch());
    receipt.set_durable_through(last_sequence(batch));
    receipt.set_reason(reason);
    return receipt;
  }
  const auto fresh = after(batch, device.durable_through());
  device.set_durable_through(last_sequence(batch));
  Work work(command);
  FIRSTFIX_CHECK(act(work, device, id, *asset, fresh));
  auto receipt = receipt_of(device);
  FIRSTFIX_CHECK(uow.put(std::move(device)));
  return receipt;
}

Status take_state(UnitOfWork& uow, const std::string& id, const v1::DeviceState& state) {
  FIRSTFIX_TRY(known, uow.find<v1::Device>(device_name(id)));
  v1::Device device = known ? std::move(*known) : v1::Device{};
  device.set_name(device_name(id));
  if (known && device.connected() == state.connected()) return {};
  device.set_connected(state.connected());
  if (!state.connected()) device.set_working(false);  // who is silent does not demonstrably work
  *device.mutable_last_heard_at() = to_proto(uow.now());
  FIRSTFIX_TRY(asset, uow.lookup(index::kDeviceAsset, {id}));
  device.set_asset(asset.value_or(""));
  if (asset) FIRSTFIX_CHECK(move_proving(uow, *asset, device, uow.now()));
  return uow.put(std::move(device));
}

Status take_reject(UnitOfWork& uow, Entropy& entropy, std::string_view topic, std::string_view reason,
                   std::string_view payload) {
  v1::Reject reject;
  reject.set_name("rejects/" + new_id(uow.now(), entropy));
  *reject.mutable_received_at() = to_proto(uow.now());
  reject.set_topic(clipped(topic, kMaxTopicBytes));
  reject.set_reason(clipped(reason, kMaxReasonBytes));
  reject.set_first_bytes(std::string(payload.substr(0, kFirstBytes)));
  reject.set_size_bytes(payload.size());
  return uow.put(std::move(reject));
}

Status release_held(Command& command, const std::string& id) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(asset, uow.lookup(index::kDeviceAsset, {id}));
  FIRSTFIX_TRY(known, uow.find<v1::Device>(device_name(id)));
  if (!asset || !known || !known->quarantine_reason().empty()) return {};
  std::vector<internal::v1::HeldBatch> held;
  bool more = false, intact = true;
  FIRSTFIX_CHECK(uow.each_entry(index::kHeld, {id}, [&](std::string_view, std::string_view value) {
    more = held.size() == kReleasedAtOnce;
    if (more) return false;
    intact = held.emplace_back().ParseFromArray(value.data(), static_cast<int>(value.size()));
    return intact;
  }));
  if (!intact) return fail(Code::kCorrupt, "a held batch of device " + id + " does not parse");
  auto device = std::move(*known);
  device.set_asset(*asset);
  for (const auto& one : held) {
    Work work(command);
    FIRSTFIX_CHECK(act(work, device, id, *asset, one.batch()));
    const auto epoch = std::to_string(one.batch().epoch());
    std::string number = std::to_string(first_sequence(one.batch()));
    number.insert(0, 20 - number.size(), '0');
    FIRSTFIX_CHECK(uow.erase_index(index::kHeld, {id, epoch, number}));
    FIRSTFIX_CHECK(uow.erase<v1::QuarantinedBatch>("quarantine/" + id + "/" + epoch + "/" + number));
  }
  FIRSTFIX_CHECK(uow.put(std::move(device)));
  if (more) return uow.set_timer({internal::v1::TIMER_KIND_RELEASE_HELD, id, uow.now()});
  return {};
}

Result<std::optional<v1::Device>> device_of(const View& view, const v1::Asset& asset) {
  std::optional<v1::Device> latest;
  for (const auto& id : asset.devices()) {
    FIRSTFIX_TRY(device, view.find<v1::Device>(device_name(id)));
    if (device && (!latest || to_instant(device->last_heard_at()) > to_instant(latest->last_heard_at())))
      latest = std::move(*device);
  }
  return latest;
}

}  // namespace firstfix::desk
