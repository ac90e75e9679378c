// What was counted, by group of visits and column of the rates.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "diagnosis/model.h"
#include "tables.h"

namespace firstfix::diagnosis {

// What one group of visits says of one column: seen on so many of those on which it could be.
struct RateEntry {
  std::size_t column = 0;
  double seen = 0, chances = 0;
};

// By group. Of `layout` the bundles and the columns of the signs are read: a sign of a bundle has one column for visits
// on which none of the bundle stands before it, and one for those on which one does. `seen` is the groups' signs or
// parts.
std::vector<std::vector<RateEntry>> entries_of(const Tables& tables, const Rates& layout,
                                               std::vector<std::pair<Id, double>> Group::*seen);

}  // namespace firstfix::diagnosis
