// Typed reading and writing of one tenant's records within one transaction or snapshot.
//
// A View reads. A UnitOfWork also writes: it keeps every resource that it has touched, keeps the indexes true as it
// goes, and at finish() writes each changed resource once, with one new etag, and one change-log entry for all of them.
// Neither is thread-safe; both live no longer than their reader.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "casework/effects.h"
#include "desk/keys.h"
#include "store/store.h"

namespace firstfix::desk {

class View {
 public:
  View(const store::Reader& reader, std::string tenant) : reader_(reader), tenant_(std::move(tenant)) {}
  virtual ~View() = default;

  const std::string& tenant() const { return tenant_; }
  const store::Reader& reader() const { return reader_; }

  // The record, or none. kCorrupt if its bytes do not parse.
  template <class M>
  Result<std::optional<M>> find(std::string_view name) const {
    M message;
    FIRSTFIX_TRY(there, load(M::descriptor()->name(), name, message));
    if (!there) return std::optional<M>{};
    return std::optional<M>{std::move(message)};
  }
  // The record, or kNotFound with its name.
  template <class M>
  Result<M> get(std::string_view name) const {
    FIRSTFIX_TRY(found, find<M>(name));
    if (!found)
      return fail(Code::kNotFound, "there is no " + M::descriptor()->name() + " named '" + std::string(name) + "'");
    return std::move(*found);
  }
  // Visits the records of a type in the order of their names, from `after` (exclusive; empty for all) within those
  // that begin with `prefix`, until the visitor returns false.
  template <class M>
  Status each(std::string_view prefix, std::string_view after, const std::function<bool(M&)>& visit) const {
    bool intact = true;
    FIRSTFIX_CHECK(scan_records(M::descriptor()->name(), prefix, after, [&](std::string_view value) {
      M message;
      intact = message.ParseFromArray(value.data(), static_cast<int>(value.size()));
      return intact && visit(message);
    }));
    if (!intact) return fail(Code::kCorrupt, "a stored " + M::descriptor()->name() + " does not parse");
    return {};
  }

  // What an index entry holds, or none.
  Result<std::optional<std::string>> lookup(std::string_view index,
                                            std::initializer_list<std::string_view> parts) const;
  // Visits the entries of an index that begin with `parts`: the last part of the key, and the value.
  Status each_entry(std::string_view index, std::initializer_list<std::string_view> parts,
                    const std::function<bool(std::string_view last, std::string_view value)>& visit) const;
  // How often a group of records has changed; caches of parsed records are valid for one version.
  Result<std::uint64_t> version(std::string_view group) const;

 protected:
  virtual Result<bool> load(const std::string& type, std::string_view name, google::protobuf::Message& into) const;
  Status scan_records(const std::string& type, std::string_view prefix, std::string_view after,
                      const std::function<bool(std::string_view value)>& visit) const;

  const store::Reader& reader_;
  std::string tenant_;
};

// Groups of records that are cached parsed; see View::version.
inline constexpr std::string_view kCatalogueGroup = "catalogue";
inline constexpr std::string_view kWorkforceGroup = "workforce";

class UnitOfWork : public View {
 public:
  // `actor` is who does it, for the change log: a principal's subject, or "firstfix".
  UnitOfWork(store::Transaction& txn, std::string tenant, std::string actor, Instant now);

  Instant now() const { return now_; }
  const std::string& actor() const { return actor_; }

  // The resource shall be this after the commit. It is read back with its new etag from here on.
  template <class M>
  Status put(M message) {
    return put_message(std::make_unique<M>(std::move(message)));
  }
  // The resource shall be gone after the commit.
  template <class M>
  Status erase(const std::string& name) {
    return erase_message(M::default_instance(), name);
  }
  Status apply(Effects effects);

  Status set_timer(const TimerChange& change);
  Status put_index(std::string_view index, std::initializer_list<std::string_view> parts, std::string_view value);
  Status erase_index(std::string_view index, std::initializer_list<std::string_view> parts);
  Status put_system(std::string_view kind, std::initializer_list<std::string_view> parts, std::string_view value);

  // Writes what was put, and its change-log entry. To be called once, last.
  Status finish();

  store::Transaction& transaction() { return txn_; }

 private:
  struct Held {
    std::unique_ptr<google::protobuf::Message> before;  // as stored; null if it was not there
    std::unique_ptr<google::protobuf::Message> now;     // null if not written, or gone
    bool written = false;
    const google::protobuf::Message* current() const { return written ? now.get() : before.get(); }
  };

  Result<bool> load(const std::string& type, std::string_view name, google::protobuf::Message& into) const override;
  Status put_message(std::unique_ptr<google::protobuf::Message> message);
  Status erase_message(const google::protobuf::Message& like, const std::string& name);
  // Takes the index entries of `old` away and puts those of `now` in; either may be null.
  Status move_index(const google::protobuf::Message* old, const google::protobuf::Message* now);
  Status review_meetings();
  Status settle_holds();
  Result<Held*> held(const google::protobuf::Message& like, const std::string& name) const;

  store::Transaction& txn_;
  std::string actor_;
  Instant now_;
  mutable std::map<std::pair<std::string, std::string>, Held> held_;
  std::vector<std::pair<std::string, std::string>> order_;  // (type, name) in the order of the first write
  Instant first_timer_ = kNever;                            // of those that were set
};

// The index entries that a message stands for: (key, value). Part of the schema: a change needs a migration.
std::vector<std::pair<std::string, std::string>> index_entries(const std::string& tenant,
                                                               const google::protobuf::Message& message);

// The "name" field of any resource.
std::string name_of(const google::protobuf::Message& message);

}  // namespace firstfix::desk
