// Implements: Keys for tests: fills bound values from C++ (SI), records what was declared.
#pragma once

#include <cassert>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/keys.h"
#include "base/registry.h"

namespace thermodose::testing {

/// Values by key, SI. What is not given keeps the default of the class.
class MapKeys final : public Keys {
 public:
  std::map<std::string, double> reals_si;
  std::map<std::string, TaggedReal> tagged;
  std::map<std::string, std::string> words;
  std::map<std::string, std::vector<std::pair<double, double>>> curves;
  std::map<std::string, std::pair<std::string, std::shared_ptr<Configurable>>> plugins_given;
  std::set<std::string> declared;
  std::set<std::string> required_missing;

  void real(const Key& key, double& value) override {
    if (seen(key, reals_si)) value = reals_si.at(key.name);
  }
  void real(const Key& key, std::optional<double>& value) override {
    if (seen(key, reals_si)) value = reals_si.at(key.name);
  }
  void real_in(const Key& key, const std::vector<std::string>&, TaggedReal& value) override {
    if (seen(key, tagged)) value = tagged.at(key.name);
  }
  void text(const Key& key, std::string& value) override {
    if (seen(key, words)) value = words.at(key.name);
  }
  void curve(const Key& key, const Key&, std::vector<std::pair<double, double>>& value) override {
    if (seen(key, curves)) value = curves.at(key.name);
  }
  void plugin(const Key& key, const std::string&, std::string& chosen,
              std::shared_ptr<Configurable>& value) override {
    if (seen(key, plugins_given)) std::tie(chosen, value) = plugins_given.at(key.name);
  }
  void texts(const Key& key, std::vector<std::string>&) override { declared.insert(key.name); }
  void integer(const Key&, int&) override { unused(); }
  void integer(const Key&, std::optional<int>&) override { unused(); }
  void flag(const Key&, bool&) override { unused(); }
  void point(const Key&, Vec3&) override { unused(); }
  void point(const Key&, std::optional<Vec3>&) override { unused(); }
  void reals(const Key&, std::vector<double>&) override { unused(); }
  void named_points(const Key&, std::vector<std::string>&, std::vector<Vec3>&) override {
    unused();
  }
  void section(const Key&, bool*, const std::function<void(Keys&)>&) override { unused(); }
  void list(const Key&, const std::function<void(std::size_t)>&,
            const std::function<std::size_t()>&,
            const std::function<void(Keys&, std::size_t)>&) override {
    unused();
  }
  void named(const Key&, std::vector<std::string>&, const std::function<void(std::size_t)>&,
             const std::function<void(Keys&, std::size_t)>&) override {
    unused();
  }
  void plugins(const Key&, const std::string&, std::vector<std::string>&,
               std::vector<std::shared_ptr<Configurable>>&) override {
    unused();
  }

 private:
  template <class Map>
  bool seen(const Key& key, const Map& map) {
    declared.insert(key.name);
    const bool given = map.count(key.name) > 0;
    if (!given && key.required) required_missing.insert(key.name);
    return given;
  }
  static void unused() { assert(false && "no law of this room declares such a key"); }
};

/// An entry of a registry with real keys set (SI).
inline std::shared_ptr<Configurable> make_law(
    const std::string& registry_name, const std::string& entry,
    const std::map<std::string, double>& reals = {},
    const std::map<std::string, std::vector<std::pair<double, double>>>& curves = {}) {
  const RegistryEntry* found = registry::find(registry_name, entry);
  assert(found);
  auto law = found->make();
  MapKeys keys;
  keys.reals_si = reals;
  keys.curves = curves;
  law->keys(keys);
  return law;
}

}  // namespace thermodose::testing
