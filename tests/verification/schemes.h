// Which engines and integrators a parametrised case runs on.
// Implements: lists of schemes and their names in test reports.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "verification/engines.h"

namespace thermodose::verification {

inline std::string scheme_name(const ::testing::TestParamInfo<Scheme>& info) {
  return identifier(info.param);
}

/// For slabs and cylinders: BDF2 too, through faces and probes of the engine.
inline auto all_schemes() {
  return ::testing::Values(Scheme{Engine::grid}, Scheme{Engine::octree},
                           Scheme{Engine::axisymmetric}, Scheme{Engine::octree, Method::bdf2},
                           Scheme{Engine::axisymmetric, Method::bdf2});
}
inline auto cylinder_schemes() {
  return ::testing::Values(Scheme{Engine::grid}, Scheme{Engine::octree},
                           Scheme{Engine::axisymmetric},
                           Scheme{Engine::axisymmetric, Method::bdf2});
}
/// Spheres need pinned nodes, which only RKL2 takes.
inline auto sphere_schemes() {
  return ::testing::Values(Scheme{Engine::grid}, Scheme{Engine::graded_octree},
                           Scheme{Engine::axisymmetric});
}

}  // namespace thermodose::verification
