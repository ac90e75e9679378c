// Batches that nobody may act upon yet: held, listed, and released when a person has decided.
#include <algorithm>

#include "casework/convert.h"
#include "device_batch.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kReleasedAtOnce = 20;

// Where a held batch is: in the order in which they came.
struct HeldPlace {
  std::string at, epoch, number;
  std::string shown_as(const std::string& device) const { return "quarantine/" + device + "/" + epoch + "/" + number; }
};

HeldPlace place_of(const v1::FaultBatch& batch, Instant received_at) {
  std::string number = std::to_string(first_sequence(batch));
  number.insert(0, 20 - number.size(), '0');
  return {sortable(received_at), std::to_string(batch.epoch()), std::move(number)};
}

// The batch of the device that came last, of those that are held; none if none is.
Result<std::optional<internal::v1::HeldBatch>> last_held(const View& view, const std::string& id) {
  std::string last;
  FIRSTFIX_CHECK(view.each_entry(index::kHeld, {id}, [&](std::string_view, std::string_view value) {
    last = value;
    return true;
  }));
  if (last.empty()) return std::optional<internal::v1::HeldBatch>{};
  internal::v1::HeldBatch held;
  if (!held.ParseFromString(last)) return fail(Code::kCorrupt, "a held batch of device " + id + " does not parse");
  return std::optional{std::move(held)};
}

}  // namespace

std::uint64_t first_sequence(const v1::FaultBatch& batch) {
  const auto& record = batch.records(0);
  return record.has_dropped() ? record.dropped().from() : record.sequence();
}

std::uint64_t last_sequence(const v1::FaultBatch& batch) {
  return batch.records(batch.records_size() - 1).sequence();
}

v1::FaultBatch after(const v1::FaultBatch& batch, std::uint64_t done) {
  auto rest = batch;
  auto& records = *rest.mutable_records();
  int known = 0;
  while (known < records.size() && records[known].sequence() <= done) ++known;
  records.DeleteSubrange(0, known);
  if (!records.empty() && records[0].has_dropped())
    records[0].mutable_dropped()->set_from(std::max(records[0].dropped().from(), done + 1));
  return rest;
}

Status hold(UnitOfWork& uow, const std::string& id, const v1::FaultBatch& batch, const std::string& reason,
            Instant received_at) {
  const auto place = place_of(batch, received_at);
  v1::QuarantinedBatch shown;
  shown.set_name(place.shown_as(id));
  shown.set_device(id);
  shown.set_reason(reason);
  *shown.mutable_received_at() = to_proto(received_at);
  shown.set_record_count(static_cast<std::uint32_t>(batch.records_size()));
  shown.set_first_sequence(first_sequence(batch));
  shown.set_last_sequence(last_sequence(batch));
  internal::v1::HeldBatch held;
  *held.mutable_batch() = batch;
  *held.mutable_received_at() = to_proto(received_at);
  FIRSTFIX_CHECK(uow.put(std::move(shown)));
  return uow.put_index(index::kHeld, {id, place.at, place.epoch, place.number}, held.SerializeAsString());
}

Result<std::uint32_t> held_count(const View& view, const std::string& device) {
  std::uint32_t count = 0;
  FIRSTFIX_CHECK(view.each_entry(index::kHeld, {device}, [&](auto, auto) { return ++count < kMaxHeldBatches; }));
  return count;
}

Status claim_device(Command& command, const std::string& id) {
  auto& uow = command.uow;
  FIRSTFIX_TRY(known, uow.find<v1::Device>(device_name(id)));
  if (!known) return {};
  auto device = std::move(*known);
  if (!device.quarantine_reason().empty()) {
    device.clear_quarantine_reason();
    FIRSTFIX_TRY(last, last_held(uow, id));
    if (last && last->batch().epoch() != device.epoch())
      FIRSTFIX_CHECK(change_epoch(uow, device, id, last->batch().epoch(), last->batch().epoch_started_at()));
    FIRSTFIX_CHECK(uow.put(std::move(device)));
  }
  return uow.set_timer({internal::v1::TIMER_KIND_RELEASE_HELD, id, uow.now()});
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
    const auto received_at = to_instant(one.received_at());
    Work work(command);
    FIRSTFIX_CHECK(act_upon(work, device, id, *asset, one.batch(), received_at));
    const auto place = place_of(one.batch(), received_at);
    FIRSTFIX_CHECK(uow.erase_index(index::kHeld, {id, place.at, place.epoch, place.number}));
    FIRSTFIX_CHECK(uow.erase<v1::QuarantinedBatch>(place.shown_as(id)));
  }
  FIRSTFIX_CHECK(uow.put(std::move(device)));
  if (more) return uow.set_timer({internal::v1::TIMER_KIND_RELEASE_HELD, id, uow.now()});
  return {};
}

}  // namespace firstfix::desk
