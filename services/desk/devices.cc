#include "desk/devices.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "casework/closure.h"
#include "casework/convert.h"
#include "device_batch.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kFirstBytes = 64, kMaxTopicBytes = 256, kMaxReasonBytes = 500;

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

// All records of the device's epoch up to this one are kept. An epoch that is not the device's present one is
// remembered too: its spool may come back, and what it has a receipt for it does not have any more.
Result<std::uint64_t> durable_of(const View& view, const v1::Device& device, const std::string& id,
                                 std::uint64_t epoch) {
  if (epoch == device.epoch()) return device.durable_through();
  FIRSTFIX_TRY(kept, view.lookup(index::kEpoch, {id, std::to_string(epoch)}));
  std::uint64_t through = 0;
  const std::string_view digits = kept ? std::string_view(*kept) : std::string_view();
  std::from_chars(digits.data(), digits.data() + digits.size(), through);
  return through;
}

Status set_durable(UnitOfWork& uow, v1::Device& device, const std::string& id, std::uint64_t epoch,
                   std::uint64_t through) {
  if (epoch != device.epoch())
    return uow.put_index(index::kEpoch, {id, std::to_string(epoch)}, std::to_string(through));
  device.set_durable_through(through);
  return {};
}

// Takes over the batch's epoch. A younger epoch means that the device lost its spool; an older one means that two
// spools are alive under one name, and nobody can tell which speaks for the machine.
Status take_epoch(UnitOfWork& uow, v1::Device& device, const std::string& id, const v1::FaultBatch& batch) {
  const bool younger = to_instant(batch.epoch_started_at()) > to_instant(device.epoch_started_at());
  if (device.epoch() == 0 || younger) return change_epoch(uow, device, id, batch.epoch(), batch.epoch_started_at());
  device.set_quarantine_reason("two live epochs: two devices send under this id, or an old spool came back");
  return {};
}

void measure_clock(v1::Device& device, Instant sent_at, Instant received_at) {
  std::optional<Duration> known;
  if (device.has_clock_offset()) known = to_duration(device.clock_offset());
  const auto since = std::max(Duration{0}, received_at - to_instant(device.last_heard_at()));
  *device.mutable_clock_offset() = to_proto(casework::measured_offset(known, sent_at - received_at, since));
}

// Why a batch of the device must not be acted upon now; empty if it may be.
std::string held_because(const v1::Device& device, bool claimed, std::uint32_t waiting) {
  if (!device.quarantine_reason().empty()) return device.quarantine_reason();
  if (!claimed) return "no asset claims this device";
  return waiting > 0 ? "waits for batches held before it" : "";
}

// The machine's work moves the proving of its open case.
Status move_proving(UnitOfWork& uow, const std::string& asset, const v1::Device& device, Instant counted_at) {
  FIRSTFIX_TRY(open, uow.lookup(index::kOpenCaseOfAsset, {asset}));
  if (!open) return {};
  FIRSTFIX_TRY(record, uow.get<v1::Case>(*open));
  auto effects = casework::machine_reported(record, device, counted_at, uow.now());
  return effects ? uow.apply(std::move(*effects)) : Status{};
}

// Runs the faults gathered so far through the pipeline, which sees the device as it was when they came.
Status flush(Work& work, const v1::Device& device) {
  if (work.observations.empty()) return {};
  FIRSTFIX_CHECK(work.uow.put(device));
  FIRSTFIX_CHECK(run_pipeline(work));
  work.observations.clear();
  work.drafts.clear();
  return {};
}

Status take_dropped(Work& work, v1::Device& device, const std::string& asset, const v1::Dropped& dropped) {
  auto& uow = work.uow;
  const auto count = dropped.to() - dropped.from() + 1;
  device.set_dropped_count(device.dropped_count() + count);
  FIRSTFIX_CHECK(flush(work, device));
  FIRSTFIX_TRY(open, uow.lookup(index::kOpenCaseOfAsset, {asset}));
  if (!open) return {};
  FIRSTFIX_TRY(record, uow.get<v1::Case>(*open));
  Effects effects;
  tell(record, effects, v1::TIMELINE_KIND_FAULT,
       "the device had to drop " + std::to_string(count) + " records (" + std::to_string(dropped.from()) + " to " +
           std::to_string(dropped.to()) + ")" + (dropped.reason().empty() ? "" : ": " + dropped.reason()),
       kFirstFix, device.name(), uow.now());
  effects.cases.push_back(std::move(record));
  return uow.apply(std::move(effects));
}

Status take_operation(Work& work, v1::Device& device, const std::string& asset, const v1::OperationReport& operation,
                      Instant at) {
  FIRSTFIX_CHECK(flush(work, device));
  device.set_working(operation.working());
  device.set_operating_s(std::max(device.operating_s(), operation.operating_s()));
  return move_proving(work.uow, asset, device, at);
}

// Is the record well formed in itself? What is not is skipped and listed.
Status validate(const v1::DeviceRecord& record) {
  if (record.has_fault()) return casework::validate(record.fault());
  if (record.has_operation()) return casework::validate(record.operation());
  if (record.has_dropped() && record.dropped().reason().size() > kMaxReasonBytes)
    return fail(Code::kInvalid, "dropped.reason is over 500 bytes");
  return record.has_dropped() ? Status{} : fail(Code::kInvalid, "it says nothing that this version knows");
}

}  // namespace

Status change_epoch(UnitOfWork& uow, v1::Device& device, const std::string& id, std::uint64_t epoch,
                    const google::protobuf::Timestamp& started) {
  FIRSTFIX_TRY(through, durable_of(uow, device, id, epoch));
  if (device.epoch() != 0)
    FIRSTFIX_CHECK(
        uow.put_index(index::kEpoch, {id, std::to_string(device.epoch())}, std::to_string(device.durable_through())));
  device.set_epoch(epoch);
  *device.mutable_epoch_started_at() = started;
  device.set_durable_through(through);
  device.set_operating_s(0);
  device.set_working(false);
  return {};
}

Status act_upon(Work& work, v1::Device& device, const std::string& id, const std::string& asset,
                const v1::FaultBatch& batch, Instant received_at) {
  const auto offset = to_duration(device.clock_offset());
  for (const auto& record : batch.records()) {
    if (const auto good = validate(record); !good) {
      FIRSTFIX_CHECK(take_reject(work.uow, work.entropy, "devices/" + id,
                                 "record " + std::to_string(record.sequence()) + ": " + good.error().message,
                                 record.SerializeAsString()));
      continue;
    }
    bool put_right = false;
    const Instant at = casework::corrected(to_instant(record.occurred_at()), offset, received_at, &put_right);
    if (record.has_fault())
      work.observations.push_back(
          {record.fault(), asset, id, batch.epoch(), record.sequence(), at, received_at, put_right});
    else if (record.has_dropped())
      FIRSTFIX_CHECK(take_dropped(work, device, asset, record.dropped()));
    else if (batch.epoch() == device.epoch())  // what another epoch has counted cannot be compared
      FIRSTFIX_CHECK(take_operation(work, device, asset, record.operation(), at));
  }
  return flush(work, device);
}

Result<v1::Receipt> take_batch(Command& command, const std::string& id, const v1::FaultBatch& batch,
                               Instant received_at) {
  auto& uow = command.uow;
  FIRSTFIX_CHECK(validate(id, batch));
  FIRSTFIX_TRY(known, uow.find<v1::Device>(device_name(id)));
  v1::Device device = known ? std::move(*known) : v1::Device{};
  device.set_name(device_name(id));
  device.set_connected(true);
  if (batch.has_sent_at()) measure_clock(device, to_instant(batch.sent_at()), received_at);
  *device.mutable_last_heard_at() = to_proto(received_at);
  if (batch.epoch() != device.epoch()) FIRSTFIX_CHECK(take_epoch(uow, device, id, batch));
  FIRSTFIX_TRY(asset, uow.lookup(index::kDeviceAsset, {id}));
  device.set_asset(asset.value_or(""));

  FIRSTFIX_TRY(done, durable_of(uow, device, id, batch.epoch()));
  const auto last = last_sequence(batch);
  v1::Receipt receipt;
  receipt.set_epoch(batch.epoch());
  receipt.set_durable_through(done);
  if (last > done && first_sequence(batch) > done + 1) receipt.set_resend_from(done + 1);
  if (last <= done || receipt.has_resend_from()) {  // all of it is here already, or something before it is missing
    FIRSTFIX_CHECK(uow.put(std::move(device)));
    return receipt;
  }
  FIRSTFIX_TRY(waiting, held_count(uow, id));
  const auto reason = held_because(device, asset.has_value(), waiting);
  if (!reason.empty() && waiting >= kMaxHeldBatches) {
    receipt.set_reason(reason + "; 1000 batches are held, keep the rest");
    FIRSTFIX_CHECK(uow.put(std::move(device)));
    return receipt;
  }
  FIRSTFIX_CHECK(set_durable(uow, device, id, batch.epoch(), last));
  receipt.set_durable_through(last);
  receipt.set_reason(reason);
  const auto news = after(batch, done);
  if (reason.empty()) {
    Work work(command);
    FIRSTFIX_CHECK(act_upon(work, device, id, *asset, news, received_at));
  } else {
    FIRSTFIX_CHECK(hold(uow, id, news, reason, received_at));
  }
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
