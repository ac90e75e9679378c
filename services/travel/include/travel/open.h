// The travel times that the options name.
#pragma once

#include <memory>

#include "travel/options.h"

namespace firstfix::travel {

// Errors: a table file that cannot be read or is not a table. A table service is not asked yet: it may come later.
// The clock outlives what is returned.
Result<std::unique_ptr<planning::Travel>> open(const Options& options, const Clock& clock);

}  // namespace firstfix::travel
