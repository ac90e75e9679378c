// What it tells how a sign came: that it was the first one, that it came again and again, that it has been cleared.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "learning/visit.h"

namespace firstfix::diagnosis {

struct Rates;
struct Tables;

// How often a sign that is there bears a mark depends on the cause, or does not: Beta-binomial counts around what is
// usual for the sign. A mark that compares two signs is read as: one of the two bears it, which of them? So it tells
// nothing of which others are there, of which the signs themselves have told. A kind of mark has a say only if the
// counts are clearly more probable with one.
//
// That a sign has gone away by itself is usual, or is not, for all that come by themselves: so how much oftener signs
// go that no cause has brought is learnt from all signs and causes together, and each is drawn towards that.
class Marks {
 public:
  // One cause's word on a sign that bears the mark, or does not.
  struct Told {
    std::size_t cause = 0;
    double there = 0, missing = 0;
    double share = 0, usual = 0;
  };

  Marks() = default;
  Marks(const Tables& tables, const Rates& rates);

  // By cause, last nothing: the logarithm of how much more probable it makes these marks, and the lack of others, than
  // usual. Empty: nothing.
  std::vector<double> say(const learning::Sight& sight) const;

  // How often the sign bears the mark by itself: when the cause was found, and usually. Both 0: it has no say.
  std::pair<double, double> shares(const std::string& what, const std::string& sign, std::size_t cause) const;

 private:
  using Key = std::pair<std::string, std::string>;  // sign, and the other one
  std::map<std::string, std::map<Key, std::vector<Told>>> kinds_;
  std::size_t causes_ = 0;
};

}  // namespace firstfix::diagnosis
