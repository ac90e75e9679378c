#include "firstfixd/followers.h"

#include <spdlog/spdlog.h>

namespace firstfix::firstfixd {
namespace {

constexpr auto kLongestWait = std::chrono::minutes{1};
// What is committed meanwhile is followed at once, in one transaction instead of many: those who wait for an answer go
// first. Well below the second within which a closure teaches.
constexpr auto kGathering = std::chrono::milliseconds{50};
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
      timers_(desk) {}

Followers::~Followers() {
  stop();
}

void Followers::start() {
  if (const auto done = catch_up(); !done) spdlog::error("followers: {}", done.error().message);
  subscription_ = desk_.store().subscribe([this] {
    {
      std::lock_guard lock(mutex_);
      poked_ = true;
    }
    wake_.notify_one();
  });
  thread_ = std::thread([this] { run(); });
}

void Followers::stop() {
  subscription_.reset();
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Followers::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    const auto wait = work();
    lock.lock();
    if (wake_.wait_for(lock, wait, [&] { return poked_ || stopping_; }))
      wake_.wait_for(lock, kGathering, [&] { return stopping_; });
    poked_ = false;
  }
}

Duration Followers::work() {
  std::lock_guard lock(advancing_);
  if (const auto done = catch_up(); !done) spdlog::error("followers: {}", done.error().message);
  const auto next = keep_timers();
  if (!next) spdlog::error("timers: {}", next.error().message);
  const Duration longest = step_signals() ? Duration{0} : Duration{kLongestWait};
  if (manual_ != nullptr) return longest;
  const auto now = desk_.clock().now();
  if (now - tidied_ >= kTidyEvery) tidy(now);
  return next && *next < now + longest ? std::max(*next - now, Duration{0}) : longest;
}

Result<Instant> Followers::keep_timers() {
  Instant earliest = kNever;
  FIRSTFIX_TRY(tenants, desk_.tenants());
  for (const auto& tenant : tenants) {
    FIRSTFIX_TRY(next, timers_.next(tenant));
    if (next <= desk_.clock().now()) {
      FIRSTFIX_CHECK(fire_due(tenant).map([](auto) {}));
      timers_.forget(tenant);
      FIRSTFIX_TRY(after, timers_.next(tenant));
      next = after;
    }
    earliest = std::min(earliest, next);
  }
  return earliest;
}

Result<std::size_t> Followers::fire_due(const std::string& tenant) {
  std::size_t total = 0;
  for (int round = 0;; ++round) {
    FIRSTFIX_TRY(fired, desk_.fire_timers(tenant, desk_.clock().now()));
    if (fired == 0) return total;
    if (round == kMostRounds) return fail(Code::kInternal, "timers of " + tenant + " set one another without end");
    total += fired;
  }
}

Result<std::size_t> Followers::fire_all_due() {
  std::size_t total = 0;
  FIRSTFIX_TRY(tenants, desk_.tenants());
  for (const auto& tenant : tenants) {
    FIRSTFIX_TRY(fired, fire_due(tenant));
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
  std::lock_guard lock(advancing_);
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
