// Implements: a Keys visitor that fills a generated anatomy from SI values by key name, nested
// sections included, and small helpers of its tests. A required key without a value throws.
#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/registry.h"
#include "geometry/vec.h"
#include "geometry/vertebra_placed.h"

namespace thermodose::test {

struct AnatomyValues {
  std::map<std::string, double> reals;
  std::map<std::string, Vec3> points;
  std::map<std::string, std::string> texts;
  std::map<std::string, bool> flags;
  std::map<std::string, AnatomyValues> sections;
};

class AnatomyKeys : public Keys {
 public:
  explicit AnatomyKeys(const AnatomyValues& values) : values_(values) {}

  void real(const Key& key, double& value) override { take(values_.reals, key, value); }
  void real(const Key& key, std::optional<double>& value) override {
    take(values_.reals, key, value);
  }
  void flag(const Key& key, bool& value) override { take(values_.flags, key, value); }
  void text(const Key& key, std::string& value) override { take(values_.texts, key, value); }
  void point(const Key& key, Vec3& value) override { take(values_.points, key, value); }
  void point(const Key& key, std::optional<Vec3>& value) override {
    take(values_.points, key, value);
  }
  void section(const Key& key, bool* present, const std::function<void(Keys&)>& body) override {
    const auto found = values_.sections.find(key.name);
    if (present != nullptr) *present = found != values_.sections.end();
    if (found == values_.sections.end()) {
      if (key.required) throw std::runtime_error("no section " + key.name);
      return;
    }
    AnatomyKeys nested(found->second);
    body(nested);
  }

  void real_in(const Key&, const std::vector<std::string>&, TaggedReal&) override { refuse(); }
  void integer(const Key&, int&) override { refuse(); }
  void integer(const Key&, std::optional<int>&) override { refuse(); }
  void texts(const Key&, std::vector<std::string>&) override { refuse(); }
  void reals(const Key&, std::vector<double>&) override { refuse(); }
  void named_points(const Key&, std::vector<std::string>&, std::vector<Vec3>&) override {
    refuse();
  }
  void curve(const Key&, const Key&, std::vector<std::pair<double, double>>&) override { refuse(); }
  void list(const Key&, const std::function<void(std::size_t)>&,
            const std::function<std::size_t()>&,
            const std::function<void(Keys&, std::size_t)>&) override {
    refuse();
  }
  void named(const Key&, std::vector<std::string>&, const std::function<void(std::size_t)>&,
             const std::function<void(Keys&, std::size_t)>&) override {
    refuse();
  }
  void plugin(const Key&, const std::string&, std::string&,
              std::shared_ptr<Configurable>&) override {
    refuse();
  }
  void plugins(const Key&, const std::string&, std::vector<std::string>&,
               std::vector<std::shared_ptr<Configurable>>&) override {
    refuse();
  }

 private:
  template <class T, class U>
  static void take(const std::map<std::string, T>& from, const Key& key, U& value) {
    const auto found = from.find(key.name);
    if (found != from.end()) {
      value = found->second;
    } else if (key.required) {
      throw std::runtime_error("no value for the key " + key.name);
    }
  }
  [[noreturn]] static void refuse() { throw std::runtime_error("a key of this kind is not known"); }

  const AnatomyValues& values_;
};

using Placed = std::shared_ptr<PlacedAnatomy>;

/// An anatomy of the registry with its keys set, not yet prepared.
inline Placed configure(const std::string& name, const AnatomyValues& values) {
  const RegistryEntry* entry = registry::find("anatomy", name);
  if (entry == nullptr) throw std::runtime_error("no anatomy " + name);
  const auto anatomy = std::dynamic_pointer_cast<PlacedAnatomy>(entry->make());
  AnatomyKeys keys(values);
  anatomy->keys(keys);
  return anatomy;
}

/// The same, ready. Throws when its own check finds a problem.
inline Placed make_anatomy(const std::string& name, const AnatomyValues& values) {
  const Placed anatomy = configure(name, values);
  for (const auto& problem : anatomy->check()) throw std::runtime_error(problem);
  anatomy->prepare({"", {THERMODOSE_SOURCE_DIR}});
  return anatomy;
}

/// Name of the part at a point; "" outside all of them.
inline std::string at(const PlacedAnatomy& anatomy, const Vec3& p) {
  const int part = anatomy.part_at(p);
  return part < 0 ? "" : anatomy.parts().at(std::size_t(part)).name;
}

inline const AnatomyPart& part(const PlacedAnatomy& anatomy, const std::string& name) {
  for (const auto& p : anatomy.parts()) {
    if (p.name == name) return p;
  }
  throw std::runtime_error("no part " + name);
}

inline bool has_part(const PlacedAnatomy& anatomy, const std::string& name) {
  for (const auto& p : anatomy.parts()) {
    if (p.name == name) return true;
  }
  return false;
}

/// Volumes of the parts within a box, from points of low discrepancy (R3 of Roberts 2018): the
/// error falls almost as 1/points, a shell of some percent of the box is met to a permille.
inline std::map<std::string, double> sampled_volumes(const PlacedAnatomy& anatomy,
                                                     const BoundingBox& box, int points) {
  const double g = 1.22074408460575947536;
  const Vec3 step{1 / g, 1 / (g * g), 1 / (g * g * g)};
  const Vec3 size = box.upper - box.lower;
  std::vector<long> hits(anatomy.parts().size(), 0);
  for (int n = 1; n <= points; ++n) {
    Vec3 p{};
    for (int i = 0; i < 3; ++i) {
      const double u = 0.5 + n * step[i];
      p[i] = box.lower[i] + (u - std::floor(u)) * size[i];
    }
    const int found = anatomy.part_at(p);
    if (found >= 0) ++hits[std::size_t(found)];
  }
  std::map<std::string, double> volumes;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    volumes[anatomy.parts()[i].name] = size[0] * size[1] * size[2] * double(hits[i]) / points;
  }
  return volumes;
}

/// Where a ray leaves the set: the distance t in (0, reach) at which `inside` turns from true at
/// `from` to false, to 1e-9 m; steps of `step` find it.
inline double leaves(const std::function<bool(const Vec3&)>& inside, const Vec3& from,
                     const Vec3& direction, double reach = 0.2, double step = 0.05e-3) {
  double low = 0;
  while (inside(from + (low + step) * direction)) {
    low += step;
    if (low > reach) throw std::runtime_error("the ray does not leave the set");
  }
  double high = low + step;
  while (high - low > 1e-10) {
    const double mid = (low + high) / 2;
    (inside(from + mid * direction) ? low : high) = mid;
  }
  return low;
}

}  // namespace thermodose::test
