// Declaration of input keys.
// Implements: one declaration per key that serves parsing, checking, unit conversion,
// documentation, the JSON Schema and the echo of the resolved case. A class that can be
// configured has one function `void keys(Keys&)` that names its keys and binds them to its
// members; what happens then depends on the Keys object (reader, writer, describer).
//
// Rules
// - A real key has a unit at the user's edge; the bound member is SI. Bare numbers are errors
//   unless the unit is "1" (a pure number such as a count or a safety factor).
// - An optional key leaves the member at its present value, which is documented as the default.
// - Physical properties have no default: their keys are required.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/types.h"

namespace thermodose {

/// What is said about a key. Build it with key("name", "mm", "meaning").range(0, 10).optional().
struct Key {
  std::string name;
  std::string unit;      ///< unit at the user's edge; "" for text, flags, sections
  std::string help;      ///< one sentence: the meaning
  std::string citation;  ///< where a default or bound comes from
  double min = -std::numeric_limits<double>::infinity();  ///< in `unit`, inclusive
  double max = std::numeric_limits<double>::infinity();   ///< in `unit`, inclusive
  bool required = true;
  std::vector<std::string> choices;  ///< allowed words of a text key; empty = any

  Key& range(double lo, double hi) {
    min = lo;
    max = hi;
    return *this;
  }
  Key& positive() {
    min = std::numeric_limits<double>::min();
    return *this;
  }
  Key& optional() {
    required = false;
    return *this;
  }
  Key& source(std::string s) {
    citation = std::move(s);
    return *this;
  }
  Key& one_of(std::vector<std::string> words) {
    choices = std::move(words);
    return *this;
  }
};

inline Key key(std::string name, std::string unit, std::string help) {
  Key k;
  k.name = std::move(name);
  k.unit = std::move(unit);
  k.help = std::move(help);
  return k;
}

class Keys;

/// Anything that is configured from input: a shape, a law, a device.
class Configurable {
 public:
  virtual ~Configurable() = default;
  /// Declares the keys and binds them to members.
  virtual void keys(Keys& k) = 0;
  /// Checks that need several keys at once. Returns problems as "key: message"; empty when good.
  virtual std::vector<std::string> check() const { return {}; }
};

/// A value given in one of several units of different dimension (perfusion: 1/s, mL/min/kg,
/// kg/m3/s, W/m3/K). `unit` names the entry of the declared list that matched; `value` is SI in it.
struct TaggedReal {
  double value = 0;
  std::string unit;
};

/// Visitor over declared keys. The bound values are SI.
class Keys {
 public:
  virtual ~Keys() = default;

  virtual void real(const Key& key, double& value) = 0;
  virtual void real(const Key& key, std::optional<double>& value) = 0;
  /// `units`: allowed user units, one per dimension; key.unit is the preferred one.
  virtual void real_in(const Key& key, const std::vector<std::string>& units,
                       TaggedReal& value) = 0;
  virtual void integer(const Key& key, int& value) = 0;
  virtual void integer(const Key& key, std::optional<int>& value) = 0;
  virtual void flag(const Key& key, bool& value) = 0;
  /// Text; key.choices restricts it.
  virtual void text(const Key& key, std::string& value) = 0;
  virtual void texts(const Key& key, std::vector<std::string>& value) = 0;
  /// "1 2 3 mm" (one unit for the three), or a list of three quantities [1 mm, 2 mm, 3 mm].
  virtual void point(const Key& key, Vec3& value) = 0;
  virtual void point(const Key& key, std::optional<Vec3>& value) = 0;
  virtual void reals(const Key& key, std::vector<double>& value) = 0;
  /// A map from user-chosen names to points.
  virtual void named_points(const Key& key, std::vector<std::string>& names,
                            std::vector<Vec3>& values) = 0;
  /// Table of pairs [[x, y], ...]; `key.unit` is the unit of y, `x` declares the abscissa.
  /// Abscissae must increase.
  virtual void curve(const Key& key, const Key& x,
                     std::vector<std::pair<double, double>>& value) = 0;

  /// A nested map. `present` (may be null) tells whether an optional section was given.
  virtual void section(const Key& key, bool* present, const std::function<void(Keys&)>& body) = 0;
  /// A list of maps; `body` is called once per entry with its index, after the caller's
  /// container was resized through `resize`.
  virtual void list(const Key& key, const std::function<void(std::size_t)>& resize,
                    const std::function<std::size_t()>& size,
                    const std::function<void(Keys&, std::size_t)>& body) = 0;
  /// A map from user-chosen names to maps; like list, with names (in file order).
  virtual void named(const Key& key, std::vector<std::string>& names,
                     const std::function<void(std::size_t)>& resize,
                     const std::function<void(Keys&, std::size_t)>& body) = 0;
  /// A choice from a registry: "{sphere: {center: ..., radius: ...}}" or the bare word "sphere".
  /// `registry` is the registry's name ("shape", "conductivity", ...), see base/registry.h.
  virtual void plugin(const Key& key, const std::string& registry, std::string& chosen,
                      std::shared_ptr<Configurable>& value) = 0;
  /// A list of plugins of one registry.
  virtual void plugins(const Key& key, const std::string& registry,
                       std::vector<std::string>& chosen,
                       std::vector<std::shared_ptr<Configurable>>& value) = 0;
};

}  // namespace thermodose
