// Shapes from files.
// Implements: surface of registry "shape": a closed triangle surface of a segmentation program.

#include "base/error.h"
#include "base/log.h"
#include "base/registry.h"
#include "base/text.h"
#include "geometry/length_file.h"
#include "geometry/shape.h"
#include "geometry/surface_closed.h"
#include "geometry/surface_interior.h"
#include "geometry/surface_reader.h"

namespace thermodose {

namespace {

/// Winding number of the surface about the point above 0 (geometry/surface_interior.h).
class Surface : public Shape {
 public:
  void keys(Keys& k) override {
    file_.keys(k,
               "Closed triangle surface: .stl (text or binary) or .vtp; a relative path starts at "
               "the case. Its coordinates are those of the case.");
  }

  void prepare(const ReadContext& context) override {
    file_.place(context);
    std::vector<std::string> messages;
    TriangleSurface surface = read(messages);
    if (messages.empty()) {
      std::vector<std::string> notes;
      interior_ = close_surface(surface, messages, notes);
      for (const auto& note : notes) log::warning(file_.path + ": " + note);
    }
    std::vector<Problem> problems;
    problems.reserve(messages.size());
    for (const auto& message : messages)
      problems.push_back({"", 0, "file", file_.path + ": " + message});
    if (problems.empty()) file_.check_size(longest_side(surface), "surface", problems);
    if (!problems.empty()) throw InputError(std::move(problems));
    volume_ = enclosed_volume(surface);
  }

  bool contains(const Vec3& p) const override { return interior_.contains(p); }
  BoundingBox bounds() const override { return interior_.bounds(); }
  bool may_be_round() const override { return false; }
  double volume() const override { return volume_; }

 private:
  TriangleSurface read(std::vector<std::string>& messages) const {
    try {
      SurfaceFile found = read_surface(file_.path, file_.metres());
      for (const auto& note : found.notes) log::warning(file_.path + ": " + note);
      return std::move(found.surface);
    } catch (const InputError& e) {
      for (const auto& p : e.problems()) {
        messages.push_back((p.line > 0 ? "line " + std::to_string(p.line) + ": " : "") + p.message);
      }
      return {};
    }
  }

  LengthFile file_;
  double volume_ = 0;  ///< m3
  SurfaceInterior interior_;
};

THERMODOSE_REGISTER("shape", "surface", Surface,
                    "Inside of a closed triangle surface (STL, VTP), such as a segmentation "
                    "program exports; pieces and cavities are allowed.");

}  // namespace

}  // namespace thermodose
