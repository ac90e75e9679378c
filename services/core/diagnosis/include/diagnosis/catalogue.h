// What engineers know before there is any history: causes, the codes that they show and the parts that they take, with
// rough probabilities.
#pragma once

#include <string>
#include <vector>

#include "diagnosis/families.h"

namespace firstfix::diagnosis {

struct Link {
  std::string name;        // of the code or part
  double probability = 0;  // 0 to 1
};

struct Cause {
  std::string name;
  double rate = 1;  // relative to the other causes
  std::vector<Link> codes;
  std::vector<Link> parts;
  std::vector<std::string> models;  // that it can befall; none means all
};

struct Catalogue {
  std::vector<Cause> causes;
  Families families;
};

}  // namespace firstfix::diagnosis
