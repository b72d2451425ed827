// Implements: a Keys visitor that fills a Configurable from a table of SI values, for tests of
// rooms below the case reader. A required key without a value and a value without a key throw.
#pragma once

#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/keys.h"

namespace thermodose::test {

using Curve = std::vector<std::pair<double, double>>;

/// Values by key name, SI.
struct Values {
  std::map<std::string, double> reals;
  std::map<std::string, std::string> texts;
  std::map<std::string, Curve> curves;
  /// Of maps of names: the reals of each entry.
  std::map<std::string, std::map<std::string, std::map<std::string, double>>> named;
};

class KeySetter : public Keys {
 public:
  explicit KeySetter(Values values) : values_(std::move(values)) {}

  void real(const Key& key, double& value) override { take(values_.reals, key, value); }
  void real(const Key& key, std::optional<double>& value) override {
    double v = 0;
    if (take(values_.reals, key, v)) value = v;
  }
  void text(const Key& key, std::string& value) override { take(values_.texts, key, value); }
  void curve(const Key& key, const Key& /*x*/, Curve& value) override {
    take(values_.curves, key, value);
  }

  void real_in(const Key&, const std::vector<std::string>&, TaggedReal&) override { unused(); }
  void integer(const Key&, int&) override { unused(); }
  void integer(const Key&, std::optional<int>&) override { unused(); }
  void flag(const Key&, bool&) override { unused(); }
  void texts(const Key&, std::vector<std::string>&) override {}
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
  void named(const Key& key, std::vector<std::string>& names,
             const std::function<void(std::size_t)>& resize,
             const std::function<void(Keys&, std::size_t)>& body) override {
    std::map<std::string, std::map<std::string, double>> entries;
    if (!take(values_.named, key, entries)) return;
    names.clear();
    for (const auto& entry : entries) names.push_back(entry.first);
    resize(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      Values reals;
      reals.reals = entries[names[i]];
      KeySetter inner(std::move(reals));
      body(inner, i);
      inner.finish();
    }
  }
  void plugin(const Key&, const std::string&, std::string&,
              std::shared_ptr<Configurable>&) override {}
  void plugins(const Key&, const std::string&, std::vector<std::string>&,
               std::vector<std::shared_ptr<Configurable>>&) override {
    unused();
  }

  /// Throws when a value found no key.
  void finish() const {
    const std::size_t given =
        values_.reals.size() + values_.texts.size() + values_.curves.size() + values_.named.size();
    if (used_.size() != given) throw std::logic_error("a test value has no key");
  }

 private:
  template <class Map, class T>
  bool take(const Map& map, const Key& key, T& value) {
    const auto it = map.find(key.name);
    if (it == map.end()) {
      if (key.required) throw std::logic_error("no test value for required key " + key.name);
      return false;
    }
    value = it->second;
    used_.insert(key.name);
    return true;
  }
  [[noreturn]] static void unused() { throw std::logic_error("key type not used in these tests"); }

  Values values_;
  std::set<std::string> used_;
};

/// Fills `object`; throws std::logic_error when keys and values do not match.
inline void set_keys(Configurable& object, Values values) {
  KeySetter setter(std::move(values));
  object.keys(setter);
  setter.finish();
}

}  // namespace thermodose::test
