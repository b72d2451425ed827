// Samples of a cube, and what they say about a cell.
// Implements: the points that a cell of geometry/cell_composition.h is sampled at, shares, normals
// and lengths along its diagonals made from them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

#include "geometry/cell_composition.h"

namespace thermodose::composition {

inline constexpr int kSamples = 6;  // even: every sample belongs to one eighth of the cell
inline constexpr std::size_t kPoints = static_cast<std::size_t>(kSamples) * kSamples * kSamples;

/// Materials and how much there is of each, in any unit.
using Counts = std::vector<std::pair<MaterialIndex, double>>;
void count(Counts& counts, MaterialIndex material, double weight);
Shares shares_of(Counts counts);

/// Samples of one cube.
struct Samples {
  std::array<MaterialIndex, kPoints> value{};

  static std::size_t index(int i, int j, int k) {
    const int n = i + kSamples * (j + kSamples * k);
    return static_cast<std::size_t>(n);
  }
  // Sheared, for shares: the samples of a line sit at other depths than those of the next line.
  // Not sheared and out to the faces, for normals: shear would look like a slope, and a thin
  // sliver lies between the last sample and the face.
  void take(const Vec3& lower, double edge, const MaterialsAt& materials_at, bool sheared);
  Counts counts() const;
  /// Adds the samples of an eighth, bit d of `octant`: its upper half in direction d.
  void add_eighth(unsigned octant, Counts& out) const;
  /// Unit normal of the interface; of samples that are not sheared.
  std::array<float, 3> normal() const;
};

/// A cell that is not of one material, and its sheared samples.
struct SampledCell {
  CutCell cut;
  Samples samples;
};
/// Samples a cube. Of one material after all (only its corners touch something else):
/// cut.shares.count is 1.
SampledCell sample_cell(std::size_t cell, const Vec3& lower, double edge,
                        const MaterialsAt& materials_at);

/// Runs task(k) for 0 <= k < n, each by the thread that is free: cut cells, which take most of the
/// time, are not spread evenly.
template <class Task>
void in_parallel(int n, int threads, const Task& task) {
  std::atomic<int> next{0};
  const auto work = [&] {
    for (int k = next++; k < n; k = next++) task(k);
  };
  std::vector<std::thread> others;
  for (int t = 1; t < threads; ++t) others.emplace_back(work);
  work();
  for (auto& other : others) other.join();
}

}  // namespace thermodose::composition
