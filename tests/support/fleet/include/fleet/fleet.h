// Invented fleets of which everything is known: the history that they leave behind, and for each case the true
// probabilities, which no learner can beat. Predictions are tuned and tested on many of these, never on one.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "learning/history.h"

namespace firstfix::fleet {

struct Options {
  std::uint64_t seed = 1;
  int causes = 40, codes = 90, parts = 50, models = 6, assets = 600;
  int visits = 4000, cases = 300;
  double pairs = 0.08;      // share of visits with two causes
  double leak = 0.012;      // mean probability that a code comes by itself
  double cascade = 0;       // codes come in bundles of three or four: one brings each of the others with this
  double bundle_leak = 0;   // share of visits on which a whole bundle comes by itself
  double together = 0;      // 0 to 1: how much the codes of one cause come all together or not at all
  double wrong_labels = 0;  // share of visits whose work order names a wrong cause
  double drift = 0;         // how much the causes' rates change over the history, standard deviation of the logarithm
  bool sudden = false;      // the rates change at once, when seven tenths of the history are over
  double wear = 1;          // 0: no wear; 1: Weibull shapes from 1 to 3
  int families = 0;         // of models, which differ little from their families; 0: of none
  bool new_model = false;   // the last model comes only after the history
  int readings = 0;         // numbers that come with each code of a visit
  double telling = 0;       // how far the causes' means lie apart, as a standard deviation; each cause's numbers have 1
  double alike = 0;         // 0 to 1: correlation of the numbers of one visit, apart from their means
  bool clearing = false;    // codes go away by themselves: 1 in 20 that a cause has brought, half of the others
};

struct Cause {
  double rate = 1, end_rate = 1;  // at the beginning and the end of the history
  double shape = 1, scale_days = 200;
  std::vector<double> by_model;  // factor; zero: cannot befall it
  std::vector<std::pair<int, double>> codes, parts;
  std::vector<double> means;  // of the numbers
};

struct Visit {
  int asset = 0;
  double stopped = 0, completed = 0;  // days since the records begin
  std::vector<int> codes, causes, parts;
  std::vector<int> told;  // the causes that the work order names
  std::vector<double> readings;
  std::vector<bool> cleared;  // by place in codes
};

// The true probabilities of one case.
struct Truth {
  std::vector<double> causes, parts;
};

class Fleet {
 public:
  explicit Fleet(const Options& options);

  const Options& options() const { return options_; }
  const std::vector<int>& models() const { return models_; }  // by asset
  const std::vector<double>& carry_costs() const { return carry_costs_; }
  // Lives through the whole history and the cases after it, in order of time.
  std::vector<Visit> live();
  // The posterior of a visit that `live` brought, given its codes and all visits before it.
  Truth truth(const std::vector<Visit>& visits, std::size_t which) const;

 private:
  double uniform() { return std::uniform_real_distribution<>(0, 1)(random_); }
  double normal() { return std::normal_distribution<>()(random_); }
  int below(int n) { return std::uniform_int_distribution<>(0, n - 1)(random_); }
  void invent_causes();
  std::vector<double> rates(int asset, double at, const std::vector<double>& repaired) const;
  std::vector<int> show(const std::vector<int>& causes);
  double triggered(int code, const std::vector<int>& causes, unsigned on) const;
  double log_likelihood(const std::vector<bool>& seen, const std::vector<int>& causes) const;
  // What comes with the codes, and how probable it is.
  void add_context(Visit& visit);
  double brought(int code, const std::vector<int>& causes) const;
  double log_context(const Visit& visit, const std::vector<int>& causes) const;
  double log_groups(const std::vector<bool>& seen, const std::vector<int>& causes, unsigned on) const;
  std::pair<int, int> group(int number) const;

  Options options_;
  std::mt19937_64 random_;
  std::vector<Cause> causes_;
  std::vector<int> models_;
  std::vector<double> leaks_, carry_costs_;
  double days_ = 420;
};

std::string code_name(int code);
std::string cause_name(int cause);
std::string part_name(int part);
std::string model_name(int model);
// Models of one family fail nearly alike.
std::string family_name(int model, const Options& options);

// What the work orders tell of each asset: the first `visits` of them.
std::vector<learning::Machine> machines(const Fleet& fleet, const std::vector<Visit>& lived, std::size_t visits);
inline constexpr Instant kBegin{1'704'067'200'000'000};  // 2024-01-01
Instant instant(double days);

}  // namespace firstfix::fleet
