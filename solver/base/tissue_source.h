// Things that bring tissues into a case.
// Implements: what the case reader asks an anatomy once it has read its files, so that solver/case
// needs no header of solver/geometry: which parts and tissues it is made of.
#pragma once

#include <string>
#include <vector>

#include "base/reads_files.h"

namespace thermodose {

class TissueSource : public ReadsFiles {
 public:
  /// Names of its parts, each once. After prepare().
  virtual std::vector<std::string> part_names() const = 0;
  /// Why a name that it knows is none of part_names(); empty when it does not know the name. After
  /// prepare().
  virtual std::string why_absent(const std::string& /*name*/) const { return {}; }
  /// Entries of the materials library or of the case, each once. After prepare().
  virtual std::vector<std::string> tissues() const = 0;
};

}  // namespace thermodose
