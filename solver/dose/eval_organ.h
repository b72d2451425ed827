// Organs beside the target.
// Implements: the coldest and the hottest point of an organ with place and time, how long it was
// outside a safe band and how much of it. The interpolant has its extremes over an organ at nodes
// inside or on the organ's surface: both are watched, the surface at the points of its lattice
// (dose/eval_lattice.h) and at the corners of an organ of voxels. A search from the best of them,
// in steps halved from half the lattice spacing to a 256th of it, goes on to corners and edges in
// between, within the organ. On a surface with a second extreme almost as far, which of them is
// found hangs on the lattice; the value then errs by O(s^2) in the lattice spacing s.
#pragma once

#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "dose/eval_structure.h"

namespace thermodose::evaluation {

/// Values an organ stands, in the unit of the fields (K).
struct SafeBand {
  double lower, upper;
};

struct Extreme {
  double value = std::numeric_limits<double>::quiet_NaN();
  Vec3 place{};                                            ///< m
  double time = std::numeric_limits<double>::quiet_NaN();  ///< s
};

/// Values are NaN for an organ outside the domain or before anything was seen.
struct OrganReport {
  double volume = 0, in_domain = 0;  ///< m3, of the organ
  Extreme coldest, hottest;          ///< over the instants
  /// Over all time, from the running fields; their time is NaN: no field tells it. Colder (hotter)
  /// than the above when the extreme fell between instants.
  Extreme coldest_ever, hottest_ever;
  double cold_volume = 0, hot_volume = 0;  ///< m3 that ever was below (above) the band
  /// s during which some point was below (above, either) the band; linear between instants.
  double time_below = 0, time_above = 0, time_outside = 0;
  double first_outside = std::numeric_limits<double>::quiet_NaN();  ///< s; NaN: never
};

/// Accumulates over a run. The sampler must outlive it.
class OrganWatch {
 public:
  OrganWatch(const Structure& organ, const FieldSampler& sampler, const SafeBand& band,
             const SamplingOptions& options = {});

  /// Node temperatures at a time (s), times rising. 1 ns per node in the organ, 10 ns per surface
  /// point, 50 us for the searches.
  void instant(double time, const float* temperature);
  /// `lowest`, `highest`: running extremes of the node temperatures (t_min, t_max), for the volumes
  /// and the extremes of all time. Interpolated extremes of nodes are colder (hotter) than the
  /// extreme of the interpolant: on the safe side.
  OrganReport report(const float* lowest, const float* highest) const;
  const SampledStructure& samples() const { return samples_; }
  /// The nodes whose temperatures instant() reads, appended.
  void add_nodes(std::vector<std::size_t>& nodes) const;
  /// Coldest and hottest at the last instant, K; NaN before the first.
  std::pair<double, double> last() const { return {low_, high_}; }

 private:
  struct Ends {
    Extreme low, high;
  };
  /// A value, its sign turned for the hottest, and where it is.
  struct Best {
    float value;
    Vec3 place;
  };
  Ends ends(const float* field, double time) const;
  Best search(const float* field, float sign, Best best) const;
  bool is_watched(const Stencil& stencil) const;
  void add_time(double time, double low, double high);

  SampledStructure samples_;
  SafeBand band_;
  std::vector<std::size_t> nodes_;  ///< inside the organ
  std::vector<Vec3> points_;        ///< on its surface
  std::vector<Stencil> stencils_;   ///< of points_
  /// Numbers of the cells about points_, rising: where their nodes are known.
  std::vector<std::ptrdiff_t> cells_;
  Vec3 step_{};  ///< m, of a search
  OrganReport report_;
  bool started_ = false;
  double time_ = 0;  ///< of the instant before
  double low_ = std::numeric_limits<double>::quiet_NaN();
  double high_ = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace thermodose::evaluation
