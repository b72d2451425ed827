// Looking a value up by its key.
// Implements: a visitor that reads back what an object holds, so that checks between rooms
// (does the needle fit into the domain?) need only the key names that users see.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/keys.h"

namespace thermodose {

/// Top-level real keys of `object` with their SI values; unset optional ones are left out.
std::map<std::string, double> real_values(Configurable& object);

}  // namespace thermodose
