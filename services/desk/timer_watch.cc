#include "desk/timer_watch.h"

#include <algorithm>

#include "follower_state.h"

namespace firstfix::desk {

Result<TimerWatch::State> TimerWatch::search(const std::string& tenant) const {
  const auto [snapshot, head] = desk_.store().snapshot_with_head({tenant, 0});
  FIRSTFIX_TRY(next, next_timer(View(*snapshot, tenant), which_));
  return State{head, next};
}

Result<Instant> TimerWatch::next(const std::string& tenant) {
  auto found = states_.find(tenant);
  if (found == states_.end()) {
    FIRSTFIX_TRY(state, search(tenant));
    found = states_.emplace(tenant, state).first;
  }
  auto& state = found->second;
  for (;;) {
    const auto entries = desk_.store().tail({tenant, 0}, state.cursor, kAtOnce);
    if (!entries && entries.error().code == Code::kExpired) {
      FIRSTFIX_TRY(fresh, search(tenant));
      state = fresh;
      continue;
    }
    if (!entries) return fail(entries.error());
    if (entries->empty()) return state.next;
    for (const auto& one : *entries) {
      FIRSTFIX_TRY(change, changes_in(one));
      if (change.has_first_timer_us()) state.next = std::min(state.next, Instant{change.first_timer_us()});
      state.cursor = one.after;
    }
  }
}

}  // namespace firstfix::desk
