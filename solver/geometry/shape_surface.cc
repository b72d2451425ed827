// Shapes from files.
// Implements: surface of registry "shape": a closed triangle surface of a segmentation program.
#include <filesystem>

#include "base/error.h"
#include "base/log.h"
#include "base/registry.h"
#include "base/text.h"
#include "geometry/shape.h"
#include "geometry/surface_closed.h"
#include "geometry/surface_interior.h"
#include "geometry/surface_reader.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

/// Winding number of the surface about the point above 0 (geometry/surface_interior.h).
class Surface : public Shape {
 public:
  void keys(Keys& k) override {
    k.text(key("file", "",
               "Closed triangle surface: .stl (text or binary) or .vtp; a relative path starts at "
               "the case. Its coordinates are those of the case."),
           file_);
    k.text(key("unit", "", "Unit of the coordinates of the file, which does not say it.")
               .one_of({"mm", "cm", "m"}),
           unit_);
  }

  void prepare(const ReadContext& context) override {
    file_ = fs::absolute(fs::path(context.directory) / file_).lexically_normal().string();
    std::vector<std::string> messages;
    TriangleSurface surface = read(messages);
    if (messages.empty()) {
      std::vector<std::string> notes;
      interior_ = close_surface(surface, messages, notes);
      for (const auto& note : notes) log::warning(file_ + ": " + note);
    }
    std::vector<Problem> problems;
    problems.reserve(messages.size());
    for (const auto& message : messages)
      problems.push_back({"", 0, "file", file_ + ": " + message});
    if (problems.empty()) check_size(surface, problems);
    if (!problems.empty()) throw InputError(std::move(problems));
    volume_ = enclosed_volume(surface);
  }

  bool contains(const Vec3& p) const override { return interior_.contains(p); }
  BoundingBox bounds() const override { return interior_.bounds(); }
  bool may_be_round() const override { return false; }
  double volume() const override { return volume_; }

 private:
  double metres() const { return unit_ == "mm" ? 1e-3 : unit_ == "cm" ? 1e-2 : 1; }

  TriangleSurface read(std::vector<std::string>& messages) const {
    try {
      SurfaceFile found = read_surface(file_, metres());
      for (const auto& note : found.notes) log::warning(file_ + ": " + note);
      return std::move(found.surface);
    } catch (const InputError& e) {
      for (const auto& p : e.problems()) {
        messages.push_back((p.line > 0 ? "line " + std::to_string(p.line) + ": " : "") + p.message);
      }
      return {};
    }
  }

  /// Nothing in a patient is as large or as small: the unit is another one.
  void check_size(const TriangleSurface& surface, std::vector<Problem>& problems) const {
    constexpr double kLargest = 3, kSmallest = 1e-4;  // m
    const double side = longest_side(surface);
    if (side <= kLargest && side >= kSmallest) return;
    problems.push_back({"", 0, "unit",
                        "found " + text::quoted(unit_) + ", which makes the surface " +
                            text::number(1e3 * side) +
                            " mm long, allowed: 0.1 mm to 3 m; in which unit is " + file_ + "?"});
  }

  std::string file_, unit_;
  double volume_ = 0;  ///< m3
  SurfaceInterior interior_;
};

THERMODOSE_REGISTER("shape", "surface", Surface,
                    "Inside of a closed triangle surface (STL, VTP), such as a segmentation "
                    "program exports; pieces and cavities are allowed.");

}  // namespace

}  // namespace thermodose
