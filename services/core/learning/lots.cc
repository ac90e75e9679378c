#include "learning/lots.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "evidence.h"

namespace firstfix::learning {
namespace {

constexpr std::int16_t kBands = kPartAges.size();

// At the beginning of `day` so many more (or fewer) of the lot are in the age band.
struct Change {
  Day day;
  std::uint32_t lot;
  std::int16_t band, by;
};

struct Failure {
  Day day;
  std::uint32_t lot;
  std::int16_t band;
};

// What is known of one lot so far.
struct Tally {
  std::array<double, kRatios.size()> log_ratio{};  // by kRatios
  double expected = 0;
  std::int64_t observed = 0, compared = 0;  // failures of the lot, and of all, where there was something to compare
  LotFinding strongest;
};

class Comparison {
 public:
  explicit Comparison(std::span<const Installation> installations) {
    for (const auto& one : installations) {
      lots_.try_emplace(one.lot, 0);
      if (one.removed != kStillIn) end_ = std::max(end_, one.removed);
    }
    std::uint32_t number = 0;
    for (auto& [lot, id] : lots_) id = number++;
    tallies_.resize(number);
    for (auto& counts : in_service_) counts.resize(number);
    for (const auto& one : installations) add(one);
    const auto by_day = [](const auto& a, const auto& b) { return a.day < b.day; };
    std::sort(changes_.begin(), changes_.end(), by_day);
    std::sort(failures_.begin(), failures_.end(),
              [](const Failure& a, const Failure& b) { return std::tie(a.day, a.band) < std::tie(b.day, b.band); });
  }

  std::vector<LotFinding> run() {
    auto change = changes_.begin();
    for (std::size_t i = 0; i < failures_.size();) {
      const Day today = failures_[i].day;
      for (; change != changes_.end() && change->day <= today; ++change) {
        in_service_[change->band][change->lot] += change->by;
        all_[change->band] += change->by;
      }
      while (i < failures_.size() && failures_[i].day == today) i = take_band(i);
    }
    std::vector<LotFinding> out;
    for (const auto& [lot, id] : lots_) {
      auto& finding = tallies_[id].strongest;
      if (lot.empty() || tallies_[id].compared == 0) continue;
      finding.lot = lot;
      out.push_back(finding);
    }
    return out;
  }

 private:
  void add(const Installation& one) {
    const auto lot = lots_.at(one.lot);
    auto& first = tallies_[lot].strongest;
    first.since = first.installed == 0 ? one.installed : std::min(first.since, one.installed);
    ++first.installed;
    for (std::int16_t band = 0; band < kBands; ++band) {
      const Day from = one.installed + kPartAges[band];
      if (std::min(one.removed, end_) < from) break;  // it never came to that age while anything failed
      changes_.push_back({from, lot, band, 1});
      const Day to = band + 1 < kBands ? one.installed + kPartAges[band + 1] : kStillIn;
      if (one.removed >= to) {
        if (to != kStillIn) changes_.push_back({to, lot, band, -1});
      } else {
        changes_.push_back({one.removed + 1, lot, band, -1});
        failures_.push_back({one.removed, lot, band});
      }
    }
  }

  // Takes the failures of one day and band that begin at `i`; returns where the next ones begin.
  std::size_t take_band(std::size_t i) {
    const Day today = failures_[i].day;
    const auto band = failures_[i].band;
    std::map<std::uint32_t, std::int64_t> failed;
    std::int64_t together = 0;
    for (; i < failures_.size() && failures_[i].day == today && failures_[i].band == band; ++i, ++together)
      ++failed[failures_[i].lot];
    for (std::uint32_t lot = 0; lot < tallies_.size(); ++lot) {
      const auto there = in_service_[band][lot];
      if (there == 0 || there == all_[band]) continue;
      const auto found = failed.find(lot);
      take(tallies_[lot], static_cast<double>(there) / static_cast<double>(all_[band]),
           found == failed.end() ? 0 : found->second, together, today);
    }
    return i;
  }

  static void take(Tally& tally, double share, std::int64_t of_lot, std::int64_t together, Day today) {
    tally.observed += of_lot;
    tally.compared += together;
    tally.expected += share * static_cast<double>(together);
    double log_mixed = kLogZero;
    for (std::size_t r = 0; r < kRatios.size(); ++r) {
      tally.log_ratio[r] += static_cast<double>(of_lot) * std::log(kRatios[r]) -
                            static_cast<double>(together) * std::log1p(share * (kRatios[r] - 1));
      log_mixed = log_add(log_mixed, tally.log_ratio[r]);
    }
    log_mixed -= std::log(static_cast<double>(kRatios.size()));
    auto& best = tally.strongest;
    if (best.seen != 0 && log_mixed <= best.log_evidence) return;
    best.log_evidence = log_mixed;
    best.seen = today;
    best.observed = tally.observed;
    best.expected = tally.expected;
    best.others = tally.compared - tally.observed;
    const auto interval =
        rate_ratio(static_cast<double>(best.observed), tally.expected, static_cast<double>(best.others),
                   static_cast<double>(tally.compared) - tally.expected);
    best.ratio = interval.ratio;
    best.ratio_low = interval.low;
    best.ratio_high = interval.high;
  }

  std::map<std::string, std::uint32_t> lots_;
  Day end_ = std::numeric_limits<Day>::min();  // the day of the last failure
  std::vector<Tally> tallies_;
  std::vector<Change> changes_;
  std::vector<Failure> failures_;
  std::array<std::vector<std::int64_t>, kBands> in_service_;  // today, by band and lot
  std::array<std::int64_t, kBands> all_{};                    // today, by band
};

}  // namespace

std::vector<LotFinding> compare_lots(std::span<const Installation> installations) {
  return Comparison(installations).run();
}

bool is_signal(const LotFinding& finding) {
  return finding.log_evidence >= std::log(kLotsPerFalseSignal);
}

}  // namespace firstfix::learning
