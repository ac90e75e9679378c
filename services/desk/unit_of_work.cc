#include "desk/unit_of_work.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "firstfix/v1/appointment.pb.h"
#include "firstfix/v1/fleet.pb.h"
#include "firstfix/v1/inventory.pb.h"
#include "firstfix/v1/knowledge.pb.h"
#include "firstfix/v1/visit.pb.h"
#include "holds.h"
#include "visit/meeting.h"

namespace firstfix::desk {
namespace {

using google::protobuf::Message;
using store::Table;

std::string record_key(const std::string& tenant, std::string_view type, std::string_view name) {
  return store::key({tenant, type, name});
}

std::string etag_of(const Message& message) {
  const auto* field = message.GetDescriptor()->FindFieldByName("etag");
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

// "41" after "40"; an etag is a count in decimal.
void next_etag(Message& message, const Message* before) {
  const auto* field = message.GetDescriptor()->FindFieldByName("etag");
  if (field == nullptr) return;
  std::uint64_t count = 0;
  if (before != nullptr) {
    const auto old = etag_of(*before);
    std::from_chars(old.data(), old.data() + old.size(), count);
  }
  message.GetReflection()->SetString(&message, field, std::to_string(count + 1));
}

// What changes with every heartbeat, or is told elsewhere, is not worth a place in the change log.
bool logged(std::string_view type) {
  return type != "Device" && type != "Blob" && type != "Reject" && type != "QuarantinedBatch" && type != "StockLine" &&
         type != "Roster";
}

std::string_view version_group(std::string_view type) {
  for (const auto* name : {"FaultCode", "Cause", "Skill", "Part", "ServiceStandard", "AssetModel"})
    if (type == name) return kCatalogueGroup;
  for (const auto* name : {"Engineer", "Shift", "Certificate", "StockLocation", "Territory"})
    if (type == name) return kWorkforceGroup;
  return {};
}

}  // namespace

std::string name_of(const Message& message) {
  const auto* field = message.GetDescriptor()->FindFieldByName("name");
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

Result<bool> View::load(const std::string& type, std::string_view name, Message& into) const {
  FIRSTFIX_TRY(bytes, reader_.get(Table::kRecords, record_key(tenant_, type, name)));
  if (!bytes) return false;
  if (!into.ParseFromString(*bytes))
    return fail(Code::kCorrupt, "the stored " + type + " '" + std::string(name) + "' does not parse");
  return true;
}

Status View::scan_records(const std::string& type, std::string_view prefix, std::string_view after,
                          const std::function<bool(std::string_view)>& visit) const {
  // A name is the key's last part, so that the names with a prefix are one range: the part's terminator is left off.
  const auto stem = store::key_prefix({tenant_, type}, prefix);
  auto from = stem;
  if (!after.empty()) from = record_key(tenant_, type, after) + '\0';
  return reader_.scan(Table::kRecords, from, store::prefix_end(stem),
                      [&](std::string_view, std::string_view value) { return visit(value); });
}

Result<std::optional<std::string>> View::lookup(std::string_view index,
                                                std::initializer_list<std::string_view> parts) const {
  return reader_.get(Table::kIndexes, store::key({tenant_, index}, parts));
}

Status View::each_entry(std::string_view index, std::initializer_list<std::string_view> parts,
                        const std::function<bool(std::string_view, std::string_view)>& visit) const {
  const auto from = store::key({tenant_, index}, parts);
  bool intact = true;
  FIRSTFIX_CHECK(
      reader_.scan(Table::kIndexes, from, store::prefix_end(from), [&](std::string_view key, std::string_view value) {
        const auto decoded = store::decode_key(key);
        intact = decoded && !decoded->empty();
        return intact && visit(decoded->back(), value);
      }));
  if (!intact) return fail(Code::kCorrupt, "an entry of the index '" + std::string(index) + "' does not decode");
  return {};
}

Result<std::uint64_t> View::version(std::string_view group) const {
  FIRSTFIX_TRY(text, reader_.get(Table::kSystem, store::key({tenant_, system::kVersion, group})));
  std::uint64_t count = 0;
  const std::string_view digits = text ? std::string_view(*text) : std::string_view();
  std::from_chars(digits.data(), digits.data() + digits.size(), count);
  return count;
}

UnitOfWork::UnitOfWork(store::Transaction& txn, std::string tenant, std::string actor, Instant now)
    : View(txn, std::move(tenant)), txn_(txn), actor_(std::move(actor)), now_(now) {}

Result<UnitOfWork::Held*> UnitOfWork::held(const Message& like, const std::string& name) const {
  const auto& type = like.GetDescriptor()->name();
  auto [it, added] = held_.try_emplace({type, name});
  if (added) {
    auto before = std::unique_ptr<Message>(like.New());
    const auto there = View::load(type, name, *before);
    if (!there) {
      held_.erase(it);
      return fail(there.error());
    }
    if (*there) it->second.before = std::move(before);
  }
  return &it->second;
}

Result<bool> UnitOfWork::load(const std::string&, std::string_view name, Message& into) const {
  FIRSTFIX_TRY(entry, held(into, std::string(name)));
  const auto* current = entry->current();
  if (current == nullptr) return false;
  into.Clear();  // CopyFrom would look, by reflection, whether one is a part of the other
  into.MergeFrom(*current);
  return true;
}

Status UnitOfWork::move_index(const Message* old, const Message* now) {
  using Entries = std::vector<std::pair<std::string, std::string>>;
  const auto stale = old == nullptr ? Entries{} : index_entries(tenant_, *old);
  const auto fresh = now == nullptr ? Entries{} : index_entries(tenant_, *now);
  const auto holds = [](const Entries& entries, const auto& entry) {
    return std::find(entries.begin(), entries.end(), entry) != entries.end();
  };
  for (const auto& gone : stale) {
    if (holds(fresh, gone)) continue;
    // Another resource may have taken the place since; only its holder gives it up.
    FIRSTFIX_TRY(value, txn_.get(Table::kIndexes, gone.first));
    if (value && *value == gone.second) FIRSTFIX_CHECK(txn_.erase(Table::kIndexes, gone.first));
  }
  for (const auto& added : fresh)
    if (!holds(stale, added)) FIRSTFIX_CHECK(txn_.put(Table::kIndexes, added.first, added.second));
  return {};
}

Status UnitOfWork::put_message(std::unique_ptr<Message> message) {
  const auto name = name_of(*message);
  FIRSTFIX_TRY(entry, held(*message, name));
  FIRSTFIX_CHECK(move_index(entry->current(), message.get()));
  if (!entry->written) order_.emplace_back(message->GetDescriptor()->name(), name);
  next_etag(*message, entry->before.get());
  entry->now = std::move(message);
  entry->written = true;
  return {};
}

Status UnitOfWork::erase_message(const Message& like, const std::string& name) {
  FIRSTFIX_TRY(entry, held(like, name));
  if (entry->current() == nullptr) return {};
  FIRSTFIX_CHECK(move_index(entry->current(), nullptr));
  if (!entry->written) order_.emplace_back(like.GetDescriptor()->name(), name);
  entry->now.reset();
  entry->written = true;
  return {};
}

Status UnitOfWork::apply(Effects effects) {
  const auto put_all = [this](auto& messages) -> Status {
    for (auto& message : messages) FIRSTFIX_CHECK(put(std::move(message)));
    return {};
  };
  FIRSTFIX_CHECK(put_all(effects.episodes));
  FIRSTFIX_CHECK(put_all(effects.cases));
  FIRSTFIX_CHECK(put_all(effects.visits));
  FIRSTFIX_CHECK(put_all(effects.offers));
  FIRSTFIX_CHECK(put_all(effects.steps));
  FIRSTFIX_CHECK(put_all(effects.evidence));
  FIRSTFIX_CHECK(put_all(effects.deviations));
  FIRSTFIX_CHECK(put_all(effects.overruled));
  FIRSTFIX_CHECK(put_all(effects.appointments));
  FIRSTFIX_CHECK(put_all(effects.timeline));
  for (const auto& timer : effects.timers) FIRSTFIX_CHECK(set_timer(timer));
  return {};
}

Status UnitOfWork::set_timer(const TimerChange& change) {
  const auto kind = std::to_string(static_cast<int>(change.kind));
  FIRSTFIX_TRY(due, lookup(index::kTimer, {kind, change.subject}));
  if (due) {
    FIRSTFIX_CHECK(erase_index(index::kTimerDue, {*due, kind, change.subject}));
    FIRSTFIX_CHECK(erase_index(index::kTimer, {kind, change.subject}));
  }
  if (change.due == kNever) return {};
  first_timer_ = std::min(first_timer_, change.due);
  FIRSTFIX_CHECK(put_index(index::kTimerDue, {sortable(change.due), kind, change.subject}, ""));
  return put_index(index::kTimer, {kind, change.subject}, sortable(change.due));
}

Status UnitOfWork::put_index(std::string_view index, std::initializer_list<std::string_view> parts,
                             std::string_view value) {
  return txn_.put(Table::kIndexes, store::key({tenant_, index}, parts), value);
}
Status UnitOfWork::erase_index(std::string_view index, std::initializer_list<std::string_view> parts) {
  return txn_.erase(Table::kIndexes, store::key({tenant_, index}, parts));
}
Status UnitOfWork::put_system(std::string_view kind, std::initializer_list<std::string_view> parts,
                              std::string_view value) {
  return txn_.put(Table::kSystem, store::key({tenant_, kind}, parts), value);
}

// Whether two can still meet is asked when it is committed, whoever has changed one of their visits, and how.
Status UnitOfWork::review_meetings() {
  for (const auto& [type, name] : order_) {
    const auto& entry = held_.at({type, name});
    if (type != "Visit" || !entry.before || !entry.now) continue;
    for (const auto& place : visit::meetings_touched(static_cast<const v1::Visit&>(*entry.before),
                                                     static_cast<const v1::Visit&>(*entry.now)))
      FIRSTFIX_CHECK(set_timer({internal::v1::TIMER_KIND_MEETING_DUE, place, now_}));
  }
  return {};
}

// Parts that a case's visit gives back, or takes, are those that its customer's hold counts on, whoever planned it.
Status UnitOfWork::settle_holds() {
  std::set<std::string> cases;
  for (const auto& [type, name] : order_) {
    const auto& entry = held_.at({type, name});
    if (type != "Reservation" || !entry.now) continue;
    const auto& one = static_cast<const v1::Reservation&>(*entry.now);
    if (one.visit().empty()) {
      FIRSTFIX_TRY(appointment, find<v1::Appointment>(one.appointment()));
      if (appointment) cases.insert(appointment->case_name());
    } else {
      FIRSTFIX_TRY(visit, find<v1::Visit>(one.visit()));
      if (visit) cases.insert(visit->case_name());
    }
  }
  for (const auto& name : cases) FIRSTFIX_CHECK(settle_held_parts(*this, name));
  return {};
}

Status UnitOfWork::finish() {
  FIRSTFIX_CHECK(settle_holds());
  FIRSTFIX_CHECK(review_meetings());
  internal::v1::ChangeEntry log;
  std::map<std::string_view, bool> groups;
  for (const auto& id : order_) {
    auto& entry = held_.at(id);
    std::string bytes;  // empty: gone
    if (entry.now) {
      bytes = entry.now->SerializeAsString();
      FIRSTFIX_CHECK(txn_.put(Table::kRecords, record_key(tenant_, id.first, id.second), bytes));
    } else {
      FIRSTFIX_CHECK(txn_.erase(Table::kRecords, record_key(tenant_, id.first, id.second)));
    }
    if (const auto group = version_group(id.first); !group.empty()) groups[group] = true;
    if (!logged(id.first)) continue;
    auto& change = *log.add_changes();
    change.set_type(id.first);
    change.set_name(id.second);
    change.set_record(bytes);
  }
  for (const auto& [group, changed] : groups) {
    FIRSTFIX_TRY(count, version(group));
    FIRSTFIX_CHECK(put_system(system::kVersion, {group}, std::to_string(count + 1)));
  }
  if (order_.empty() && first_timer_ == kNever) return {};
  FIRSTFIX_TRY(known, txn_.get(Table::kSystem, store::key({tenant_, system::kTenant})));
  if (!known) FIRSTFIX_CHECK(put_system(system::kTenant, {}, ""));
  if (first_timer_ != kNever) log.set_first_timer_us(first_timer_.micros);
  if (log.changes().empty() && !log.has_first_timer_us()) return {};
  log.set_actor(actor_);
  return txn_.append_log({tenant_, 0}, log.SerializeAsString());
}

}  // namespace firstfix::desk
