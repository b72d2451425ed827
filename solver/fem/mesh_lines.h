// Graded grid lines in one direction.
// Implements: points that land on given breaks and whose spacing follows
//   h(x) = min(finest + (growth - 1) d(x), coarsest),   d = distance to the nearest fine break,
// which is a geometric series of ratio `growth` outwards. The lines share the integral of 1/h
// evenly, so the ratio of neighbours never exceeds the wanted one and no sliver is left over.
#pragma once

#include <vector>

namespace thermodose {

/// A position that must be a line; near a fine one the spacing is finest.
struct LineBreak {
  double position = 0;  ///< m
  bool fine = false;
};

struct LineGrading {
  double finest = 0;    ///< m, spacing at fine breaks
  double growth = 1.2;  ///< ratio of neighbouring spacings
  double coarsest = 0;  ///< m
};

/// Increasing positions from the first break to the last. Breaks must increase and be at least
/// two; the spacing between two breaks never exceeds their distance.
std::vector<double> graded_lines(const std::vector<LineBreak>& breaks, const LineGrading& grading);

}  // namespace thermodose
