// --set KEY=VALUE.
// Implements: replacing or adding values in the tree before it is read, so that an override is
// checked exactly like the file.
#pragma once

#include <string>

#include "case/problems.h"
#include "case/quantity.h"
#include "case/tree.h"

namespace thermodose {

/// Sets `path` ("a.b.c", list entries by number "a.0.b" or "a[0].b") to the YAML text `value`.
/// Adds a problem when a part of the path is no map and no list, or a list has no such entry.
void apply_override(Node& root, const std::string& path, const std::string& value,
                    Problems& problems);

}  // namespace thermodose
