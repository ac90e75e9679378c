// The bus's state as a message, and back.
#pragma once

#include "agent/bus.h"
#include "checkpoint.pb.h"

namespace firstfix::agent {

void save(const Bus& bus, checkpoint::Bus& out);
Bus restore(const checkpoint::Bus& in);

}  // namespace firstfix::agent
