// A second model beside the network: what was found with exactly these signs. The network counts each sign's say by
// itself; where signs hang together in ways that it does not know, past visits with the same signs know better.
#pragma once

#include <functional>

#include "diagnosis/model.h"
#include "tables.h"

namespace firstfix::diagnosis {

// Compares what was found with what `network` expects, for the signs that are common enough. How far the counts are
// believed is itself learnt from how far they are off: where the network explains them, the memory is empty.
Memory memorise(const Tables& tables, const std::function<Posterior(const IdSet&)>& network);

// Puts right what the network says of exactly these signs, sorted.
void recall(const Memory& memory, const IdSet& seen, Posterior& posterior);

}  // namespace firstfix::diagnosis
