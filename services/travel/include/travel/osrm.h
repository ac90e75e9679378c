// The table service of OSRM's HTTP API, version 1: what is asked, and how its answer is read.
//
//   GET {url}/table/v1/{profile}/{lon,lat;…}?sources=0;1&destinations=2;3&annotations=duration
//   {"code": "Ok", "durations": [[12.3, null], …]}
//
// Source: the project's documentation, «Table service». Durations are seconds; null is no way by road.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/geo.h"
#include "base/result.h"
#include "base/time.h"

namespace firstfix::travel {

// The coordinates are those of `from`, then those of `to`.
std::string osrm_table_path(std::string_view profile, const std::vector<Position>& from,
                            const std::vector<Position>& to);

// In rows: one for each of `from`, with an entry for each of `to`.
using Durations = std::vector<std::optional<Duration>>;

// kNotFound if the service says of these places that it has no roads there (NoSegment, NoTable); kUnavailable if it
// refuses for another reason, which is told; kCorrupt, with the path, if this is no such table.
Result<Durations> read_osrm_table(std::string_view body, std::size_t from, std::size_t to);

}  // namespace firstfix::travel
