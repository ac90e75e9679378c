// What is replaced on a visit because its time has come, not because it has failed.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "firstfix/v1/case.pb.h"
#include "firstfix/v1/knowledge.pb.h"

namespace firstfix::visit {

// A repair with a step for each part of the kit that is due and that the engineer will have, in the order of the kit:
// what to replace, and since when it has been due. Without steps if there is none. `name_of` says what people call a
// part. A step may be left out with a reason: it has not failed.
v1::ServiceStandard due_work(const v1::PartsPlan& kit, const std::function<std::string(std::string_view)>& name_of);

}  // namespace firstfix::visit
