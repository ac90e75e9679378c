#include "follower_state.h"

namespace firstfix::desk {

Result<std::optional<internal::v1::FollowerState>> kept_state(const View& view, std::string_view follower) {
  FIRSTFIX_TRY(bytes,
               view.reader().get(store::Table::kSystem, store::key({view.tenant(), system::kFollower, follower})));
  if (!bytes) return std::optional<internal::v1::FollowerState>{};
  internal::v1::FollowerState state;
  if (!state.ParseFromString(*bytes))
    return fail(Code::kCorrupt, "the state of the follower " + std::string(follower) + " does not parse");
  return std::optional{std::move(state)};
}

Status keep_state(UnitOfWork& uow, const store::Store& store, std::string_view follower, store::Cursor cursor) {
  internal::v1::FollowerState state;
  state.set_cursor(store.token({uow.tenant(), 0}, cursor));
  state.set_position(cursor.position);
  return uow.put_system(system::kFollower, {follower}, state.SerializeAsString());
}

Result<internal::v1::ChangeEntry> changes_in(const store::LogEntry& entry) {
  internal::v1::ChangeEntry change;
  if (!change.ParseFromString(entry.entry))
    return fail(Code::kCorrupt, "log entry " + std::to_string(entry.position) + " does not parse");
  return change;
}

}  // namespace firstfix::desk
