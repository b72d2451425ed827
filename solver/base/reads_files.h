// Things that read files which their keys name.
// Implements: the moment at which an object of a registry reads its files, so that solver/case
// needs no header of solver/geometry.
#pragma once

#include <string>
#include <vector>

namespace thermodose {

/// Where files that a key names are looked for.
struct ReadContext {
  std::string directory;             ///< of the case file: relative paths start there
  std::vector<std::string> library;  ///< folders of shipped data (materials, meshes)
};

class ReadsFiles {
 public:
  virtual ~ReadsFiles() = default;
  /// Reads files and builds tables; called once, after the keys. Throws InputError with every
  /// problem found, their keys relative to its own; IoError.
  virtual void prepare(const ReadContext& context) = 0;
};

}  // namespace thermodose
