// Where something stands in an input file.
// Implements: file and line of a key, for messages.
#pragma once

#include <memory>
#include <string>

namespace thermodose {

struct Place {
  std::shared_ptr<const std::string> file;
  int line = 0;  ///< 1-based; 0 = no line (an override from the command line)
};

}  // namespace thermodose
