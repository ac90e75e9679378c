// What closed visits have taught, as counts that are sums over the visits: unlearning a visit is exact and equals never
// having seen it. Everything that the diagnosis estimates is a function of these counts. One Counts is one tenant's.
// Not thread-safe.
#pragma once

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
  Tally marks;  // visits of them on which a sign bore the mark
  Tally parts;
};

// What had been put right before a visit, and what was found on it.
struct Past {
  Id model = 0;
  int week = 0, machine_age = 0;             // see visit.h
  int known = 0;                             // step of age of the machine's records
  IdSet causes;                              // found
  std::vector<std::pair<Id, int>> repaired;  // cause, and step of the time since its last repair; sorted
  std::vector<std::pair<Id, int>> replaced;  // the same of parts
};

// The numbers that came with the signs of a visit, and what was found on it.
struct Frame {
  IdSet causes;
  std::vector<std::pair<Id, int>> readings;  // number of sign and name, and step of the value; sorted
};

// Pairs of a sign and a reading's name that one tenant can have: the first that come. Of what is named later nothing is
// learnt, now or ever, so that unlearning stays exact; whatever names its readings anew each time costs no more.
inline constexpr int kMostReadingNames = 4096;

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
  const Names& marks() const { return marks_; }
  const Names& readings() const { return readings_; }
  static Mark unpacked(const std::string& mark);
  // Sign and name.
  static std::pair<std::string, std::string> unpacked_reading(const std::string& reading);

  using ByModel = std::map<Id, Found>;
  const std::unordered_map<IdSet, ByModel, IdSetHash>& found() const { return found_; }
  // Each past that visits had, packed, and how many had it.
  using Pasts = std::unordered_map<IdSet, std::int64_t, IdSetHash>;
  const Pasts& pasts() const { return pasts_; }
  static Past unpacked(const IdSet& packed);

  // Each set of numbers that came with signs, packed, and on how many visits.
  const Pasts& frames() const { return frames_; }
  static Frame unpacked_frame(const IdSet& packed);

  // By the signs that were there, exactly: on how many visits these causes were found.
  using BySigns = std::unordered_map<IdSet, std::map<IdSet, std::int64_t>, IdSetHash>;
  const BySigns& by_signs() const { return by_signs_; }

 private:
  void count(const Visit& visit, std::int64_t by);
  void count_readings(const Visit& visit, const IdSet& causes, std::int64_t by);

  std::int64_t visits_ = 0;
  Names models_, signs_, causes_, parts_, marks_, readings_;
  std::unordered_map<IdSet, ByModel, IdSetHash> found_;
  Pasts pasts_, frames_;
  BySigns by_signs_;
};

}  // namespace firstfix::learning
