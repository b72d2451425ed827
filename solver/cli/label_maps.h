// Shipped maps of labels.
// Implements: `list maps` and `describe NAME` for the maps of materials/maps: which label is which
// structure and which tissue.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace thermodose::cli {

/// A line for each map of the library: name and title.
std::string list_maps(const std::vector<std::string>& library);

/// The text of a map; nothing when there is none of this name. Throws InputError for a broken one.
std::optional<std::string> describe_map(const std::string& name,
                                        const std::vector<std::string>& library);

}  // namespace thermodose::cli
