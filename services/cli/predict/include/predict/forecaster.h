// Learns a history and answers cases from it: the same core that the daemon runs, fed from files.
#pragma once

#include <optional>

#include "diagnosis/model.h"
#include "learning/counts.h"
#include "predict/cases.h"
#include "predict/history_files.h"

namespace firstfix::predict {

class Forecaster {
 public:
  explicit Forecaster(const History& history);

  // Depends on the history and this case alone. Thread-safe.
  Prediction answer(const Case& question) const;

  std::int64_t visits() const { return visits_; }
  std::int64_t warnings() const { return warnings_; }
  const learning::Habits& habits() const { return habits_; }

 private:
  std::vector<std::string> kit(const diagnosis::Answer& answer) const;

  std::map<std::string, PartCost> costs_;
  double second_visit_cost_ = 0;
  learning::Habits habits_;
  std::int64_t visits_ = 0, warnings_ = 0;
  std::optional<diagnosis::Model> stopped_, warned_;
};

}  // namespace firstfix::predict
