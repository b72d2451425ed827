// Visitors of the case.
// Implements: Keys with the one notion that only a case has, a section of library entries.
#pragma once

#include <string>
#include <vector>

#include "base/keys.h"
#include "case/case_spec.h"

namespace thermodose {

/// What materials and devices have in common: entries of one registry, from library files and
/// from a section of the case, where `from:` names the entry that a new one starts from.
struct LibraryKind {
  std::string section;       ///< key of the case, "materials"
  std::string noun;          ///< "tissue", "device": for messages
  std::string registry;      ///< registry of the entries
  std::string default_kind;  ///< entry of the registry when `kind` is not given
  std::string folder;        ///< below a library directory; "" = the directory itself
};

const LibraryKind& material_library();
const LibraryKind& device_library();

class CaseVisitor : public Keys {
 public:
  /// The section of `kind`. `entries`: what the case uses, for those visitors that write.
  virtual void library(const Key& key, const LibraryKind& kind,
                       std::vector<NamedConfigurable>& entries) = 0;
};

}  // namespace thermodose
