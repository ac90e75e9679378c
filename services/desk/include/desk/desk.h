// The application: takes what devices, people and timers say, and commits what follows from it.
//
// Thread-safe. Every call is one transaction of the store, synced to disk when it returns; an error has changed
// nothing.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/ids.h"
#include "desk/command.h"
#include "desk/devices.h"
#include "desk/minds.h"
#include "desk/pipeline.h"
#include "desk/prices.h"
#include "desk/rehearsal.h"
#include "desk/unit_of_work.h"

namespace firstfix::desk {

// What an application shares for its whole life. All of it outlives the Desk.
struct Environment {
  store::Store& store;
  const Clock& clock;
  Entropy& entropy;
  std::shared_ptr<const planning::Travel> travel = std::make_shared<planning::GreatCircleTravel>();
  Prices prices{};
};

// Who asks, and how the same question is known again.
struct Caller {
  std::string tenant;
  std::string subject;     // "dispatch/ann", "engineers/li"
  std::string method;      // the full method name
  std::string request_id;  // empty: not remembered
};

// Which timers. Looking at a territory's days as a whole takes up to half a second, all else milliseconds, so each may
// have a thread of its own: of two who fire the same timer only one does what is due.
enum class Timers { kAll, kQuick, kLong };

inline constexpr std::size_t kMaxRejects = 10'000;  // of a tenant
inline constexpr std::size_t kAtOnce = 256;         // log entries or records that a follower reads before it commits

class Desk {
 public:
  explicit Desk(Environment environment);

  Result<v1::Receipt> batch(const std::string& tenant, const std::string& device, const v1::FaultBatch& batch,
                            Instant received_at);
  Status device_state(const std::string& tenant, const std::string& device, const v1::DeviceState& state);
  Status reject(const std::string& tenant, std::string_view topic, std::string_view reason, std::string_view payload);

  // Runs one command. With a request_id, the second time gives the first time's answer and changes nothing; the same
  // id with another request is refused. `run` may be called more than once and must have no other effect.
  template <class Response, class Request>
  Result<Response> command(const Caller& caller, const Request& request,
                           const std::function<Result<Response>(Command&)>& run) {
    Response response;
    FIRSTFIX_CHECK(remembered(caller, request, response, [&](Command& c) -> Status {
      FIRSTFIX_TRY(result, run(c));
      response = std::move(result);
      return {};
    }));
    return response;
  }

  // Runs one command over a snapshot, planning included, and keeps nothing of it.
  template <class Response>
  Result<Response> what_if(const Caller& caller, const std::function<Result<Response>(Command&)>& run) {
    Response response;
    FIRSTFIX_CHECK(dry_run(caller, [&](Command& c) -> Status {
      FIRSTFIX_TRY(result, run(c));
      response = std::move(result);
      return {};
    }));
    return response;
  }

  // Runs it as one transaction of FirstFix's own, for followers of the log. `run` may be called more than once.
  Status act(const std::string& tenant, const std::function<Status(Command&)>& run) {
    return in_transaction(tenant, std::string(kFirstFix), run);
  }

  // Fires timers that are due, oldest first; returns how many, none if none is left. A timer that fails is tried again
  // a minute later.
  Result<std::size_t> fire_timers(const std::string& tenant, Instant now, Timers which = Timers::kAll);
  // When the next timer of any tenant falls due; kNever if none is set.
  Result<Instant> next_timer() const;
  Result<std::vector<std::string>> tenants() const;
  // Forgets remembered requests older than a week.
  Status forget_requests(const std::string& tenant);
  // Keeps so many of the newest rejected messages and forgets the others: who sends rubbish does not fill the disk.
  Status forget_rejects(const std::string& tenant, std::size_t keep = kMaxRejects);

  std::shared_ptr<const store::Snapshot> snapshot() const { return environment_.store.snapshot(); }
  store::Store& store() const { return environment_.store; }
  const Clock& clock() const { return environment_.clock; }
  Entropy& entropy() { return environment_.entropy; }
  Minds& minds() { return minds_; }

 private:
  Status dry_run(const Caller& caller, const std::function<Status(Command&)>& run);
  Status remembered(const Caller& caller, const google::protobuf::Message& request, google::protobuf::Message& response,
                    const std::function<Status(Command&)>& run);
  // Runs it as one transaction. Planning is done outside, see plans.h: `run` is then run several times; what probably
  // plans is rehearsed first, which spares the transaction that would find no plan.
  Status in_transaction(const std::string& tenant, const std::string& actor, const std::function<Status(Command&)>& run,
                        bool probably_plans = false);
  // None if it came to an error.
  std::optional<Rehearsal> rehearse(const std::string& tenant, const std::string& actor,
                                    const std::function<Status(Command&)>& run, Plans& plans);

  Environment environment_;
  Minds minds_;
};

// When the tenant's next timer falls due; kNever if none is set.
Result<Instant> next_timer(const View& view, Timers which = Timers::kAll);

// Fires one timer within a command; see internal/v1/records.proto for the kinds.
Status fire_timer(Command& command, internal::v1::TimerKind kind, const std::string& subject);

}  // namespace firstfix::desk
