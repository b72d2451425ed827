// The physics of a case, independent of cells.
// Implements: tissue laws, regions, probes and their protocol made from a CaseSpec.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "case/case_spec.h"
#include "devices/schedule.h"
#include "fem/heat_system.h"
#include "fem/node_mixtures.h"
#include "geometry/anatomy.h"
#include "geometry/shape.h"

namespace thermodose {

class GmshDomain;
class Cryoprobe;
class Tissue;

struct Model {
  const CaseSpec* spec = nullptr;
  /// One per tissue in use, 0 is the background; then those of the grades between two tissues.
  std::vector<SegmentLaw> laws;
  std::vector<std::string> law_names;
  std::vector<const Tissue*> tissues;  ///< of each law of one tissue
  std::vector<LawShares> law_shares;   ///< of which tissues each law is; empty = of one each
  const Anatomy* anatomy = nullptr;    ///< of the case, or the mesh of a file
  const GmshDomain* mesh = nullptr;
  const TissueScale* scale = nullptr;  ///< of the anatomy
  std::vector<int> grade_law;          ///< of each grade of it, from 0 to all of the second tissue
  /// Parts of the anatomy, then the regions of the case, which lie over them.
  std::vector<std::string> region_name;
  std::vector<int> region_law;
  std::vector<const Shape*> region_shape;  ///< null for a part of the anatomy
  std::vector<BoundingBox> region_bounds;  ///< of the shapes, m
  std::vector<const Cryoprobe*> devices;   ///< of each probe
  std::vector<ActiveSegment> segments;     ///< of each probe
  std::vector<std::string> caveats;        ///< of materials and devices in use

  /// Share, 0 to 1, of the tissues that freeze over less than `width` (K) in what lies within 20 mm
  /// of the active length of a probe, where the ice is and its edge comes to stand: the largest of
  /// all probes. Without probes 1 where any tissue is one of them.
  double sharply_freezing(double width) const;
  /// Region that owns a point: the last one that contains it, or the part of the anatomy there; -1
  /// = background.
  int region_at(const Vec3& p) const;
  /// Regions + 1 (0 = background) of n > 0 points that lie close together.
  void regions_at(const Vec3* points, std::size_t n, MaterialIndex* out) const;
  int law_at(const Vec3& p) const {
    const int r = region_at(p);
    if (scales(r)) return graded_law(scale->fraction(p));
    return r < 0 ? 0 : region_law[static_cast<std::size_t>(r)];
  }
  /// The law of the tissue that makes up most of the law at a point.
  int tissue_at(const Vec3& p) const { return main_tissue(law_at(p)); }
  int main_tissue(int law) const {
    return law_shares.empty() ? law : law_shares[static_cast<std::size_t>(law)].front().first;
  }
  /// Whether the material of a region lies between two tissues. Parts of the anatomy come first
  /// among the regions.
  bool scales(int region) const { return scale != nullptr && scale->scales(region); }
  /// Law of the grade nearest to a fraction.
  int graded_law(double fraction) const;
};

/// `temperature_tolerance`: of the piecewise laws, K.
Model make_model(const CaseSpec& spec, double temperature_tolerance);

/// The protocol of the case. `model` outlives it.
Schedule make_schedule(const Model& model);

/// Boundary conditions that follow the schedule and the faces of the case.
class CaseConditions final : public BoundaryConditions {
 public:
  CaseConditions(const Model& model, const Schedule& schedule);
  SurfaceCondition probe(std::size_t index, double t, double inside) const override;
  SurfaceCondition face(int face, double t) const override;

 private:
  const Model& model_;
  const Schedule& schedule_;
};

}  // namespace thermodose
