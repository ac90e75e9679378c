#include "desk/desk.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/sha.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "casework/convert.h"
#include "desk/rehearsal.h"

namespace firstfix::desk {
namespace {

constexpr std::size_t kMaxRequestIdBytes = 64;
constexpr std::size_t kTimersAtOnce = 256, kForgottenAtOnce = 1000;
constexpr int kMostPlanningRounds = 4;
constexpr Duration kRememberedFor = std::chrono::hours{24 * 7};

std::string hash_of(const google::protobuf::Message& request) {
  // Maps are written in the order of their keys, so that the same request has the same bytes in every process.
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    request.SerializeToCodedStream(&coded);
  }
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

struct DueTimer {
  std::string due, kind, subject;
};

internal::v1::TimerKind kind_of(const std::string& number) {
  return static_cast<internal::v1::TimerKind>(std::stoi(number));
}

bool among(Timers which, const std::string& kind) {
  if (which == Timers::kAll) return true;
  return (kind_of(kind) == internal::v1::TIMER_KIND_REPLAN_DUE) == (which == Timers::kLong);
}

}  // namespace

Desk::Desk(Environment environment) : environment_(std::move(environment)) {}

Status Desk::in_transaction(const std::string& tenant, const std::string& actor,
                            const std::function<Status(Command&)>& run, bool probably_plans) {
  Plans plans;
  std::optional<Rehearsal> rehearsal;
  if (probably_plans) rehearsal = rehearse(tenant, actor, run, plans);
  for (int round = 0;; ++round) {
    auto done = environment_.store.transact([&](store::Transaction& txn) -> Status {
      if (rehearsal && rehearsal->still_true(txn)) return rehearsal->perform(txn);
      plans.begin(round < kMostPlanningRounds ? Plans::Mode::kTake : Plans::Mode::kPutOff);
      UnitOfWork uow(txn, tenant, actor, environment_.clock.now());
      Command command{uow, minds_, environment_.entropy, plans, actor, *environment_.travel, environment_.prices};
      FIRSTFIX_CHECK(run(command));
      return uow.finish();
    });
    if (done || !plans.missing()) return done;
    rehearsal = rehearse(tenant, actor, run, plans);
  }
}

std::optional<Rehearsal> Desk::rehearse(const std::string& tenant, const std::string& actor,
                                        const std::function<Status(Command&)>& run, Plans& plans) {
  std::optional<Rehearsal> txn(snapshot());
  UnitOfWork uow(*txn, tenant, actor, environment_.clock.now());
  Command command{uow, minds_, environment_.entropy, plans, actor, *environment_.travel, environment_.prices};
  plans.begin(Plans::Mode::kMake);
  // An error here is one that the transaction will meet, or one that has gone by then: it alone decides.
  if (!run(command) || !uow.finish()) return std::nullopt;
  return txn;
}

Status Desk::dry_run(const Caller& caller, const std::function<Status(Command&)>& run) {
  Rehearsal txn(snapshot());
  UnitOfWork uow(txn, caller.tenant, caller.subject, environment_.clock.now());
  Plans plans;
  plans.begin(Plans::Mode::kMake);
  Command command{uow, minds_, environment_.entropy, plans, caller.subject, *environment_.travel, environment_.prices};
  return run(command);
}

Result<v1::Receipt> Desk::batch(const std::string& tenant, const std::string& device, const v1::FaultBatch& batch,
                                Instant received_at) {
  v1::Receipt receipt;
  const bool new_faults = std::any_of(batch.records().begin(), batch.records().end(), [](const auto& record) {
    return record.fault().kind() == v1::FAULT_CHANGE_KIND_ACTIVE;
  });
  const auto take = [&](Command& command) -> Status {
    FIRSTFIX_TRY(taken, take_batch(command, device, batch, received_at));
    receipt = std::move(taken);
    return {};
  };
  FIRSTFIX_CHECK(in_transaction(tenant, "devices/" + device, take, new_faults));
  return receipt;
}

Status Desk::device_state(const std::string& tenant, const std::string& device, const v1::DeviceState& state) {
  return in_transaction(tenant, "devices/" + device,
                        [&](Command& command) { return take_state(command.uow, device, state); });
}

Status Desk::reject(const std::string& tenant, std::string_view topic, std::string_view reason,
                    std::string_view payload) {
  return in_transaction(tenant, std::string(kFirstFix), [&](Command& command) {
    return take_reject(command.uow, command.entropy, topic, reason, payload);
  });
}

Status Desk::remembered(const Caller& caller, const google::protobuf::Message& request,
                        google::protobuf::Message& response, const std::function<Status(Command&)>& run) {
  if (caller.request_id.size() > kMaxRequestIdBytes) return fail(Code::kInvalid, "request_id is over 64 characters");
  return in_transaction(caller.tenant, caller.subject, [&](Command& command) -> Status {
    auto& uow = command.uow;
    if (caller.request_id.empty()) return run(command);
    const auto key = store::key({caller.tenant, system::kRequest, caller.subject, caller.request_id});
    FIRSTFIX_TRY(kept, uow.reader().get(store::Table::kSystem, key));
    const auto hash = hash_of(request);
    internal::v1::RememberedRequest memory;
    if (kept) {
      const auto corrupt = [&] {
        return fail(Code::kCorrupt, "the remembered answer to request_id '" + caller.request_id + "' does not parse");
      };
      if (!memory.ParseFromString(*kept)) return corrupt();
      if (memory.method() != caller.method || memory.request_hash() != hash)
        return fail(Code::kInvalid, "request_id '" + caller.request_id + "' was used for another request");
      return response.ParseFromString(memory.response()) ? Status{} : Status{corrupt()};
    }
    FIRSTFIX_CHECK(run(command));
    memory.set_method(caller.method);
    memory.set_request_hash(hash);
    memory.set_response(response.SerializeAsString());
    *memory.mutable_at() = to_proto(uow.now());
    FIRSTFIX_CHECK(uow.put_system(system::kRequest, {caller.subject, caller.request_id}, memory.SerializeAsString()));
    return uow.put_system(system::kRequestAt, {sortable(uow.now()), caller.subject, caller.request_id}, "");
  });
}

Status Desk::forget_requests(const std::string& tenant) {
  return in_transaction(tenant, std::string(kFirstFix), [&](Command& command) -> Status {
    auto& uow = command.uow;
    std::vector<std::vector<std::string>> old;
    const auto from = store::key({tenant, system::kRequestAt});
    const auto to = store::key({tenant, system::kRequestAt, sortable(uow.now() - kRememberedFor)});
    FIRSTFIX_CHECK(uow.reader().scan(store::Table::kSystem, from, to, [&](std::string_view key, std::string_view) {
      if (const auto parts = store::decode_key(key)) old.push_back(*parts);
      return old.size() < 1000;
    }));
    for (const auto& parts : old) {
      if (parts.size() != 5) continue;
      FIRSTFIX_CHECK(
          uow.transaction().erase(store::Table::kSystem, store::key({tenant, system::kRequest, parts[3], parts[4]})));
      FIRSTFIX_CHECK(uow.transaction().erase(store::Table::kSystem,
                                             store::key({tenant, system::kRequestAt, parts[2], parts[3], parts[4]})));
    }
    return {};
  });
}

Status Desk::forget_rejects(const std::string& tenant, std::size_t keep) {
  std::vector<std::string> names;  // oldest first
  const auto view = snapshot();
  FIRSTFIX_CHECK(View(*view, tenant).each<v1::Reject>("", "", [&](v1::Reject& reject) {
    names.push_back(std::move(*reject.mutable_name()));
    return true;
  }));
  const auto old = names.size() - std::min(names.size(), keep);
  for (std::size_t from = 0; from < old; from += kForgottenAtOnce) {
    const auto forget_some = [&](Command& command) -> Status {
      for (std::size_t i = from; i < std::min(old, from + kForgottenAtOnce); ++i)
        FIRSTFIX_CHECK(command.uow.erase<v1::Reject>(names[i]));
      return {};
    };
    FIRSTFIX_CHECK(in_transaction(tenant, std::string(kFirstFix), forget_some));
  }
  return {};
}

Result<std::size_t> Desk::fire_timers(const std::string& tenant, Instant now, Timers which) {
  std::vector<DueTimer> due;
  const auto at_once = which == Timers::kLong ? 1 : kTimersAtOnce;  // whoever stops does not wait for all of them
  const auto view = snapshot();
  const auto from = store::key({tenant, index::kTimerDue});
  const auto to = store::key({tenant, index::kTimerDue, sortable(now + Duration{1})});
  FIRSTFIX_CHECK(view->scan(store::Table::kIndexes, from, to, [&](std::string_view key, std::string_view) {
    if (const auto parts = store::decode_key(key); parts && parts->size() == 5 && among(which, (*parts)[3]))
      due.push_back({(*parts)[2], (*parts)[3], (*parts)[4]});
    return due.size() < at_once;
  }));
  for (const auto& timer : due) {
    const auto kind = kind_of(timer.kind);
    const auto fired = in_transaction(tenant, std::string(kFirstFix), [&](Command& command) -> Status {
      auto& uow = command.uow;
      FIRSTFIX_TRY(still, uow.lookup(index::kTimer, {timer.kind, timer.subject}));
      if (!still || *still != timer.due) return {};  // moved or taken away since
      FIRSTFIX_CHECK(uow.set_timer({kind, timer.subject, kNever}));
      return fire_timer(command, kind, timer.subject);
    });
    if (fired) continue;
    spdlog::warn("the timer {} of {} failed and is tried again in a minute: {}", timer.kind, timer.subject,
                 fired.error().message);
    FIRSTFIX_CHECK(in_transaction(tenant, std::string(kFirstFix), [&](Command& command) {
      return command.uow.set_timer({kind, timer.subject, now + std::chrono::minutes{1}});
    }));
  }
  return due.size();
}

Result<std::vector<std::string>> Desk::tenants() const {
  // Found by skipping from tenant to tenant, so that the cost is in their number, not in their size.
  std::vector<std::string> found;
  const auto view = snapshot();
  std::string from;
  for (bool more = true; more;) {
    more = false;
    FIRSTFIX_CHECK(view->scan(store::Table::kSystem, from, "", [&](std::string_view key, std::string_view) {
      const auto parts = store::decode_key(key);
      if (!parts || parts->empty()) return false;
      from = store::prefix_end(store::key({parts->front()}));
      if (!parts->front().empty()) found.push_back(parts->front());  // what the store says of itself has none
      more = true;
      return false;
    }));
  }
  return found;
}

Result<Instant> Desk::next_timer() const {
  Instant next = kNever;
  FIRSTFIX_TRY(all, tenants());
  const auto now = snapshot();
  for (const auto& tenant : all) {
    FIRSTFIX_TRY(own, desk::next_timer(View(*now, tenant)));
    next = std::min(next, own);
  }
  return next;
}

Result<Instant> next_timer(const View& view, Timers which) {
  Instant next = kNever;
  const auto from = store::key({view.tenant(), index::kTimerDue});
  FIRSTFIX_CHECK(view.reader().scan(store::Table::kIndexes, from, store::prefix_end(from),
                                    [&](std::string_view key, std::string_view) {
                                      const auto parts = store::decode_key(key);
                                      if (!parts || parts->size() != 5 || !among(which, (*parts)[3])) return true;
                                      next = instant_of((*parts)[2]);
                                      return false;
                                    }));
  return next;
}

}  // namespace firstfix::desk
