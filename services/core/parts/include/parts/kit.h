// Which parts are worth taking along.
//
// The visit succeeds only if every needed part is there (job completion criterion of the repair-kit problem, Brumelle
// and Granot 1993), so the kit is chosen as a set: the one with the least expected cost of parts carried for nothing
// and of the second visit. What is needed is known as a mixture of scenarios, so parts that belong together are seen to
// belong together. A part may also be sent to the site, which costs more and comes in time or not; and one that is due
// for replacement anyway may be replaced on the same visit. Pure and thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace firstfix::parts {

// A way to have a part at the site without carrying it.
struct Shipping {
  double cost = 0;     // of sending it, needed or not
  double in_time = 1;  // probability that it is there when the engineer is
};

// A part that may be needed.
struct Need {
  std::string part;
  double probability = 0;  // that the repair takes it
  unsigned quantity = 1;
  double carry_cost = 0;             // of having one of it there for nothing
  bool obtainable = true;            // on a van or in a depot that could serve
  std::optional<Shipping> shipping;  // none: it cannot be sent
  std::optional<double> due_saving;  // it is due for replacement: what doing that on this visit saves
};

// One way that the repair may go. Within it parts are needed independently of each other.
struct Scenario {
  double weight = 0;           // all together sum to at most 1; what is missing needs nothing
  std::vector<double> needed;  // by part, in the order of the needs: probability that this repair takes it
};

enum class Supply { kNone, kCarried, kShipped };

struct Line {
  Need need;
  bool chosen = false;  // to be there: carried or shipped
  std::string reason;
  Supply supply = Supply::kNone;
};

struct Kit {
  std::vector<Line> lines;          // chosen ones first, then by probability
  double complete_probability = 1;  // that nothing needed is missing
  double expected_cost = 0;  // there for nothing, shipped, the second visit; less what is saved by parts that are due
};

// `second_visit_cost` in the money of the carry costs. At most a few dozen needs make sense; the time goes with the
// square of their number times the number of scenarios.
Kit choose_kit(const std::vector<Need>& needs, const std::vector<Scenario>& scenarios, double second_visit_cost);

}  // namespace firstfix::parts
