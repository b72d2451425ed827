// Implements: a Keys visitor that fills a shape from SI values by key name, so that shapes are
// tested without the case reader. A required key without a value throws.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

#include "base/registry.h"
#include "geometry/shape.h"

namespace thermodose::test {

using Object = std::shared_ptr<Configurable>;

struct ShapeValues {
  std::map<std::string, double> reals;
  std::map<std::string, Vec3> points;
  std::map<std::string, std::vector<Object>> shapes;
  std::map<std::string, std::string> texts = {};
};

class ShapeKeys : public Keys {
 public:
  explicit ShapeKeys(ShapeValues values) : values_(std::move(values)) {}

  void real(const Key& key, double& value) override { take(values_.reals, key, value); }
  void point(const Key& key, Vec3& value) override { take(values_.points, key, value); }
  void plugin(const Key& key, const std::string& registry, std::string& chosen,
              Object& value) override {
    if (registry != "shape") refuse();
    std::vector<Object> one;
    take(values_.shapes, key, one);
    value = one.at(0);
    chosen = name_of(value);
  }
  void plugins(const Key& key, const std::string& registry, std::vector<std::string>& chosen,
               std::vector<Object>& value) override {
    if (registry != "shape") refuse();
    take(values_.shapes, key, value);
    chosen.clear();
    for (const Object& part : value) chosen.push_back(name_of(part));
  }

  void real(const Key&, std::optional<double>&) override { refuse(); }
  void real_in(const Key&, const std::vector<std::string>&, TaggedReal&) override { refuse(); }
  void integer(const Key&, int&) override { refuse(); }
  void integer(const Key&, std::optional<int>&) override { refuse(); }
  void flag(const Key&, bool&) override { refuse(); }
  void text(const Key& key, std::string& value) override { take(values_.texts, key, value); }
  void texts(const Key&, std::vector<std::string>&) override { refuse(); }
  void point(const Key&, std::optional<Vec3>&) override { refuse(); }
  void reals(const Key&, std::vector<double>&) override { refuse(); }
  void named_points(const Key&, std::vector<std::string>&, std::vector<Vec3>&) override {
    refuse();
  }
  void curve(const Key&, const Key&, std::vector<std::pair<double, double>>&) override { refuse(); }
  void section(const Key&, bool*, const std::function<void(Keys&)>&) override { refuse(); }
  void list(const Key&, const std::function<void(std::size_t)>&,
            const std::function<std::size_t()>&,
            const std::function<void(Keys&, std::size_t)>&) override {
    refuse();
  }
  void named(const Key&, std::vector<std::string>&, const std::function<void(std::size_t)>&,
             const std::function<void(Keys&, std::size_t)>&) override {
    refuse();
  }

 private:
  template <class T>
  static void take(const std::map<std::string, T>& from, const Key& key, T& value) {
    const auto found = from.find(key.name);
    if (found != from.end()) {
      value = found->second;
    } else if (key.required) {
      throw std::runtime_error("no value for the key " + key.name);
    }
  }
  /// The entry of the registry that makes objects of this type.
  static std::string name_of(const Object& object) {
    for (const RegistryEntry* entry : registry::entries("shape")) {
      const Object other = entry->make();
      const Configurable &a = *object, &b = *other;
      if (typeid(a) == typeid(b)) return entry->name;
    }
    return "";
  }
  [[noreturn]] static void refuse() { throw std::runtime_error("a key of this kind is not known"); }

  ShapeValues values_;
};

/// A shape of the registry with its keys set and its files read.
inline Object make_shape(const std::string& name, ShapeValues values) {
  const RegistryEntry* entry = registry::find("shape", name);
  if (entry == nullptr) throw std::runtime_error("no shape " + name);
  Object object = entry->make();
  ShapeKeys keys(std::move(values));
  object->keys(keys);
  dynamic_cast<Shape&>(*object).prepare({});
  return object;
}

inline const Shape& as_shape(const Object& object) { return dynamic_cast<const Shape&>(*object); }

}  // namespace thermodose::test
