#include "desk/improver.h"

#include "desk/replanning.h"
#include "follower_state.h"

namespace firstfix::desk {
namespace {

constexpr std::uint64_t kMostUnkept = 1000;  // entries after which the cursor is kept all the same
constexpr std::string_view kName = "improver";

Result<std::optional<Instant>> due_of(const View& view, const std::string& territory) {
  const auto kind = std::to_string(static_cast<int>(internal::v1::TIMER_KIND_REPLAN_DUE));
  FIRSTFIX_TRY(due, view.lookup(index::kTimer, {kind, territory}));
  return due ? std::optional(instant_of(*due)) : std::nullopt;
}

template <class M>
Result<M> parsed(const internal::v1::Change& change) {
  M record;
  if (!record.ParseFromString(change.record()))
    return fail(Code::kCorrupt, "the log's " + change.name() + " does not parse");
  return record;
}

Result<std::string> territory_of(const View& view, const std::string& engineer) {
  FIRSTFIX_TRY(found, view.find<v1::Engineer>(engineer));
  return found ? found->territory() : std::string();
}

// The territory whose days the change may have to do with; empty if none.
Result<std::string> concerns(const View& view, const internal::v1::Change& change) {
  if (change.record().empty()) return std::string();
  if (change.type() == "Visit") return parsed<v1::Visit>(change).map([](const auto& one) { return one.territory(); });
  if (change.type() == "Engineer")
    return parsed<v1::Engineer>(change).map([](const auto& one) { return one.territory(); });
  if (change.type() == "Shift") {
    FIRSTFIX_TRY(shift, parsed<v1::Shift>(change));
    return territory_of(view, shift.engineer());
  }
  return std::string();
}

Result<std::set<std::string>> all_territories(const View& view) {
  std::set<std::string> out;
  FIRSTFIX_CHECK(view.each<v1::Territory>("", "", [&](v1::Territory& one) {
    out.insert(one.name());
    return true;
  }));
  return out;
}

}  // namespace

Status Improver::begin(const std::string& tenant, State& state) {
  const auto snapshot = desk_.snapshot();
  FIRSTFIX_TRY(kept, kept_state(View(*snapshot, tenant), kName));
  state = {};
  state.cursor = desk_.store().beginning({tenant, 0});
  if (kept) {
    FIRSTFIX_TRY(cursor, desk_.store().parse_cursor({tenant, 0}, kept->cursor()));
    state.cursor = cursor;
    state.kept = kept->position();
  }
  state.begun = true;
  return {};
}

Status Improver::wake(const std::string& tenant, const std::set<std::string>& territories, State& state) {
  std::set<std::string> asleep;
  const auto soon = desk_.clock().now() + kReplanEvery;
  const auto snapshot = desk_.snapshot();
  const View view(*snapshot, tenant);
  for (const auto& territory : territories) {
    FIRSTFIX_TRY(due, due_of(view, territory));
    if (!due || *due > soon) asleep.insert(territory);
  }
  if (asleep.empty() && state.cursor.position - state.kept < kMostUnkept) return {};
  auto woken = desk_.act(tenant, [&](Command& command) -> Status {
    for (const auto& territory : asleep) {
      FIRSTFIX_TRY(due, due_of(command.uow, territory));
      if (!due || *due > soon)
        FIRSTFIX_CHECK(command.uow.set_timer({internal::v1::TIMER_KIND_REPLAN_DUE, territory, soon}));
    }
    return keep_state(command.uow, desk_.store(), kName, state.cursor);
  });
  if (!woken) {
    state.begun = false;  // begin again from what the store knows
    return woken;
  }
  state.kept = state.cursor.position;
  return {};
}

Status Improver::catch_up(const std::string& tenant) {
  std::lock_guard lock(mutex_);
  auto& state = states_[tenant];
  if (!state.begun) FIRSTFIX_CHECK(begin(tenant, state));
  for (;;) {
    std::set<std::string> territories;
    const auto [snapshot, head] = desk_.store().snapshot_with_head({tenant, 0});
    const View view(*snapshot, tenant);
    const auto entries = desk_.store().tail({tenant, 0}, state.cursor, kAtOnce);
    if (!entries && entries.error().code == Code::kExpired) {
      FIRSTFIX_TRY(all, all_territories(view));
      state.cursor = head;
      FIRSTFIX_CHECK(wake(tenant, all, state));
      continue;
    }
    if (!entries) return fail(entries.error());
    if (entries->empty()) return {};
    for (const auto& entry : *entries) {
      FIRSTFIX_TRY(change, changes_in(entry));
      for (const auto& one : change.changes()) {
        FIRSTFIX_TRY(territory, concerns(view, one));
        if (!territory.empty()) territories.insert(territory);
      }
      state.cursor = entry.after;
    }
    FIRSTFIX_CHECK(wake(tenant, territories, state));
  }
}

std::map<std::string, std::uint64_t> Improver::positions() const {
  std::lock_guard lock(mutex_);
  std::map<std::string, std::uint64_t> out;
  for (const auto& [tenant, state] : states_) out[tenant] = state.cursor.position;
  return out;
}

}  // namespace firstfix::desk
