// Implements: geometry/image_io.h.
#include "geometry/image_io.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "base/error.h"
#include "base/text.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string>& written_formats() {
  static const std::vector<std::string> formats{".nii.gz", ".nii", ".nrrd", ".mha"};
  return formats;
}

bool has_ending(const std::string& path, const std::string& end) {
  return path.size() > end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0;
}

void write_any(const std::string& path, const ImageGrid& grid, VoxelType type, const void* values,
               const std::string& description) {
  const auto& formats = written_formats();
  if (std::none_of(formats.begin(), formats.end(),
                   [&](const std::string& end) { return has_ending(path, end); })) {
    throw IoError(path + ": unknown format, images are written as " + text::list(formats, "or"));
  }
  const auto problems = grid_problems(grid);
  assert(problems.empty());
  const fs::path target = path;
  const fs::path part =
      target.parent_path() / fmt::format(".part-{}-{}", getpid(), target.filename().string());
  std::error_code ignored;
  std::string error = image_module().write(part.string(), grid, type, values, description);
  if (error.empty()) {
    std::error_code failed;
    fs::rename(part, target, failed);
    if (!failed) return;
    error = failed.message();
  }
  fs::remove(part, ignored);
  throw IoError(path + ": could not be written: " + error);
}

template <class T>
void write_values(const std::string& path, const ImageGrid& grid, VoxelType type,
                  const std::vector<T>& values, const std::string& description) {
  assert(values.size() == grid.voxels());
  write_any(path, grid, type, values.data(), description);
}

template <class Image>
Image read_any(const std::string& path,
               std::vector<std::string> (*read)(const std::string&, Image&)) {
  std::error_code error;
  if (!fs::exists(path, error)) throw InputError(Problem{path, 0, "", "there is no such file"});
  if (!fs::is_regular_file(path, error)) {
    throw InputError(Problem{path, 0, "", "it is not a file"});
  }
  Image image;
  std::vector<Problem> problems;
  for (const auto& found : read(path, image)) problems.push_back({path, 0, "", found});
  if (!problems.empty()) throw InputError(std::move(problems));
  return image;
}

}  // namespace

LabelImage read_label_image(const std::string& path) {
  return read_any<LabelImage>(path, image_module().read_labels);
}

ValueImage read_value_image(const std::string& path) {
  return read_any<ValueImage>(path, image_module().read_values);
}

void write_image(const std::string& path, const ImageGrid& grid, const std::vector<float>& values,
                 const std::string& description) {
  write_values(path, grid, VoxelType::f32, values, description);
}

void write_image(const std::string& path, const ImageGrid& grid,
                 const std::vector<std::uint8_t>& values, const std::string& description) {
  write_values(path, grid, VoxelType::u8, values, description);
}

void write_image(const std::string& path, const ImageGrid& grid,
                 const std::vector<std::uint16_t>& values, const std::string& description) {
  write_values(path, grid, VoxelType::u16, values, description);
}

}  // namespace thermodose
