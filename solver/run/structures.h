// Targets and organs in space.
// Implements: the structures that a case names, made from its regions, the parts of its anatomy and
// shapes, and the refusal of those that have no part in the domain.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "dose/eval_lattice.h"
#include "output/summary.h"
#include "run/model.h"
#include "run/plan.h"

namespace thermodose {

/// Makes structures of a model, which outlives it and them.
class StructureMaker {
 public:
  explicit StructureMaker(const Model& model) : model_(model) {}
  /// `name` stands for the region of that name where the case names none. A region is what no
  /// later one covers; a shape is all of it.
  evaluation::Structure make(const StructureSpec& spec, const std::string& name);

 private:
  void add_steps(const std::vector<bool>& member, evaluation::Structure& out) const;

  const Model& model_;
  std::optional<std::vector<BoundingBox>> parts_;  ///< of the anatomy, when first asked for
};

/// m3, of the regions of a structure as the cells hold them; none for a shape of its own, whose
/// tissue is that of others.
std::optional<double> volume_on_cells(const StructureSpec& spec, const std::string& name,
                                      const std::vector<RegionSummary>& regions);

/// Throws InputError with the targets and organs of the case that have no volume in the domain.
/// Returns warnings: targets of which some lies outside.
std::vector<std::string> require_structures(const Model& model, const Plan& plan);

}  // namespace thermodose
