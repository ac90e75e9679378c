#include "diagnosis/marks.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "tables.h"

namespace firstfix::diagnosis {
namespace {

constexpr double kLeastVisits = 5;   // with fewer a sign's marks are no use
constexpr double kClearly_nats = 3;  // a kind of mark must be worth more than this

// Of the visits with a cause alone on which the sign was there, how many it bore the mark.
struct Share {
  double marked = 0, all = 0;
};
struct Row {
  std::map<std::size_t, Share> shares;  // by cause, last nothing
  double usual = 0;
};
using Rows = std::map<std::pair<Id, Id>, Row>;  // by sign and the other one, the smaller number first

double log_beta(double a, double b) {
  return std::lgamma(a) + std::lgamma(b) - std::lgamma(a + b);
}

// How probable the counts are if each cause's share is Beta distributed around the usual one, that being worth so many
// visits.
double log_likelihood(const Rows& rows, double worth) {
  double sum = 0;
  for (const auto& [key, row] : rows) {
    const double a = worth * row.usual, b = worth * (1 - row.usual);
    for (const auto& [cause, share] : row.shares)
      sum += log_beta(a + share.marked, b + share.all - share.marked) - log_beta(a, b);
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

}  // namespace

Marks::Marks(const Tables& tables) : causes_(static_cast<std::size_t>(tables.causes.size())) {
  for (Id kind = 0; kind < static_cast<Id>(tables.mark_kinds.size()); ++kind) {
    const auto rows = rows_of(tables, kind);
    double worth = 0, best = log_likelihood_alike(rows) + kClearly_nats;
    for (const double trial : {1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0})
      if (const double log = log_likelihood(rows, trial); log > best) best = log, worth = trial;
    if (worth == 0) continue;
    for (const auto& [key, row] : rows) {
      const auto than = key.second == learning::kUnknown ? std::string() : tables.signs.name(key.second);
      auto& told = kinds_[tables.mark_kinds[static_cast<std::size_t>(kind)]][{tables.signs.name(key.first), than}];
      for (const auto& [cause, share] : row.shares) {
        const double p = (share.marked + worth * row.usual) / (share.all + worth);
        told.push_back({cause, std::log(p / row.usual), std::log((1 - p) / (1 - row.usual))});
      }
    }
  }
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
