// Things that bring tissues into a case.
// Implements: the two questions the case reader asks an anatomy, so that solver/case needs no
// header of solver/geometry: to get ready, and which tissues it is made of.
#pragma once

#include <string>
#include <vector>

namespace thermodose {

/// Where files that a key names are looked for.
struct ReadContext {
  std::string directory;             ///< of the case file: relative paths start there
  std::vector<std::string> library;  ///< folders of shipped data (materials, meshes)
};

class TissueSource {
 public:
  virtual ~TissueSource() = default;
  /// Reads files and builds tables; called once, after the keys. Throws InputError with every
  /// problem found, their keys relative to its own; IoError.
  virtual void prepare(const ReadContext& context) = 0;
  /// Names of its parts, each once. After prepare().
  virtual std::vector<std::string> part_names() const = 0;
  /// Entries of the materials library or of the case, each once. After prepare().
  virtual std::vector<std::string> tissues() const = 0;
};

}  // namespace thermodose
