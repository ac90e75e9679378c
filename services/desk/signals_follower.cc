#include "desk/signals_follower.h"

#include "firstfix/v1/knowledge.pb.h"
#include "follower_state.h"

namespace firstfix::desk {
namespace {

constexpr std::uint64_t kMostUnkept = 1000;  // entries about other things after which the cursor is kept all the same
constexpr std::string_view kName = "signals";
constexpr int kMostTries = 8;

// The case that an entry of the log is about; empty if it does not matter to signals.
template <class M>
Result<std::string> case_in(const internal::v1::Change& change) {
  M record;
  if (!record.ParseFromString(change.record()))
    return fail(Code::kCorrupt, "the log's " + change.name() + " does not parse");
  return record.case_name();
}

Result<std::string> case_of(const internal::v1::Change& change) {
  if (change.type() == "Case") return change.name();
  if (change.type() == "FaultEpisode") return case_in<v1::FaultEpisode>(change);
  if (change.type() == "Outcome") return case_in<v1::Outcome>(change);
  return std::string();
}

}  // namespace

Status SignalsFollower::begin(const std::string& tenant, State& state) {
  const auto snapshot = desk_.snapshot();
  FIRSTFIX_TRY(kept, kept_state(View(*snapshot, tenant), kName));
  state = {};
  state.cursor = desk_.store().beginning({tenant, 0});
  if (kept) {
    FIRSTFIX_TRY(cursor, desk_.store().parse_cursor({tenant, 0}, kept->cursor()));
    state.cursor = cursor;
    state.kept = kept->position();
  } else if (state.cursor.position > 0) {
    FIRSTFIX_CHECK(recount(tenant, state));
  }
  state.begun = true;
  return {};
}

Status SignalsFollower::recount(const std::string& tenant, State& state) {
  const auto [snapshot, head] = desk_.store().snapshot_with_head({tenant, 0});
  const View view(*snapshot, tenant);
  state.fleet = nullptr;
  for (std::string last;;) {
    std::set<std::string> cases;
    FIRSTFIX_CHECK(view.each<v1::Case>("", last, [&](v1::Case& record) {
      cases.insert(record.name());
      return cases.size() < kAtOnce;
    }));
    const bool more = cases.size() == kAtOnce;
    // Only the last batch moves the cursor: until then a restart begins again, and counts nothing twice.
    FIRSTFIX_CHECK(settle(view, cases, more ? store::Cursor{state.kept} : head, state));
    if (!more) return {};
    last = *cases.rbegin();
  }
}

Status SignalsFollower::settle(const View& view, const std::set<std::string>& cases, store::Cursor to, State& state) {
  if (!state.fleet) {
    FIRSTFIX_TRY(fleet, Fleet::read(view));
    state.fleet = std::move(fleet);
  }
  FIRSTFIX_TRY(changes, count_cases(view, cases, *state.fleet));
  auto written = desk_.act(view.tenant(), [&](Command& command) -> Status {
    FIRSTFIX_TRY(kept, kept_state(command.uow, kName));
    if ((kept ? kept->position() : 0) != state.kept)
      return fail(Code::kConflict, "another node has moved on with the signals of " + view.tenant());
    FIRSTFIX_CHECK(write_changes(command, changes));
    return keep_state(command.uow, desk_.store(), kName, to);
  });
  if (!written) return written;
  state.cursor = to;
  state.kept = to.position;
  return {};
}

Result<bool> SignalsFollower::step(const std::string& tenant) {
  std::lock_guard lock(mutex_);
  auto& state = states_[tenant];
  if (!state.begun) FIRSTFIX_CHECK(begin(tenant, state));
  auto entries = desk_.store().tail({tenant, 0}, state.cursor, kAtOnce);
  if (!entries && entries.error().code == Code::kExpired) {
    FIRSTFIX_CHECK(recount(tenant, state));
    return true;
  }
  if (!entries) return fail(entries.error());
  if (entries->empty()) return false;
  std::set<std::string> cases;
  for (const auto& entry : *entries) {
    FIRSTFIX_TRY(change, changes_in(entry));
    for (const auto& one : change.changes()) {
      if (one.type() == "Asset") state.fleet = nullptr;
      FIRSTFIX_TRY(name, case_of(one));
      if (!name.empty()) cases.insert(name);
    }
  }
  const auto to = entries->back().after;
  if (cases.empty() && to.position - state.kept < kMostUnkept) {
    state.cursor = to;
    return true;
  }
  const auto snapshot = desk_.snapshot();
  const auto settled = settle(View(*snapshot, tenant), cases, to, state);
  if (settled) return true;
  state.begun = false;  // begin again from what the store knows
  return fail(settled.error());
}

Status SignalsFollower::catch_up(const std::string& tenant) {
  for (int failures = 0;;) {
    const auto more = step(tenant);
    if (more && !*more) return {};
    if (!more && (more.error().code != Code::kConflict || ++failures == kMostTries)) return fail(more.error());
  }
}

std::map<std::string, std::uint64_t> SignalsFollower::positions() const {
  std::lock_guard lock(mutex_);
  std::map<std::string, std::uint64_t> out;
  for (const auto& [tenant, state] : states_) out[tenant] = state.cursor.position;
  return out;
}

}  // namespace firstfix::desk
