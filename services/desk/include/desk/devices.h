// What devices say, put in order: identity, gaps, duplicates, clocks, quarantine. Runs within a unit of work.
#pragma once

#include <string>
#include <vector>

#include "desk/command.h"
#include "firstfix/v1/device.pb.h"
#include "firstfix/v1/fleet.pb.h"

namespace firstfix::desk {

inline constexpr int kMaxRecordsPerBatch = 1000;
inline constexpr std::uint32_t kMaxHeldBatches = 1000;  // per device; then the device keeps the rest itself

// Takes a batch: drops what is known already, asks again for what is missing, holds what nobody may act upon, and runs
// the pipeline on the rest. The receipt is true once the unit of work is committed. A batch that is malformed as a
// whole is kInvalid; a malformed record is skipped and listed as a Reject.
Result<v1::Receipt> take_batch(Command& command, const std::string& device, const v1::FaultBatch& batch,
                               Instant received_at);

// The device connected or vanished.
Status take_state(UnitOfWork& uow, const std::string& device, const v1::DeviceState& state);

// A message that could not be read, for people to look at.
Status take_reject(UnitOfWork& uow, Entropy& entropy, std::string_view topic, std::string_view reason,
                   std::string_view payload);

// A person has given the device to an asset: with that it is decided who speaks for the machine (if two did, the one
// that was heard last), and what was held will be acted upon.
Status claim_device(Command& command, const std::string& device);
// Acts upon the batches that were held of a device that has been claimed, oldest first, some of them each time; sets a
// timer to go on if more are left.
Status release_held(Command& command, const std::string& device);

// The device that speaks for an asset and was heard last; none for a machine without telemetry.
Result<std::optional<v1::Device>> device_of(const View& view, const v1::Asset& asset);

}  // namespace firstfix::desk
