// What the numbers tell that came with the signs (freeze frames): a cause shows itself by an oil pressure that is lower
// than it usually is with this code.
//
// A value counts by its rank among all that came with the same sign under the same name, as a normal score: so units,
// scales and outliers mean nothing, and what the sign itself has told is not told again. By cause and name the scores
// are normal with unknown mean and variance (normal-gamma priors; the prediction is Student's t; Gelman et al.,
// Bayesian Data Analysis, 3.3). How far the causes' means lie apart is learnt by name from the evidence, so that a
// number which tells nothing is silent; how much several numbers of one frame say again what the others have said, from
// how well each visit's cause would have been told from the others by all other visits.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "learning/visit.h"

namespace firstfix::diagnosis {

struct Tables;

// Values under one name, in order, and their normal scores.
class Scale {
 public:
  void add(int step, double visits) { values_.push_back({step, visits}); }
  // After the last add, before anything is asked.
  void settle();
  double visits() const { return all_; }
  double score(int step) const;
  // The value below which this share lies.
  double quantile(double share) const;

 private:
  struct Value {
    int step = 0;
    double visits = 0, below = 0, score = 0;
  };
  std::vector<Value> values_;  // settled: each step once, in order
  double all_ = 0;
};

// Student's t of one cause's scores under one name.
struct Sums {
  double visits = 0, sum = 0, squares = 0;
};
struct Predicted {
  double middle = 0, width = 1, freedom = 1, log_height = 0;

  double log_density(double score) const;
};

// One number's word about a cause.
struct Telling {
  std::string what;
  double value = 0;
  double log = 0;                           // of how much more probable the cause makes it than usual
  double from = 0, to = 0;                  // what half of the cause's visits had
  double usually_from = 0, usually_to = 0;  // and half of all with this sign
};

class Readings {
 public:
  Readings() = default;
  explicit Readings(const Tables& tables);

  // By cause, last nothing: the logarithm of how much more probable it makes these numbers than usual; within
  // ±kMost_nats. Empty: nothing. Of several causes together the numbers tell of one.
  std::vector<double> say(const learning::Sight& sight) const;
  static constexpr double kMost_nats = 4;

  // What the numbers say about one cause, the strongest word first.
  std::vector<Telling> tell(const learning::Sight& sight, std::size_t cause) const;

 private:
  struct Row {
    Sums sums;
    Predicted predicted;
    Scale values;  // of all signs
  };
  struct Name {
    Scale usual;
    std::map<std::string, Scale, std::less<>> by_sign;  // where there are enough
    std::vector<Row> rows;                              // by cause, last nothing
    double means = 0, variances = 0;                    // the priors' strengths; means 0: it tells nothing
    Predicted unseen;                                   // of a cause of which nothing was learnt

    const Scale& scale(std::string_view sign) const;
  };
  // What a set of numbers comes to, by name: the mean of the scores that came with several signs.
  class Scores;

  void lay_out(const Tables& tables);
  void learn_strengths(Name& name) const;
  void weigh_together(const Tables& tables);
  Scores scores_of(const std::vector<learning::Reading>& settled) const;
  double word(const Name& name, double score, std::size_t cause, bool without) const;

  std::map<std::string, Name, std::less<>> names_;
  std::size_t causes_ = 0;
  double weight_ = 0;  // 0: nothing is said; 1: as if each number told something of its own
};

}  // namespace firstfix::diagnosis
