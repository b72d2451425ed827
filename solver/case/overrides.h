// --set KEY=VALUE.
// Implements: replacing or adding values in the tree before it is read, so that an override is
// checked exactly like the file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "case/problems.h"
#include "case/quantity.h"
#include "case/tree.h"

namespace thermodose {

/// A section of the case whose entries may come from a library.
struct LibrarySection {
  std::string section;             ///< "materials"
  std::string noun;                ///< "tissue"
  std::vector<std::string> names;  ///< entries of the library
};

/// An entry of such a section.
struct LibraryEntry {
  std::string section, name;
};

/// Sets `path` to the YAML text `value`. A path is "a.b.c", with list entries by number, "a.0.b" or
/// "a[0].b"; names that hold dots are taken whole where they exist, and may stand in quotes,
/// "a.\"b.c\".d". An entry of a library that the case does not define is made in its section as
/// `from` itself, so that one key of it can be varied. The value `~` takes the key away. Returns
/// the entry that was touched. Adds a problem when a part of the path is no map and no list, a list
/// has no such entry, or neither case nor library have the entry.
std::optional<LibraryEntry> apply_override(Node& root, const std::string& path,
                                           const std::string& value,
                                           const std::vector<LibrarySection>& libraries,
                                           Problems& problems);

}  // namespace thermodose
