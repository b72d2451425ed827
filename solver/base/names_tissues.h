// Things outside the tissues that speak of them by name.
// Implements: what the case reader asks a dose model, so that solver/case needs no header of
// solver/dose: which tissues it names, and under which keys, so that a misspelt one is told.
#pragma once

#include <string>
#include <vector>

namespace thermodose {

struct TissueName {
  std::string key;  ///< below the object: "tissues.bone"
  std::string tissue;
};

class NamesTissues {
 public:
  virtual ~NamesTissues() = default;
  virtual std::vector<TissueName> named_tissues() const = 0;
};

}  // namespace thermodose
