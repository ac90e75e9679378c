// What cannot wait: jobs that are all served, if any plan can, before others, and for which people are called out.
#pragma once

namespace firstfix::planning {

inline constexpr int kEmergencyPriority = 85;  // of 0 to 100

inline bool cannot_wait(int priority) {
  return priority >= kEmergencyPriority;
}

}  // namespace firstfix::planning
