// Implements: files of coordinates (see length_file.h).
#include "geometry/length_file.h"

#include <filesystem>

#include "base/text.h"

namespace thermodose {

namespace fs = std::filesystem;

void LengthFile::keys(Keys& k, const char* help) {
  k.text(key("file", "", help), path);
  k.text(key("unit", "", "Unit of the coordinates of the file, which does not say it.")
             .one_of({"mm", "cm", "m"}),
         unit);
}

void LengthFile::place(const ReadContext& context) {
  path = fs::absolute(fs::path(context.directory) / path).lexically_normal().string();
}

void LengthFile::check_size(double side, const char* what, std::vector<Problem>& problems) const {
  constexpr double kLargest = 3, kSmallest = 1e-4;  // m
  if (side <= kLargest && side >= kSmallest) return;
  problems.push_back({"", 0, "unit",
                      "found " + text::quoted(unit) + ", which makes the " + what + " " +
                          text::number(1e3 * side) +
                          " mm long, allowed: 0.1 mm to 3 m; in which unit is " + path + "?"});
}

}  // namespace thermodose
