// The law of a volume that holds several tissues.
// Implements, with shares f_i of the volume and one temperature throughout:
//   H(T) = sum f_i H_i(T),  theta(T) = sum f_i theta_i(T),  S(T) = sum f_i S_i(T).
// The pieces break where those of any part do, so that H is exact there and, unless breaks had to
// be dropped, H, theta and S are exact throughout.
#pragma once

#include <vector>

#include "physics/segment_law.h"

namespace thermodose {

struct LawPart {
  const SegmentLaw* law = nullptr;
  double share = 0;  ///< of the volume; all shares sum to 1
};

/// The mixture, with at most `max_segments` pieces (>= 3): breaks that matter least for H are
/// dropped until it has no more. All laws have the same reference temperature.
SegmentLaw mix_laws(const std::vector<LawPart>& parts, int max_segments);

}  // namespace thermodose
