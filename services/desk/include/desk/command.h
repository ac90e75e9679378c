// What a command, a timer or a device's message works with. One Command is one unit of work.
#pragma once

#include <string>

#include "base/ids.h"
#include "desk/minds.h"
#include "desk/plans.h"
#include "desk/prices.h"
#include "desk/unit_of_work.h"
#include "planning/travel.h"

namespace firstfix::desk {

struct Command {
  UnitOfWork& uow;
  Minds& minds;
  Entropy& entropy;
  Plans& plans;
  const std::string& actor;
  const planning::Travel& travel;
  const Prices& prices = kUsualPrices;

  Instant now() const { return uow.now(); }
  std::string fresh(std::string_view collection) const {
    return std::string(collection) + "/" + new_id(uow.now(), entropy);
  }
};

}  // namespace firstfix::desk
