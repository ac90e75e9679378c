// What the followers of the log have in common: where each is, as the store keeps it, and what a log entry says.
// Private to the desk.
#pragma once

#include <optional>

#include "desk/unit_of_work.h"
#include "store/store.h"

namespace firstfix::desk {

// Where the follower of this name is; none if it never kept that. kCorrupt if it does not parse.
Result<std::optional<internal::v1::FollowerState>> kept_state(const View& view, std::string_view follower);

// Keeps where it is, in the transaction that does what it has come to do there.
Status keep_state(UnitOfWork& uow, const store::Store& store, std::string_view follower, store::Cursor cursor);

// kCorrupt if the entry does not parse.
Result<internal::v1::ChangeEntry> changes_in(const store::LogEntry& entry);

}  // namespace firstfix::desk
