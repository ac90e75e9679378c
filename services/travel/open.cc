#include "travel/open.h"

#include <fstream>
#include <sstream>

#include "planning/travel_table.h"
#include "travel/road_travel.h"

namespace firstfix::travel {
namespace {

Result<planning::TravelTable> read_table(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return fail(Code::kInvalid, "cannot read " + path);
  auto table = planning::read_travel_table(text.str());
  if (!table) return fail(table.error().code, path + ": " + table.error().message);
  return table;
}

}  // namespace

Result<std::unique_ptr<planning::Travel>> open(const Options& options, const Clock& clock) {
  if (options.kind == Kind::kOsrm) return std::make_unique<RoadTravel>(options.osrm, options.great_circle, clock);
  if (options.kind == Kind::kGreatCircle) return std::make_unique<planning::GreatCircleTravel>(options.great_circle);
  FIRSTFIX_TRY(table, read_table(options.table_file));
  return std::make_unique<planning::TableTravel>(std::move(table), options.great_circle);
}

}  // namespace firstfix::travel
