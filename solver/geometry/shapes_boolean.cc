// Shapes made of shapes.
// Implements: union, intersection and difference of registry "shape".
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/registry.h"
#include "geometry/shape.h"

namespace thermodose {

namespace {

using Objects = std::vector<std::shared_ptr<Configurable>>;

/// Registry "shape" holds nothing but Shapes (a contract test says so).
const Shape& as_shape(const std::shared_ptr<Configurable>& object) {
  return static_cast<const Shape&>(*object);
}

Shape& as_shape(std::shared_ptr<Configurable>& object) { return static_cast<Shape&>(*object); }

/// Prepares a part; its problems get their path from the whole on.
void prepare_part(const ReadContext& context, const std::string& path,
                  std::shared_ptr<Configurable>& part, std::vector<Problem>& problems) {
  try {
    as_shape(part).prepare(context);
  } catch (const InputError& error) {
    for (Problem p : error.problems()) {
      p.key = path + (p.key.empty() ? "" : "." + p.key);
      problems.push_back(std::move(p));
    }
  }
}

void prepare_parts(const ReadContext& context, const std::string& key,
                   const std::vector<std::string>& names, Objects& parts,
                   std::vector<Problem>& problems) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    prepare_part(context, key + "[" + std::to_string(i) + "]." + names[i], parts[i], problems);
  }
}

bool may_all_be_round(const Objects& parts) {
  return std::all_of(parts.begin(), parts.end(),
                     [](const auto& s) { return as_shape(s).may_be_round(); });
}

bool apart(const BoundingBox& a, const BoundingBox& b) {
  for (int i = 0; i < 3; ++i) {
    if (a.upper[i] < b.lower[i] || b.upper[i] < a.lower[i]) return true;
  }
  return false;
}

/// A list of shapes under the key `of`.
class Compound : public Shape {
 public:
  void keys(Keys& k) override {
    k.plugins(key("of", "", "The shapes that are combined."), "shape", names_, parts_);
  }
  std::vector<std::string> check() const override {
    if (!parts_.empty()) return {};
    return {"of: the list is empty; name at least one shape"};
  }
  void prepare(const ReadContext& context) override {
    std::vector<Problem> problems;
    prepare_parts(context, "of", names_, parts_, problems);
    if (!problems.empty()) throw InputError(std::move(problems));
  }
  bool may_be_round() const override { return may_all_be_round(parts_); }

 protected:
  std::vector<std::string> names_;
  Objects parts_;
};

class Union : public Compound {
 public:
  bool contains(const Vec3& p) const override {
    return std::any_of(parts_.begin(), parts_.end(),
                       [&](const auto& s) { return as_shape(s).contains(p); });
  }
  BoundingBox bounds() const override {
    BoundingBox all = as_shape(parts_.front()).bounds();
    for (const auto& part : parts_) {
      const BoundingBox b = as_shape(part).bounds();
      for (int i = 0; i < 3; ++i) {
        all.lower[i] = std::min(all.lower[i], b.lower[i]);
        all.upper[i] = std::max(all.upper[i], b.upper[i]);
      }
    }
    return all;
  }
  /// Sum of the parts when their boxes do not touch; otherwise no closed form.
  double volume() const override {
    double sum = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      sum += as_shape(parts_[i]).volume();
      for (std::size_t j = 0; j < i; ++j) {
        if (!apart(as_shape(parts_[i]).bounds(), as_shape(parts_[j]).bounds())) {
          return std::numeric_limits<double>::quiet_NaN();
        }
      }
    }
    return sum;
  }
};

class Intersection : public Compound {
 public:
  bool contains(const Vec3& p) const override {
    return std::all_of(parts_.begin(), parts_.end(),
                       [&](const auto& s) { return as_shape(s).contains(p); });
  }
  BoundingBox bounds() const override {
    BoundingBox all = as_shape(parts_.front()).bounds();
    for (const auto& part : parts_) {
      const BoundingBox b = as_shape(part).bounds();
      for (int i = 0; i < 3; ++i) {
        all.lower[i] = std::max(all.lower[i], b.lower[i]);
        all.upper[i] = std::min(all.upper[i], b.upper[i]);
      }
    }
    return all;
  }
  double volume() const override {
    if (parts_.size() == 1) return as_shape(parts_.front()).volume();
    const BoundingBox b = bounds();
    for (int i = 0; i < 3; ++i) {
      if (b.lower[i] > b.upper[i]) return 0;
    }
    return std::numeric_limits<double>::quiet_NaN();
  }
};

/// Points of `base` that are in none of `minus`; closed up to the cut surface.
class Difference : public Shape {
 public:
  void keys(Keys& k) override {
    k.plugin(key("base", "", "The shape that is cut."), "shape", base_name_, base_);
    k.plugins(key("minus", "", "The shapes that are taken away."), "shape", names_, minus_);
  }
  std::vector<std::string> check() const override {
    if (!minus_.empty()) return {};
    return {"minus: the list is empty; name at least one shape"};
  }
  void prepare(const ReadContext& context) override {
    std::vector<Problem> problems;
    prepare_part(context, "base." + base_name_, base_, problems);
    prepare_parts(context, "minus", names_, minus_, problems);
    if (!problems.empty()) throw InputError(std::move(problems));
  }
  bool may_be_round() const override {
    return as_shape(base_).may_be_round() && may_all_be_round(minus_);
  }
  bool contains(const Vec3& p) const override {
    if (!as_shape(base_).contains(p)) return false;
    return std::none_of(minus_.begin(), minus_.end(),
                        [&](const auto& s) { return as_shape(s).contains(p); });
  }
  BoundingBox bounds() const override { return as_shape(base_).bounds(); }
  double volume() const override {
    for (const auto& cut : minus_) {
      if (!apart(as_shape(cut).bounds(), bounds())) {
        return std::numeric_limits<double>::quiet_NaN();
      }
    }
    return as_shape(base_).volume();
  }

 private:
  std::string base_name_;
  std::shared_ptr<Configurable> base_;
  std::vector<std::string> names_;
  Objects minus_;
};

THERMODOSE_REGISTER("shape", "union", Union, "All points that are in at least one of the shapes.");
THERMODOSE_REGISTER("shape", "intersection", Intersection,
                    "All points that are in every one of the shapes.");
THERMODOSE_REGISTER("shape", "difference", Difference,
                    "Points of a base shape that are in none of the shapes taken away.");

}  // namespace

}  // namespace thermodose
