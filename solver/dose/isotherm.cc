// Implements: dose/isotherm.h: splits the levels into passes and turns regions into measures.
#include "dose/isotherm.h"

#include <algorithm>
#include <cassert>

#include "dose/isotherm_pass.h"

namespace thermodose {

namespace {

using isotherm::LevelSet;
using isotherm::Region;

/// The part of `wanted` that exists.
NodeBox inside(const NodeGeometry& geometry, const std::optional<NodeBox>& wanted) {
  NodeBox box;
  for (std::size_t d = 0; d < 3; ++d) {
    box.begin[d] = wanted ? std::max(0, wanted->begin[d]) : 0;
    box.end[d] = wanted ? std::min(geometry.nodes[d], wanted->end[d]) : geometry.nodes[d];
  }
  return box;
}

IsothermMeasure finish(const Region& region, bool axisymmetric, std::size_t axes) {
  IsothermMeasure m;
  m.volume = region.volume;
  m.clipped = region.clipped;
  m.touched = region.touched;
  m.along.assign(axes, 0);
  m.across.assign(axes, 0);
  if (region.extent.empty()) return m;
  m.lower = region.extent.lower;
  m.upper = region.extent.upper;
  if (axisymmetric) {  // the body of revolution spans [-r, r] in x and y
    m.lower[0] = m.lower[1] = -m.upper[0];
    m.upper[1] = m.upper[0];
    m.along[0] = m.upper[2] - m.lower[2];
    m.across[0] = 2 * m.upper[0];
  }
  for (std::size_t d = 0; d < 3; ++d) m.extent[d] = m.upper[d] - m.lower[d];
  for (std::size_t a = 0; a < region.extent.axis.size(); ++a) {
    m.along[a] = region.extent.axis[a].along();
    m.across[a] = region.extent.axis[a].across();
  }
  return m;
}

}  // namespace

isotherm::LevelSet::LevelSet(const IsothermLevel* first, std::size_t number) : count(number) {
  assert(number <= kLevelsPerPass);
  for (std::size_t l = 0; l < number; ++l) {
    sign[l] = sign_of(first[l]);
    level[l] = static_cast<float>(first[l].temperature);
  }
}

void isotherm::LevelSet::mask(const float* t, std::size_t n, std::uint8_t* out) const {
  // Blocks of fixed length become vector code; the last one overlaps the one before it.
  constexpr std::size_t kBlock = 32;
  if (n < kBlock) {
    for (std::size_t i = 0; i < n; ++i) out[i] = mask(t[i]);
    return;
  }
  for (std::size_t next = 0; next < n; next += kBlock) {
    const std::size_t at = std::min(next, n - kBlock);
    std::array<std::int32_t, kBlock> bits{};
    for (std::size_t l = 0; l < count; ++l) {
      const std::int32_t bit = std::int32_t(1) << l;
      const float* in = t + at;
      const float s = sign[l];
      const float limit = level[l];
      for (std::size_t i = 0; i < kBlock; ++i)
        bits[i] |= -static_cast<std::int32_t>(s * (in[i] - limit) < 0) & bit;
    }
    for (std::size_t i = 0; i < kBlock; ++i) out[at + i] = static_cast<std::uint8_t>(bits[i]);
  }
}

std::vector<IsothermMeasure> measure_isotherms(const NodeGeometry& geometry,
                                               const float* temperature,
                                               const std::vector<IsothermLevel>& levels,
                                               const IsothermOptions& options) {
  const std::vector<Vec3> axes = geometry.axisymmetric ? std::vector<Vec3>{} : options.axes;
  std::vector<IsothermMeasure> measures;
  measures.reserve(levels.size());
  for (std::size_t at = 0; at < levels.size(); at += isotherm::kLevelsPerPass) {
    const LevelSet set(&levels[at], std::min(levels.size() - at, isotherm::kLevelsPerPass));
    std::vector<Region> regions(set.count, Region(axes));
    if (geometry.uniform) {
      isotherm::measure_uniform(geometry, temperature, inside(geometry, options.box), set, regions);
    } else {
      isotherm::measure_mesh(geometry, temperature, set, regions);
    }
    for (const Region& region : regions) {
      measures.push_back(
          finish(region, geometry.axisymmetric, geometry.axisymmetric ? 1 : axes.size()));
    }
  }
  return measures;
}

}  // namespace thermodose
