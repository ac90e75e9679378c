#include "firstfixd/followers.h"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace firstfix::firstfixd {
namespace {

constexpr auto kLongestWait = std::chrono::minutes{1};
constexpr Duration kTidyEvery = std::chrono::hours{1};
constexpr int kMostRounds = 100'000;  // of one timer setting the next at the same time

}  // namespace

Followers::Followers(desk::Desk& desk, ManualClock* manual, Duration log_retention)
    : desk_(desk),
      manual_(manual),
      log_retention_(log_retention),
      learning_(desk),
      signals_(desk),
      step_figures_(desk),
      improver_(desk),
      timers_(desk, desk::Timers::kQuick),
      long_timers_(desk, desk::Timers::kLong),
      follower_([this] { return follow(); }),
      thinker_([this] { return think(); }) {}

Followers::~Followers() {
  stop();
}

void Followers::start() {
  if (const auto done = catch_up(); !done) spdlog::error("followers: {}", done.error().message);
  subscription_ = desk_.store().subscribe([this] {
    follower_.poke();
    thinker_.poke();
  });
  follower_.start();
  thinker_.start();
}

void Followers::stop() {
  subscription_.reset();
  follower_.stop();
  thinker_.stop();
}

Duration Followers::follow() {
  std::lock_guard lock(following_);
  if (const auto done = catch_up(); !done) spdlog::error("followers: {}", done.error().message);
  const auto next = keep_timers(timers_, desk::Timers::kQuick);
  const Duration longest = step_signals() ? Duration{0} : Duration{kLongestWait};
  if (manual_ == nullptr && desk_.clock().now() - tidied_ >= kTidyEvery) tidy(desk_.clock().now());
  return wait_for(next, longest);
}

Duration Followers::think() {
  std::lock_guard lock(thinking_);
  return wait_for(keep_timers(long_timers_, desk::Timers::kLong), kLongestWait);
}

Duration Followers::wait_for(Result<Instant> next, Duration longest) const {
  if (!next) spdlog::error("timers: {}", next.error().message);
  if (manual_ != nullptr || !next) return longest;  // a manual clock does not come to it by waiting
  return std::clamp(*next - desk_.clock().now(), Duration{0}, longest);
}

Result<Instant> Followers::keep_timers(desk::TimerWatch& timers, desk::Timers which) {
  Instant earliest = kNever;
  FIRSTFIX_TRY(tenants, desk_.tenants());
  for (const auto& tenant : tenants) {
    FIRSTFIX_TRY(next, timers.next(tenant));
    if (next <= desk_.clock().now()) {
      FIRSTFIX_CHECK(fire_due(tenant, which).map([](auto) {}));
      timers.forget(tenant);
      FIRSTFIX_TRY(after, timers.next(tenant));
      next = after;
    }
    earliest = std::min(earliest, next);
  }
  return earliest;
}

Result<std::size_t> Followers::fire_due(const std::string& tenant, desk::Timers which) {
  std::size_t total = 0;
  for (int round = 0;; ++round) {
    if (which == desk::Timers::kLong && thinker_.stopping()) return total;
    FIRSTFIX_TRY(fired, desk_.fire_timers(tenant, desk_.clock().now(), which));
    if (fired == 0) return total;
    if (round == kMostRounds) return fail(Code::kInternal, "timers of " + tenant + " set one another without end");
    total += fired;
  }
}

Result<std::size_t> Followers::fire_all_due() {
  std::size_t total = 0;
  FIRSTFIX_TRY(tenants, desk_.tenants());
  for (const auto& tenant : tenants) {
    FIRSTFIX_TRY(fired, fire_due(tenant, desk::Timers::kAll));
    FIRSTFIX_CHECK(improver_.catch_up(tenant));  // it sets timers, which the clock must not pass
    total += fired;
  }
  return total;
}

Status Followers::catch_up() {
  FIRSTFIX_TRY(tenants, desk_.tenants());
  for (const auto& tenant : tenants) {
    FIRSTFIX_CHECK(learning_.catch_up(tenant).map([](auto) {}));
    FIRSTFIX_CHECK(step_figures_.catch_up(tenant));
    FIRSTFIX_CHECK(improver_.catch_up(tenant));
  }
  return {};
}

bool Followers::step_signals() {
  bool any = false;
  const auto tenants = desk_.tenants();
  if (!tenants) return false;
  for (const auto& tenant : *tenants) {
    const auto more = signals_.step(tenant);
    if (!more) spdlog::error("signals of {}: {}", tenant, more.error().message);
    any = any || (more && *more);
  }
  return any;
}

void Followers::tidy(Instant now) {
  tidied_ = now;
  const auto tenants = desk_.tenants();
  if (!tenants) return;
  for (const auto& tenant : *tenants) {
    if (const auto done = desk_.store().trim({tenant, 0}, now - log_retention_); !done)
      spdlog::warn("trimming the log of {}: {}", tenant, done.error().message);
    if (const auto done = desk_.forget_requests(tenant); !done)
      spdlog::warn("forgetting requests of {}: {}", tenant, done.error().message);
    if (const auto done = desk_.forget_rejects(tenant); !done)
      spdlog::warn("forgetting rejects of {}: {}", tenant, done.error().message);
  }
}

Result<std::size_t> Followers::advance(Duration by) {
  if (manual_ == nullptr)
    return fail(Code::kState, "the clock is the system's: configure clock = \"manual\" in a test environment");
  std::scoped_lock lock(following_, thinking_);
  const Instant target = manual_->now() + by;
  FIRSTFIX_TRY(total, fire_all_due());
  std::size_t fired = total;
  for (;;) {
    FIRSTFIX_TRY(next, desk_.next_timer());
    if (next > target) break;
    manual_->move_to(next);
    FIRSTFIX_TRY(some, fire_all_due());
    fired += some;
  }
  manual_->move_to(target);
  tidy(target);
  FIRSTFIX_CHECK(catch_up());
  FIRSTFIX_TRY(tenants, desk_.tenants());
  for (const auto& tenant : tenants) FIRSTFIX_CHECK(signals_.catch_up(tenant));
  return fired;
}

std::map<std::string, std::uint64_t> Followers::positions(const std::string& tenant) const {
  const auto of = [&](const auto& all) {
    const auto found = all.find(tenant);
    return found == all.end() ? 0 : found->second;
  };
  return {{"improver", of(improver_.positions())},
          {"learning", of(learning_.positions())},
          {"signals", of(signals_.positions())},
          {"step-figures", step_figures_.position(tenant)}};
}

}  // namespace firstfix::firstfixd
