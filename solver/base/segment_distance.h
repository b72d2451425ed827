// Distance of two line segments.
// Implements: the closest points of two segments in closed form (Ericson 2005, Real-Time Collision
// Detection, 5.1.9).
#pragma once

#include "base/types.h"

namespace thermodose {

/// Shortest distance between the segments p0 p1 and q0 q1, in the unit of the points. A segment
/// may be a point.
double segment_distance(const Vec3& p0, const Vec3& p1, const Vec3& q0, const Vec3& q1);

}  // namespace thermodose
