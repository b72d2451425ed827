// The problems of one reading.
// Implements: collecting every problem with its place, and the places of all keys that were
// visited, so that checks made after the reading can point at file and line.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "case/place.h"

namespace thermodose {

class Problems {
 public:
  static constexpr std::size_t kMostProblems = 200;

  /// Adds a problem. Throws InputError with all of them once there are kMostProblems: a file that
  /// is wrong in so many ways is read no further.
  void add(const Place& place, const std::string& key, const std::string& message);
  /// Adds a problem at the place of `key`, or of its nearest known parent.
  void add_at(const std::string& key, const std::string& message);
  /// Keys that exist, for who wrote one in the wrong place: "numerics.precision".
  void set_known_keys(std::vector<std::string> keys) { known_keys_ = std::move(keys); }
  /// "; there is 'numerics.precision'" for "precision"; "" when no known key ends so, or many.
  /// `top`: only below this key of the case.
  std::string elsewhere(const std::string& key, const std::string& top = "") const;
  /// What to add to problems of the map at `path`: to those of several keys at once, and to those
  /// of missing keys.
  enum class About { several, missing };
  void set_note(const std::string& path, About about, const std::string& note) {
    notes_[{path, about}] = note;
  }
  std::string note(const std::string& path, About about) const;
  /// Remembers where the value of a key stands.
  void locate(const std::string& key, const Place& place) { places_[key] = place; }
  const std::map<std::string, Place>& places() const { return places_; }
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
  std::vector<std::string> known_keys_;
  std::map<std::pair<std::string, About>, std::string> notes_;
};

/// The place of a key, or of its nearest parent that has one; no file when none has.
Place nearest_place(const std::map<std::string, Place>& places, const std::string& key);

/// "a.b" from "a" and "b"; "a[0]" for list entries.
std::string child_path(const std::string& parent, const std::string& key);
std::string child_path(const std::string& parent, std::size_t index);

}  // namespace thermodose
