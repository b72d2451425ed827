// What a case calls the results of dose models and of targets.
// Implements: `describe NAME` for the fields of dose models, which criteria name, and for the
// verdict; the list of its fields below a dose model.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace thermodose::cli {

/// The text of a field such as "cem43_min" or "time_below_m40_s" (any temperature, any named set),
/// with the model behind it, or of "verdict"; nothing for any other name.
std::optional<std::string> describe_field(const std::string& name,
                                          const std::vector<std::string>& library);

/// The fields of the dose model `name` ("cem43", "dose/cem43"), a line each; "" for another name.
std::string fields_text(const std::string& name);

}  // namespace thermodose::cli
