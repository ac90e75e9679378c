#include "diagnosis/marks.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "diagnosis/model.h"
#include "tables.h"

namespace firstfix::diagnosis {
namespace {

constexpr double kLeastVisits = 5;   // with fewer a sign's marks are no use
constexpr double kMostPull = 4;      // of how a sign came on how often it goes away, on the logarithm of the odds
constexpr double kClearly_nats = 3;  // a kind of mark must be worth more than this

// Of the visits with a cause alone on which the sign was there, how many it bore the mark.
struct Share {
  double marked = 0, all = 0;
};
struct Row {
  std::map<std::size_t, Share> shares;  // by cause, last nothing
  double usual = 0;
  std::vector<double>
      brought;  // by cause: how probably it has brought the sign that is there; empty: that is no matter
  double brought_usually = 0;
};
using Rows = std::map<std::pair<Id, Id>, Row>;  // by sign and the other one, the smaller number first

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

// How often the cells of a row bear the mark, before they are looked at themselves.
double usual_of(const Row& row, std::size_t cause, double pull) {
  if (pull == 0) return row.usual;
  const double odds = std::log(row.usual / (1 - row.usual)) + pull * (row.brought[cause] - row.brought_usually);
  return 1 / (1 + std::exp(-odds));
}

// How probable the counts are if each cause's share is Beta distributed around the usual one, that being worth so many
// visits.
double log_likelihood(const Rows& rows, double worth, double pull) {
  double sum = 0;
  for (const auto& [key, row] : rows) {
    for (const auto& [cause, share] : row.shares) {
      const double usual = usual_of(row, cause, pull), a = worth * usual, b = worth * (1 - usual);
      sum += log_beta(a + share.marked, b + share.all - share.marked) - log_beta(a, b);
    }
  }
  return sum;
}

double log_likelihood_alike(const Rows& rows) {
  double sum = 0;
  for (const auto& [key, row] : rows)
    for (const auto& [cause, share] : row.shares)
      sum += share.marked * std::log(row.usual) + (share.all - share.marked) * std::log1p(-row.usual);
  return sum;
}

// The rows of one kind of mark.
Rows rows_of(const Tables& tables, Id kind) {
  const auto causes = static_cast<std::size_t>(tables.causes.size());
  Rows out;
  const auto place = [&](const Group& group) {
    return group.causes.empty() ? causes : static_cast<std::size_t>(group.causes.front());
  };
  for (const auto& group : tables.groups) {
    if (group.causes.size() > 1) continue;
    for (const auto& mark : group.marks) {
      if (mark.kind != kind) continue;
      const bool alone = mark.than == learning::kUnknown, turned = !alone && mark.than < mark.sign;
      auto& row = out[turned ? std::pair(mark.than, mark.sign) : std::pair(mark.sign, mark.than)];
      auto& share = row.shares[place(group)];
      if (!turned) share.marked += mark.visits;
      if (!alone) share.all += mark.visits;
    }
  }
  for (const auto& group : tables.groups) {
    if (group.causes.size() > 1) continue;
    for (const auto& [sign, n] : group.signs)
      if (const auto row = out.find({sign, learning::kUnknown}); row != out.end())
        row->second.shares[place(group)].all += n;
  }
  for (auto& [key, row] : out) {
    Share sum;
    for (const auto& [cause, share] : row.shares) sum.marked += share.marked, sum.all += share.all;
    row.usual = sum.all < kLeastVisits ? 0 : (sum.marked + 0.5) / (sum.all + 1);
  }
  std::erase_if(out, [](const auto& row) { return row.second.usual == 0; });
  return out;
}

// How probably each sign that is there was brought by the cause, and did not come by itself.
void note_origins(Rows& rows, const Rates& rates, std::size_t causes) {
  for (auto& [key, row] : rows) {
    const auto column = rates.alone[static_cast<std::size_t>(key.first)];
    for (std::size_t cause = 0; cause <= causes; ++cause)
      row.brought.push_back(1 - rates.leak[column] / rates.at(cause, column));
    double all = 0;
    for (const auto& [cause, share] : row.shares)
      row.brought_usually += share.all * row.brought[cause], all += share.all;
    row.brought_usually /= all;
  }
}

// A cell's share, drawn to the usual one that is worth so many visits.
Marks::Told told_by(const Row& row, std::size_t cause, const Share& share, double worth, double pull) {
  const double p = (share.marked + worth * usual_of(row, cause, pull)) / (share.all + worth);
  return {cause, std::log(p / row.usual), std::log((1 - p) / (1 - row.usual)), p, row.usual};
}

}  // namespace

Marks::Marks(const Tables& tables, const Rates& rates) : causes_(static_cast<std::size_t>(tables.causes.size())) {
  for (Id kind = 0; kind < static_cast<Id>(tables.mark_kinds.size()); ++kind) {
    const auto& what = tables.mark_kinds[static_cast<std::size_t>(kind)];
    auto rows = rows_of(tables, kind);
    const bool by_origin = what == learning::kCleared;
    if (by_origin) note_origins(rows, rates, causes_);
    double worth = 0, pull = 0, best = log_likelihood_alike(rows) + kClearly_nats;
    for (const double trial : {1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0})
      for (double origin = by_origin ? -kMostPull : 0; origin <= (by_origin ? kMostPull : 0); origin += 0.5)
        if (const double log = log_likelihood(rows, trial, origin); log > best)
          best = log, worth = trial, pull = origin;
    if (worth == 0) continue;
    for (const auto& [key, row] : rows) {
      const auto than = key.second == learning::kUnknown ? std::string() : tables.signs.name(key.second);
      auto& told = kinds_[what][{tables.signs.name(key.first), than}];
      for (const auto& [cause, share] : row.shares) told.push_back(told_by(row, cause, share, worth, pull));
      for (std::size_t cause = 0; pull != 0 && cause <= causes_; ++cause)
        if (!row.shares.contains(cause)) told.push_back(told_by(row, cause, {}, worth, pull));
    }
  }
}

std::pair<double, double> Marks::shares(const std::string& what, const std::string& sign, std::size_t cause) const {
  const auto kind = kinds_.find(what);
  if (kind == kinds_.end()) return {};
  const auto row = kind->second.find({sign, {}});
  if (row == kind->second.end()) return {};
  for (const auto& told : row->second)
    if (told.cause == cause) return {told.share, told.usual};
  return {};
}

std::vector<double> Marks::say(const learning::Sight& sight) const {
  std::vector<double> out;
  if (kinds_.empty()) return out;
  out.resize(causes_ + 1);
  const auto add = [&](const std::vector<Told>& row, bool there, double weight) {
    for (const auto& told : row) out[told.cause] += weight * (there ? told.there : told.missing);
  };
  for (const auto& [kind, rows] : kinds_) {
    std::set<std::string_view> marked;
    double comparisons = 0;
    for (const auto& mark : sight.marks) {
      if (mark.what != kind) continue;
      mark.than.empty() ? static_cast<void>(marked.insert(mark.sign)) : static_cast<void>(++comparisons);
    }
    // Comparisons of one sign with several others say the same again: their mean counts.
    for (const auto& mark : sight.marks) {
      if (mark.what != kind || mark.than.empty()) continue;
      if (const auto row = rows.find({mark.sign, mark.than}); row != rows.end())
        add(row->second, true, 1 / comparisons);
      if (const auto row = rows.find({mark.than, mark.sign}); row != rows.end())
        add(row->second, false, 1 / comparisons);
    }
    for (const auto& sign : std::set<std::string>(sight.signs.begin(), sight.signs.end()))
      if (const auto row = rows.find({sign, {}}); row != rows.end()) add(row->second, marked.contains(sign), 1);
  }
  return out;
}

}  // namespace firstfix::diagnosis
