// How often causes come, by model, by age and over time, fitted all together: which cause stops a machine is a race
// between all, each as fast as its model and its age make it (a conditional logit model). Its logarithm of sums is
// minorised by a straight line, which makes each round a Poisson fit with exposures 1 / (sum of all speeds) (Hunter, MM
// algorithms for generalized Bradley–Terry models, Annals of Statistics 32, 2004).
#pragma once

#include "diagnosis/catalogue.h"
#include "diagnosis/trend.h"
#include "diagnosis/wear.h"
#include "spread.h"
#include "tables.h"

namespace firstfix::diagnosis {

class Race {
 public:
  // `pasts` as in the tables, perhaps with clocks of its own; it must live as long as the race. `new_at_first`: see
  // Wear::fit.
  Race(const Catalogue& catalogue, const Tables& tables, const std::vector<PastVisits>& pasts, bool new_at_first);

  // So many rounds of fitting, on about `most` pasts of each model, evenly spread.
  void run(int rounds, std::size_t most);
  // Lets what comes more or less often over time, and by the machine's age, be fitted from now on.
  void follow_trends() { trends_ = true; }
  void take_over_rests() { wear_.take_over_rests(worn_, first_); }

  double log_evidence() const { return log_likelihood_ + wear_.log_prior(); }
  const Wear& wear() const { return wear_; }
  const Trend& ages() const { return ages_; }
  // By model, then family, last for those of none that are unknown; by cause, last nothing: the share of all visits, as
  // it is in the last period.
  std::vector<std::vector<double>> shares() const;
  // By cause, last nothing, over the whole past.
  std::vector<double> usual_shares() const { return usual_; }

 private:
  using Steps = std::array<double, learning::kAgeSteps>;
  // Pasts of one model, period and age of the machine: for all of them a cause has the same pace.
  struct Block {
    std::size_t begin = 0, end = 0;
    std::size_t model = 0, period = 0;
    int age = kNoAge;
    std::size_t youngest = learning::kAgeSteps, oldest = 0;  // steps that their records are old
    std::size_t stride = 1;                                  // every how many pasts are looked at
  };
  static constexpr int kNoAge = -1;

  void count();
  // What each cause's expectation is under what is fitted so far: by age without its wear, by the others with it.
  void expose();
  void lay_out_wear();
  void expose_block(const Block& block);
  std::vector<double> pace_of(const Block& block) const;
  void fit_shares(bool spread_too);
  void fit_factors(bool spread_too);
  void fit_trends();

  const Tables& tables_;
  const std::vector<PastVisits>& pasts_;
  std::size_t causes_, models_;
  std::vector<Block> blocks_;
  std::vector<double> prior_, share_, seen_, usual_;    // by cause, last nothing
  std::vector<std::vector<double>> factor_, expected_;  // by model, then cause
  std::vector<Cells> worn_, first_;
  std::vector<std::vector<Cell>> by_period_, by_age_;  // by cause, last nothing
  std::vector<Steps> after_, before_;
  Wear wear_;
  Spread spread_, family_spread_;
  std::vector<std::vector<double>> family_factor_;  // by family, then cause
  Trend periods_, ages_;
  bool new_at_first_, trends_ = false;
  double log_likelihood_ = 0;
};

}  // namespace firstfix::diagnosis
