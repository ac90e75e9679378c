// The counts laid out for estimation: only what was really seen, or is in the catalogue, has a number here.
#pragma once

#include <vector>

#include "diagnosis/catalogue.h"
#include "learning/counts.h"

namespace firstfix::diagnosis {

using learning::Id;
using learning::IdSet;

// Visits on which exactly these causes were found.
struct Group {
  IdSet causes;
  double visits = 0;
  std::vector<std::pair<Id, double>> signs;  // visits of them on which it was there
  std::vector<std::pair<Id, double>> parts;
};

// Signs that were seen together, exactly these, on visits of some groups.
struct Sighting {
  IdSet signs;
  std::vector<std::pair<std::size_t, double>> groups;  // by place in Tables::groups: visits
};

// A past that visits had, and what they found.
struct PastVisits {
  std::size_t model = 0;
  int known = 0;                                      // step of age
  std::vector<std::size_t> found;                     // causes; none: nothing was wrong
  std::vector<std::pair<std::size_t, int>> repaired;  // cause, step of age; those that are still known
  double visits = 0;

  auto operator<=>(const PastVisits&) const = default;
};

struct Tables {
  Tables(const Catalogue& catalogue, const learning::Counts& counts);

  learning::Names causes, signs, parts, models;
  std::vector<Group> groups;                  // sorted by causes; the empty set is the visits where nothing was wrong
  std::vector<Sighting> sightings;            // sorted
  std::vector<PastVisits> pasts;              // sorted, so by model
  std::vector<std::vector<double>> by_model;  // by model, then cause, last nothing: visits on which it was found
  std::vector<double> model_visits;
  std::vector<Id> cause_of, sign_of, part_of,
      model_of;  // from the numbers of the counts; kUnknown for what was unlearnt
};

}  // namespace firstfix::diagnosis
