// The problems of one reading.
// Implements: collecting every problem with its place, and the places of all keys that were
// visited, so that checks made after the reading can point at file and line.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace thermodose {

/// A place in an input file.
struct Place {
  std::shared_ptr<const std::string> file;
  int line = 0;  ///< 1-based; 0 = no line (an override from the command line)
};

class Problems {
 public:
  static constexpr std::size_t kMostProblems = 200;

  /// Adds a problem. Throws InputError with all of them once there are kMostProblems: a file that
  /// is wrong in so many ways is read no further.
  void add(const Place& place, const std::string& key, const std::string& message);
  /// Adds a problem at the place of `key`, or of its nearest known parent.
  void add_at(const std::string& key, const std::string& message);
  /// Remembers where the value of a key stands.
  void locate(const std::string& key, const Place& place) { places_[key] = place; }
  /// True when no problem was found at `key`, below it, or at one of its parents.
  bool good(const std::string& key) const;

  /// True when a problem was found at exactly `key`.
  bool told(const std::string& key) const;

  bool empty() const { return problems_.empty(); }
  /// Throws InputError when there is a problem; sorted by file (first touched first) and
  /// line; the same text at the same place is told once.
  void raise() const;

 private:
  std::vector<Problem> problems_;
  std::map<std::string, Place> places_;
};

/// "a.b" from "a" and "b"; "a[0]" for list entries.
std::string child_path(const std::string& parent, const std::string& key);
std::string child_path(const std::string& parent, std::size_t index);

}  // namespace thermodose
