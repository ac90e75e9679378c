// What the service organisation believes: the product's own diagnosis and kit, learning from every visit that ends.
#pragma once

#include <memory>
#include <vector>

#include "diagnosis/catalogue.h"
#include "diagnosis/diagnose.h"
#include "diagnosis/model.h"
#include "learning/counts.h"
#include "simulation/region.h"

namespace firstfix::simulation {

struct Judgement {
  int cause = 0;         // the most probable one
  std::vector<int> kit;  // parts worth carrying
};

class Expertise {
 public:
  // The catalogue that engineers would write: what is so, roughly.
  Expertise(const Region& region, std::uint64_t seed);

  Judgement judge(const std::vector<int>& codes) const;
  void learn(const std::vector<int>& codes, int cause, const std::vector<int>& parts);

 private:
  void renew();

  const Region& region_;
  diagnosis::Catalogue catalogue_;
  learning::Counts counts_;
  std::unique_ptr<const diagnosis::Model> model_;
  std::int64_t renewed_at_ = 0;
};

}  // namespace firstfix::simulation
