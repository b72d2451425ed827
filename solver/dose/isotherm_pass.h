// One pass of the isotherm measurement over a discretisation.
// Implements: what the passes over uniform grids and over meshes share: up to eight levels are
// measured at once, a bit per level telling on which side of it a node is.
#pragma once

#include <cstdint>
#include <vector>

#include "dose/isotherm.h"
#include "dose/isotherm_extent.h"

namespace thermodose::isotherm {

/// Levels measured in one pass: the bits of a byte.
constexpr std::size_t kLevelsPerPass = 8;

/// Sign of a level's function g = sign * (T - L): negative inside the region.
inline float sign_of(const IsothermLevel& level) {
  return level.side == IsothermLevel::Side::below ? 1.0F : -1.0F;
}

/// What a pass finds for one level.
struct Region {
  explicit Region(const std::vector<Vec3>& axes) : extent(axes) {}
  double volume = 0;  ///< m3
  RegionExtent extent;
  bool clipped = false;
  unsigned touched = 0;  ///< bit 2 d: lower face, 2 d + 1: upper
};

/// Levels of one pass in the form the node loop wants.
struct LevelSet {
  explicit LevelSet(const IsothermLevel* first, std::size_t count);
  std::size_t count = 0;
  float sign[kLevelsPerPass] = {};   ///< see sign_of
  float level[kLevelsPerPass] = {};  ///< K
  /// g of level l at temperature t; exact difference of floats near the level.
  float g(std::size_t l, float t) const { return sign[l] * (t - level[l]); }
  /// Bit l is set when t is inside the region of level l.
  std::uint8_t mask(float t) const {
    unsigned bits = 0;
    for (std::size_t l = 0; l < count; ++l) bits |= unsigned(g(l, t) < 0) << l;
    return static_cast<std::uint8_t>(bits);
  }
  /// The masks of `n` values.
  void mask(const float* t, std::size_t n, std::uint8_t* out) const;
};

/// Adds the regions of `levels` on nodes of a uniform grid in `box`.
void measure_uniform(const NodeGeometry& geometry, const float* temperature, const NodeBox& box,
                     const LevelSet& levels, std::vector<Region>& regions);

/// The same on hexahedra or axisymmetric quadrilaterals.
void measure_mesh(const NodeGeometry& geometry, const float* temperature, const LevelSet& levels,
                  std::vector<Region>& regions);

}  // namespace thermodose::isotherm
