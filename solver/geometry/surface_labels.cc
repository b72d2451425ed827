#include "geometry/surface_labels.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include "base/error.h"
#include "base/text.h"
#include "geometry/vec.h"

namespace thermodose {

void check_sampling(const BoundingBox& box, double spacing) {
  std::vector<Problem> problems;
  if (!(spacing > 0) || !std::isfinite(spacing)) {
    problems.push_back(
        {"", 0, "spacing", "found " + text::number(spacing) + " m, expected a length above 0"});
  }
  double cubes = 1;
  for (int i = 0; i < 3; ++i) {
    const double size = box.upper[i] - box.lower[i];
    if (!(size > 0) || !std::isfinite(size)) {
      problems.push_back(
          {"", 0, "box", "found an empty or endless box, expected lower < upper, both finite"});
      break;
    }
    cubes *= std::ceil(size / spacing) + 2;
  }
  constexpr double kMost = 2147483648.;
  if (problems.empty() && cubes > kMost) {
    problems.push_back({"", 0, "spacing",
                        "found " + text::number(spacing * 1e3) + " mm, which makes " +
                            text::number(cubes) + " points in the box, expected at most 2^31"});
  }
  if (!problems.empty()) throw InputError(problems);
}

SampledLabels sample_labels(const Anatomy& anatomy, const BoundingBox& box, double spacing,
                            int threads) {
  check_sampling(box, spacing);
  SampledLabels out;
  out.spacing = spacing;
  for (int i = 0; i < 3; ++i) {
    out.size[i] = int(std::ceil((box.upper[i] - box.lower[i]) / spacing));
    out.origin[i] = (box.lower[i] + box.upper[i] - spacing * (out.size[i] - 1)) / 2;
  }
  const auto layer = std::size_t(out.size[0]) * std::size_t(out.size[1]);
  out.labels.resize(layer * std::size_t(out.size[2]));
  const auto sample = [&](int begin, int end) {
    for (int k = begin; k < end; ++k) {
      std::size_t at = layer * std::size_t(k);
      for (int j = 0; j < out.size[1]; ++j) {
        for (int i = 0; i < out.size[0]; ++i) {
          const Vec3 p = out.origin + spacing * Vec3{double(i), double(j), double(k)};
          out.labels[at++] = std::uint16_t(anatomy.part_at(p) + 1);
        }
      }
    }
  };
  const int parts = std::clamp(threads, 1, out.size[2]);
  std::vector<std::thread> pool;
  for (int t = 1; t < parts; ++t) {
    pool.emplace_back(sample, t * out.size[2] / parts, (t + 1) * out.size[2] / parts);
  }
  sample(0, out.size[2] / parts);
  for (auto& thread : pool) thread.join();
  return out;
}

double label_volume(const SampledLabels& sampled, int label) {
  const auto count = std::count(sampled.labels.begin(), sampled.labels.end(), label);
  return double(count) * sampled.spacing * sampled.spacing * sampled.spacing;
}

}  // namespace thermodose
