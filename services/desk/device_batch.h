// What devices.cc and quarantine.cc share.
#pragma once

#include <string>

#include "desk/devices.h"
#include "desk/pipeline.h"

namespace firstfix::desk {

inline std::string device_name(const std::string& device) {
  return "devices/" + device;
}

// The sequences that a batch, which is well formed, covers.
std::uint64_t first_sequence(const v1::FaultBatch& batch);
std::uint64_t last_sequence(const v1::FaultBatch& batch);
// The batch without what it says up to `done`.
v1::FaultBatch after(const v1::FaultBatch& batch, std::uint64_t done);

// Acts upon all records of a batch, whichever epoch they are of.
Status act_upon(Work& work, v1::Device& device, const std::string& id, const std::string& asset,
                const v1::FaultBatch& batch, Instant received_at);

// Another epoch is the device's present one; where the one before stood is remembered.
Status change_epoch(UnitOfWork& uow, v1::Device& device, const std::string& id, std::uint64_t epoch,
                    const google::protobuf::Timestamp& started);

// Keeps a batch that must not be acted upon now.
Status hold(UnitOfWork& uow, const std::string& id, const v1::FaultBatch& batch, const std::string& reason,
            Instant received_at);
// How many batches of the device are held, up to kMaxHeldBatches.
Result<std::uint32_t> held_count(const View& view, const std::string& device);

}  // namespace firstfix::desk
