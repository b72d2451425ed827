// The tissues of a case as images and surfaces.
// Implements: `thermodose export`: a label map of the regions of a case (parts of its anatomy, its
// own regions over them) with the map of labels to tissues that reads it back, and the closed
// surfaces of the regions.
#pragma once

#include <string>
#include <vector>

#include "case/case_spec.h"

namespace thermodose {

struct ExportOptions {
  std::string directory;
  double spacing = 1e-3;             ///< m, voxels and lattice of the surfaces
  std::string extension = "nii.gz";  ///< of the label map
  bool surfaces = false;             ///< also .stl and .vtp of every region
};

/// Writes <directory>/labels.<extension>, labels.yaml and, if asked for, <region>.stl and .vtp.
/// Returns what was written, a line each, with volumes. Throws InputError for a domain that is no
/// box or has too many voxels, IoError.
std::vector<std::string> export_case(const CaseSpec& spec, const ExportOptions& options);

}  // namespace thermodose
