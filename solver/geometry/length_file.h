// A file of coordinates that does not say its unit.
// Implements: the keys `file` and `unit` of surfaces and meshes, and the test that the unit is the
// right one.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "base/keys.h"
#include "base/reads_files.h"

namespace thermodose {

struct LengthFile {
  std::string path, unit;

  /// `help`: of the key `file`.
  void keys(Keys& k, const char* help);
  /// A relative path starts at the case.
  void place(const ReadContext& context);
  double metres() const { return unit == "mm" ? 1e-3 : unit == "cm" ? 1e-2 : 1; }
  /// A problem when the longest side `side` (m) of `what` is longer or shorter than anything in a
  /// patient: the unit is another one.
  void check_size(double side, const char* what, std::vector<Problem>& problems) const;
};

}  // namespace thermodose
