// Change streams: who listens to a tenant's change log, and is told what concerns them.
//
// The store is the truth and a stream is a hint: a stream remembers only how far it is and reads the log from there,
// so that a slow reader holds no memory; one that falls behind the log's end is told so and begins again. One thread
// goes round the streams whenever there is something new; in one round, each entry is read and parsed once for all.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "desk/desk.h"

namespace firstfix::api {

// One log entry. Records are parsed when they are first asked for; for the feed's thread only.
class Entry {
 public:
  static Result<std::shared_ptr<const Entry>> parse(const store::LogEntry& logged);

  std::uint64_t position() const { return position_; }
  const std::string& actor() const { return change_.actor(); }
  int size() const { return change_.changes_size(); }
  const std::string& name(int i) const { return change_.changes(i).name(); }

  // The record of a change as the commit left it; null if the change is of another type or took the record away.
  template <class M>
  Result<const M*> record(int i) const {
    static const std::string& type = M::descriptor()->name();  // asked for by every stream, of every record
    const auto& change = change_.changes(i);
    if (change.type() != type || change.record().empty()) return nullptr;
    auto& parsed = records_[static_cast<std::size_t>(i)];
    if (!parsed) {
      auto message = std::make_unique<M>();
      if (!message->ParseFromString(change.record()))
        return fail(Code::kCorrupt, "the log's " + change.name() + " does not parse");
      parsed = std::move(message);
    }
    return static_cast<const M*>(parsed.get());
  }

 private:
  std::uint64_t position_ = 0;
  internal::v1::ChangeEntry change_;
  mutable std::vector<std::unique_ptr<google::protobuf::Message>> records_;  // as the changes; null until asked for
};

// A stream as the feed sees it.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void pump() = 0;  // send what is new; called on the feed's thread only
  virtual void end() = 0;   // the service is going away; called on any thread
};

class Feed {
 public:
  using Entries = std::vector<std::shared_ptr<const Entry>>;

  explicit Feed(desk::Desk& desk);
  ~Feed();

  void add(std::shared_ptr<Listener> listener);
  void remove(Listener* listener);
  void end_all();
  // Has the listeners pumped soon, from any thread.
  void poke();

  // --- for pump() ---
  // Some entries after a position, oldest first, as far as the log went when this round began; kExpired if it no longer
  // reaches back so far.
  Result<Entries> after(const std::string& tenant, std::uint64_t position);
  // Are there entries after it, of this round or of an earlier one?
  bool more_after(const std::string& tenant, std::uint64_t position) { return position < round(tenant).end; }
  // The store as it is when all entries of this round are committed, or a little later.
  const desk::View& view(const std::string& tenant);

 private:
  struct Round {
    std::uint64_t end = 0;  // the log's, when the round began
    std::shared_ptr<const store::Snapshot> snapshot;
    std::optional<desk::View> view;
  };

  void run();
  Round& round(const std::string& tenant);
  Result<Entries> read(const std::string& tenant, std::uint64_t position) const;

  desk::Desk& desk_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Listener>> listeners_;
  bool poked_ = false, stopping_ = false;
  // The feed's thread only: the newest entries of each tenant, and what this round has looked at.
  std::map<std::string, std::deque<std::shared_ptr<const Entry>>> recent_;
  std::map<std::string, Round> rounds_;
  store::Subscription subscription_;
  std::thread thread_;
};

}  // namespace firstfix::api
