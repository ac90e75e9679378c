// The counts laid out for estimation: only what was really seen, or is in the catalogue, has a number here.
#pragma once

#include <vector>

#include "diagnosis/catalogue.h"
#include "learning/counts.h"

namespace firstfix::diagnosis {

using learning::Id;
using learning::IdSet;

// Visits on which a sign bore a mark, by itself or compared with another.
struct MarkCount {
  Id sign = 0, than = learning::kUnknown;
  Id kind = 0;  // by Tables::mark_kinds
  double visits = 0;
};

// Visits on which exactly these causes were found.
struct Group {
  IdSet causes;
  double visits = 0;
  std::vector<std::pair<Id, double>> signs;  // visits of them on which it was there
  std::vector<std::pair<Id, double>> parts;
  std::vector<MarkCount> marks;  // of groups with one cause or none
};

// Signs that were seen together, exactly these, on visits of some groups.
struct Sighting {
  IdSet signs;
  std::vector<std::pair<std::size_t, double>> groups;  // by place in Tables::groups: visits
};

// A past that visits had, and what they found.
struct PastVisits {
  std::size_t model = 0, period = 0;
  int age = -1;                                                 // of the machine, see learning::machine_age
  int known = 0;                                                // step of age
  std::vector<std::size_t> found;                               // causes; none: nothing was wrong
  std::vector<std::pair<std::size_t, int>> repaired, replaced;  // cause (part), step of age; those still known
  double visits = 0;

  auto operator<=>(const PastVisits&) const = default;
};

// Visits on which one cause was found, or nothing, and the numbers that came with the signs.
struct FrameVisits {
  std::size_t cause = 0;                     // last nothing
  std::vector<std::pair<Id, int>> readings;  // by place in Tables::readings: step of the value
  double visits = 0;

  auto operator<=>(const FrameVisits&) const = default;
};

struct Tables {
  Tables(const Catalogue& catalogue, const learning::Counts& counts);

  learning::Names causes, signs, parts, models;
  std::vector<std::string> mark_kinds;        // sorted
  std::vector<Group> groups;                  // sorted by causes; the empty set is the visits where nothing was wrong
  std::vector<Sighting> sightings;            // sorted
  std::vector<PastVisits> pasts;              // sorted, so by model, period and age
  std::vector<learning::Reading> readings;    // signs and names, sorted; their values are in the frames
  std::vector<FrameVisits> frames;            // sorted
  std::size_t periods = 1;                    // of time, equally long
  std::vector<std::vector<double>> by_model;  // by model, then cause, last nothing: visits on which it was found
  std::vector<double> model_visits;
  std::vector<std::vector<bool>> barred;            // by model and cause, last nothing: engineers rule it out
  learning::Names model_families;                   // that models which were learnt from are of
  std::vector<Id> family_of;                        // by model; kUnknown: of none
  std::vector<std::vector<Id>> sign_kin, part_kin;  // families with two members or more
  std::vector<Id> cause_of, sign_of, part_of,
      model_of;  // from the numbers of the counts; kUnknown for what was unlearnt

 private:
  // What each mark of the counts is, without its visits.
  std::vector<MarkCount> read_marks(const learning::Counts& counts);
  void lay_out_groups(const learning::Counts& counts);
  void lay_out_sightings(const learning::Counts& counts);
  void lay_out_pasts(const learning::Counts& counts);
  void lay_out_frames(const learning::Counts& counts);
  void lay_out_families(const Families& families);
  void lay_out_bars(const Catalogue& catalogue);
};

}  // namespace firstfix::diagnosis
