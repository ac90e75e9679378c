// Counting what cases tell, and what becomes of signals.
#include "casework/convert.h"
#include "desk/signals_follower.h"

namespace firstfix::desk {
namespace {

using learning::Day;
using store::Table;

constexpr std::size_t kMaxCommentBytes = 2000;

template <class M>
Result<M> read(const View& view, const std::string& key) {
  M message;
  FIRSTFIX_TRY(bytes, view.reader().get(Table::kSystem, key));
  if (bytes && !message.ParseFromString(*bytes))
    return fail(Code::kCorrupt, "a stored " + M::descriptor()->name() + " does not parse");
  return message;
}

std::string case_key(const std::string& tenant, const std::string& case_name) {
  return store::key({tenant, system::kSignalCase, case_name});
}

std::string stream_key(const std::string& tenant, const StreamId& id) {
  return store::key({tenant, system::kSignalStream, id.kind, id.subject, id.model, id.band});
}

StreamId all_ages(StreamId id) {
  id.band = "0";
  return id;
}

StreamId of_lot(const StreamId& part, const std::string& lot) {
  return {part.kind, part.subject, "", lot};
}

// The stream that raised the signal.
StreamId stream_of(const v1::DefectSignal& signal) {
  switch (signal.kind()) {
    case v1::DEFECT_SIGNAL_KIND_LOT:
      return {std::string(signal_kind::kLot), signal.subject(), "", signal.lot()};
    case v1::DEFECT_SIGNAL_KIND_CALIBRATION:
      return {std::string(signal_kind::kCalibration), signal.subject(), "", ""};
    default:
      break;
  }
  const auto kind = signal.kind() == v1::DEFECT_SIGNAL_KIND_CODE    ? signal_kind::kCode
                    : signal.kind() == v1::DEFECT_SIGNAL_KIND_CAUSE ? signal_kind::kCause
                                                                    : signal_kind::kPart;
  StreamId id{std::string(kind), signal.subject(), signal.model(), "0"};
  for (std::size_t band = 0; band < learning::kAgeBands.size(); ++band)
    if (signal.age_band() == learning::kAgeBands[band].name) id.band = std::to_string(band + 1);
  return id;
}

Result<std::optional<Day>> first_day(const View& view) {
  FIRSTFIX_TRY(bytes, view.reader().get(Table::kSystem, store::key({view.tenant(), system::kSignalBegin})));
  return bytes ? std::optional{learning::day_of(instant_of(*bytes))} : std::optional<Day>{};
}

// The facts of a stream as they will be.
Result<Facts> facts_with(const View& view, const StreamId& stream, const SignalChanges& changes) {
  const auto prefix = facts_prefix(view.tenant(), stream);
  Facts facts;
  bool intact = true;
  FIRSTFIX_CHECK(view.reader().scan(Table::kSystem, prefix, store::prefix_end(prefix),
                                    [&](std::string_view key, std::string_view value) {
                                      if (changes.removed.count(std::string(key)) > 0) return true;
                                      auto& fact = facts[std::string(key)];
                                      intact = fact.ParseFromArray(value.data(), static_cast<int>(value.size()));
                                      return intact;
                                    }));
  if (!intact) return fail(Code::kCorrupt, "a stored SignalFact does not parse");
  for (auto it = changes.added.lower_bound(prefix);
       it != changes.added.end() && it->first.compare(0, prefix.size(), prefix) == 0; ++it)
    facts.insert_or_assign(it->first, it->second);
  return facts;
}

bool same(const internal::v1::SignalFact& a, const internal::v1::SignalFact& b) {
  return a.asset() == b.asset() && a.lot() == b.lot() && a.probability() == b.probability() &&
         a.happened() == b.happened();
}

// Compares what the case tells now with what was counted of it. Adds the streams that change, with their first day that
// does.
Status count_case(const View& view, const std::string& name, SignalChanges& changes, std::map<StreamId, Day>& streams) {
  FIRSTFIX_TRY(counted, read<internal::v1::CaseFacts>(view, case_key(view.tenant(), name)));
  FIRSTFIX_TRY(now, facts_of(view, name));
  Facts before;
  for (auto& one : *counted.mutable_facts()) before.emplace(one.key(), std::move(*one.mutable_fact()));
  const auto touch = [&](const std::string& key) -> Status {
    FIRSTFIX_TRY(parsed, parse_fact_key(key));
    const auto day = learning::day_of(parsed.at);
    const auto at = streams.try_emplace(std::move(parsed.stream), day).first;
    at->second = std::min(at->second, day);
    return {};
  };
  bool changed = false;
  for (const auto& [key, fact] : before) {
    if (now.count(key) > 0) continue;
    changes.removed.insert(key);
    FIRSTFIX_CHECK(touch(key));
    changed = true;
  }
  for (const auto& [key, fact] : now) {
    if (const auto old = before.find(key); old != before.end() && same(old->second, fact)) continue;
    changes.added.insert_or_assign(key, fact);
    FIRSTFIX_CHECK(touch(key));
    changed = true;
  }
  if (changed) changes.cases.insert_or_assign(name, std::move(now));
  return {};
}

Result<SignalChanges::Verdict> verdict_on(const View& view, const StreamId& stream, Day changed_from,
                                          const SignalChanges& changes, Day observed_since, const Fleet& fleet) {
  SignalChanges::Verdict verdict{stream, 0, {}};
  FIRSTFIX_TRY(facts, facts_with(view, stream, changes));
  if (stream.kind == signal_kind::kLot) {
    FIRSTFIX_TRY(lots, judge_lots(stream, facts));
    verdict.signals = std::move(lots);
    return verdict;
  }
  FIRSTFIX_TRY(state, read<internal::v1::SignalStream>(view, stream_key(view.tenant(), stream)));
  verdict.from_day = state.from_day();
  // A signal that stands is judged by all looks, so that it can be told when it should not have been raised.
  const auto looks_from = state.signal().empty() ? changed_from : std::numeric_limits<Day>::min();
  FIRSTFIX_TRY(signal, judge(stream, {facts, state.from_day(), observed_since, looks_from, fleet}));
  if (signal) verdict.signals.push_back(std::move(*signal));
  return verdict;
}

Status raise(Command& command, const StreamId& stream, internal::v1::SignalStream& state, v1::DefectSignal signal) {
  signal.set_name(command.fresh("defectSignals"));
  signal.set_state(v1::DEFECT_SIGNAL_STATE_OPEN);
  *signal.mutable_raised_at() = to_proto(command.now());
  state.set_signal(signal.name());
  FIRSTFIX_CHECK(command.uow.transaction().put(Table::kSystem, stream_key(command.uow.tenant(), stream),
                                               state.SerializeAsString()));
  return command.uow.put(std::move(signal));
}

// Takes over newer figures; the signal keeps its identity.
Status keep_up(Command& command, const std::string& name, const v1::DefectSignal& figures) {
  FIRSTFIX_TRY(current, command.uow.get<v1::DefectSignal>(name));
  if (figures.e_value() <= current.e_value()) return {};
  auto next = figures;
  next.set_name(current.name());
  next.set_etag(current.etag());
  next.set_state(current.state());
  *next.mutable_raised_at() = current.raised_at();
  return command.uow.put(std::move(next));
}

Status withdraw(Command& command, const StreamId& stream, internal::v1::SignalStream state) {
  FIRSTFIX_TRY(signal, command.uow.get<v1::DefectSignal>(state.signal()));
  signal.set_state(v1::DEFECT_SIGNAL_STATE_WITHDRAWN);
  FIRSTFIX_CHECK(command.uow.put(std::move(signal)));
  state.clear_signal();
  return command.uow.transaction().put(Table::kSystem, stream_key(command.uow.tenant(), stream),
                                       state.SerializeAsString());
}

// Is the same increase signalled for machines of all ages already?
Result<bool> covered(const View& view, const StreamId& stream) {
  if (stream.band.empty() || stream.band == "0") return false;
  FIRSTFIX_TRY(whole, read<internal::v1::SignalStream>(view, stream_key(view.tenant(), all_ages(stream))));
  return !whole.signal().empty();
}

Status conclude_stream(Command& command, const SignalChanges::Verdict& verdict) {
  const auto& stream = verdict.stream;
  FIRSTFIX_TRY(state, read<internal::v1::SignalStream>(command.uow, stream_key(command.uow.tenant(), stream)));
  if (state.from_day() != verdict.from_day)
    return fail(Code::kConflict, "a signal of " + stream.subject + " was acknowledged meanwhile");
  if (verdict.signals.empty()) return state.signal().empty() ? Status{} : withdraw(command, stream, std::move(state));
  if (!state.signal().empty()) return keep_up(command, state.signal(), verdict.signals.front());
  FIRSTFIX_TRY(known, covered(command.uow, stream));
  return known ? Status{} : raise(command, stream, state, verdict.signals.front());
}

Status conclude_lots(Command& command, const SignalChanges::Verdict& verdict) {
  auto& uow = command.uow;
  std::map<std::string, internal::v1::SignalStream> states;  // by lot
  const auto prefix = store::key({uow.tenant(), system::kSignalStream, verdict.stream.kind, verdict.stream.subject});
  bool intact = true;
  FIRSTFIX_CHECK(uow.reader().scan(
      Table::kSystem, prefix, store::prefix_end(prefix), [&](std::string_view key, std::string_view value) {
        const auto parts = store::decode_key(key);
        intact = parts && states[parts->back()].ParseFromArray(value.data(), static_cast<int>(value.size()));
        return intact;
      }));
  if (!intact) return fail(Code::kCorrupt, "a stored SignalStream does not parse");
  for (const auto& signal : verdict.signals) {
    auto& state = states[signal.lot()];
    if (state.from_day() != 0) continue;  // known, and acknowledged for good
    FIRSTFIX_CHECK(state.signal().empty() ? raise(command, of_lot(verdict.stream, signal.lot()), state, signal)
                                          : keep_up(command, state.signal(), signal));
  }
  for (const auto& [lot, state] : states) {
    const bool stands = std::any_of(verdict.signals.begin(), verdict.signals.end(),
                                    [&lot = lot](const auto& signal) { return signal.lot() == lot; });
    if (!state.signal().empty() && !stands) FIRSTFIX_CHECK(withdraw(command, of_lot(verdict.stream, lot), state));
  }
  return {};
}

}  // namespace

Result<SignalChanges> count_cases(const View& view, const std::set<std::string>& cases, const Fleet& fleet) {
  SignalChanges changes;
  std::map<StreamId, Day> streams;
  for (const auto& name : cases) FIRSTFIX_CHECK(count_case(view, name, changes, streams));
  FIRSTFIX_TRY(known_first, first_day(view));
  changes.first_day = known_first;
  for (const auto& [stream, day] : streams)
    if (!changes.first_day || day < *changes.first_day) changes.first_day = day;
  for (const auto& [stream, day] : streams) {
    FIRSTFIX_TRY(verdict, verdict_on(view, stream, day, changes, *changes.first_day, fleet));
    changes.verdicts.push_back(std::move(verdict));
  }
  return changes;
}

Status write_changes(Command& command, const SignalChanges& changes) {
  auto& uow = command.uow;
  auto& txn = uow.transaction();
  for (const auto& key : changes.removed) FIRSTFIX_CHECK(txn.erase(Table::kSystem, key));
  for (const auto& [key, fact] : changes.added) FIRSTFIX_CHECK(txn.put(Table::kSystem, key, fact.SerializeAsString()));
  for (const auto& [name, facts] : changes.cases) {
    internal::v1::CaseFacts counted;
    for (const auto& [key, fact] : facts) {
      auto& one = *counted.add_facts();
      one.set_key(key);
      *one.mutable_fact() = fact;
    }
    FIRSTFIX_CHECK(txn.put(Table::kSystem, case_key(uow.tenant(), name), counted.SerializeAsString()));
  }
  if (changes.first_day)
    FIRSTFIX_CHECK(uow.put_system(system::kSignalBegin, {}, sortable(learning::start_of(*changes.first_day))));
  for (const auto& verdict : changes.verdicts)
    FIRSTFIX_CHECK(verdict.stream.kind == signal_kind::kLot ? conclude_lots(command, verdict)
                                                            : conclude_stream(command, verdict));
  return {};
}

Result<v1::DefectSignal> acknowledge_signal(Command& command, const std::string& name, const std::string& comment) {
  auto& uow = command.uow;
  if (comment.empty()) return fail(Code::kInvalid, "comment is needed: what is done about it");
  if (comment.size() > kMaxCommentBytes) return fail(Code::kTooLarge, "comment is over 2000 bytes");
  FIRSTFIX_TRY(signal, uow.get<v1::DefectSignal>(name));
  if (signal.state() != v1::DEFECT_SIGNAL_STATE_OPEN)
    return fail(Code::kState, name + " is not open" +
                                  (signal.acknowledged_by().empty() ? std::string(": it was withdrawn")
                                                                    : ": " + signal.acknowledged_by() + " has it"));
  const auto today = learning::day_of(command.now());
  const auto own = stream_of(signal);
  std::vector<StreamId> streams{own};
  if (own.band == "0")  // all ages begin anew together
    for (std::size_t band = 1; band <= learning::kAgeBands.size(); ++band)
      streams.push_back({own.kind, own.subject, own.model, std::to_string(band)});
  for (const auto& stream : streams) {
    const auto key = stream_key(uow.tenant(), stream);
    FIRSTFIX_TRY(state, read<internal::v1::SignalStream>(uow, key));
    if (!state.signal().empty() && state.signal() != name) continue;  // a signal of its own stands
    state.clear_signal();
    state.set_from_day(today + 1);
    FIRSTFIX_CHECK(uow.transaction().put(Table::kSystem, key, state.SerializeAsString()));
  }
  signal.set_state(v1::DEFECT_SIGNAL_STATE_ACKNOWLEDGED);
  signal.set_acknowledged_by(command.actor);
  *signal.mutable_acknowledged_at() = to_proto(command.now());
  signal.set_comment(comment);
  FIRSTFIX_CHECK(uow.put(signal));
  return uow.get<v1::DefectSignal>(name);
}

}  // namespace firstfix::desk
