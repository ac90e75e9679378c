// What closed visits have taught, as counts that are sums over the visits: unlearning a visit is exact and equals never
// having seen it. Everything that the diagnosis estimates is a function of these counts. One Counts is one tenant's.
// Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "learning/names.h"
#include "learning/visit.h"

namespace firstfix::learning {

// Numbers of what was found together, sorted. Empty: nothing was wrong.
using IdSet = std::vector<Id>;

struct IdSetHash {
  std::size_t operator()(const IdSet& set) const;
};

// How often each of a few things was seen; sorted by number.
class Tally {
 public:
  void add(Id id, std::int64_t by);
  std::int64_t of(Id id) const;
  std::span<const std::pair<Id, std::int64_t>> entries() const { return entries_; }

 private:
  std::vector<std::pair<Id, std::int64_t>> entries_;  // without zeros
};

// How often two signs were seen together; a small open hash table, since there are very many pairs.
class PairTally {
 public:
  void add(Id a, Id b, std::int32_t by);
  // Calls take(smaller number, greater number, count) for each pair, in no order.
  template <class Take>
  void each(const Take& take) const {
    for (const auto& slot : slots_)
      if (slot.count != 0) take(static_cast<Id>(slot.key >> 16), static_cast<Id>(slot.key & 0xFFFF), slot.count);
  }

 private:
  struct Slot {
    std::uint32_t key = 0;
    std::int32_t count = 0;
    bool used = false;
  };
  Slot& slot(std::uint32_t key);

  std::vector<Slot> slots_;  // a power of two
  std::size_t used_ = 0;
};

// The visits on which exactly these causes were found on machines of one model.
struct Found {
  std::int64_t visits = 0;
  Tally signs;  // visits of them on which the sign was there
  Tally parts;
};

using Ages = std::array<std::int64_t, kAgeBins>;

// A clock runs since a cause was last repaired or a part last replaced.
struct Clock {
  std::map<Id, Ages> at_risk;          // by model: visits by the age that the clock showed
  std::map<Id, Ages> known;            // the same visits by how far back the machine's records went
  std::unordered_map<Id, Ages> found;  // by cause: visits on which it was found
};

// Visits by how far back the machine's records went: all by model, and by cause those on which it was found and had
// never been repaired before.
struct FirstTimes {
  std::map<Id, Ages> at_risk;
  std::unordered_map<Id, Ages> found;
};

class Counts {
 public:
  void learn(const Visit& visit) { count(visit, 1); }
  void unlearn(const Visit& visit) { count(visit, -1); }

  std::int64_t visits() const { return visits_; }
  // The visits on which this cause was found.
  std::int64_t visits(std::string_view cause) const;
  const Names& models() const { return models_; }
  const Names& signs() const { return signs_; }
  const Names& causes() const { return causes_; }
  const Names& parts() const { return parts_; }

  using ByModel = std::map<Id, Found>;
  const std::unordered_map<IdSet, ByModel, IdSetHash>& found() const { return found_; }
  // By set of causes: visits on which two signs were seen together. Visits with more than kMostPaired signs are left
  // out, and so are signs beyond the first 65,536.
  static constexpr std::size_t kMostPaired = 32;
  const std::unordered_map<IdSet, PairTally, IdSetHash>& together() const { return together_; }
  // By cause; shorter than causes() where the last ones were never repaired before.
  const std::vector<Clock>& since_repaired() const { return since_repaired_; }
  const std::vector<Clock>& since_replaced() const { return since_replaced_; }  // by part
  const FirstTimes& first_times() const { return first_times_; }

  // What was found whenever exactly these signs were there: on any model, and on one.
  struct Recall {
    std::int64_t visits = 0;
    std::map<IdSet, std::int64_t> found;
  };
  const Recall* recall(const IdSet& signs) const;
  const std::unordered_map<IdSet, Recall, IdSetHash>& recalls() const { return recalls_; }

 private:
  void count(const Visit& visit, std::int64_t by);

  std::int64_t visits_ = 0;
  Names models_, signs_, causes_, parts_;
  std::unordered_map<IdSet, ByModel, IdSetHash> found_;
  std::unordered_map<IdSet, PairTally, IdSetHash> together_;
  std::vector<Clock> since_repaired_, since_replaced_;
  FirstTimes first_times_;
  std::unordered_map<IdSet, Recall, IdSetHash> recalls_;
};

}  // namespace firstfix::learning
