// Positions and great-circle distance.
#pragma once

namespace firstfix {

// WGS 84, degrees.
struct Position {
  double latitude_deg = 0;
  double longitude_deg = 0;
};

bool valid(const Position& p);  // finite, |latitude| ≤ 90, |longitude| ≤ 180

// Great-circle distance on a sphere of the Earth's mean radius (6,371,008.8 m), by the haversine formula.
double distance_m(const Position& a, const Position& b);

}  // namespace firstfix
