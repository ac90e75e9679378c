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
  // By cause; shorter than causes() where the last ones were never repaired before.
  const std::vector<Clock>& since_repaired() const { return since_repaired_; }
  const std::vector<Clock>& since_replaced() const { return since_replaced_; }  // by part
  const FirstTimes& first_times() const { return first_times_; }

  // By the signs that were there, exactly: on how many visits these causes were found.
  using BySigns = std::unordered_map<IdSet, std::map<IdSet, std::int64_t>, IdSetHash>;
  const BySigns& by_signs() const { return by_signs_; }

 private:
  void count(const Visit& visit, std::int64_t by);

  std::int64_t visits_ = 0;
  Names models_, signs_, causes_, parts_;
  std::unordered_map<IdSet, ByModel, IdSetHash> found_;
  std::vector<Clock> since_repaired_, since_replaced_;
  FirstTimes first_times_;
  BySigns by_signs_;
};

}  // namespace firstfix::learning
