// Implements: geometry/image_header_itk.h. Layout of the header: nifti1.h of the
// NIfTI Data Format Working Group.
#include "geometry/image_header_itk.h"

#include <fmt/format.h>
#include <itk_zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

#include "base/text.h"
#include "geometry/vec.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHeaderBytes = 348;

/// The header of a NIfTI-1 file, inflated when it is compressed.
class HeaderBytes {
 public:
  explicit HeaderBytes(const std::string& path) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
    if (!file) return;
    const int n = gzread(file.get(), bytes_.data(), static_cast<unsigned>(bytes_.size()));
    swap_ = get<std::int32_t>(0) != kHeaderBytes;
    good_ = n == static_cast<int>(kHeaderBytes) && get<std::int32_t>(0) == kHeaderBytes;
  }
  bool good() const { return good_; }

  template <class T>
  T get(std::size_t at) const {
    std::array<unsigned char, sizeof(T)> raw{};
    std::memcpy(raw.data(), bytes_.data() + at, sizeof(T));
    if (swap_) std::reverse(raw.begin(), raw.end());
    T value{};
    std::memcpy(&value, raw.data(), sizeof(T));
    return value;
  }

 private:
  std::array<unsigned char, kHeaderBytes> bytes_{};
  bool swap_ = false, good_ = false;
};

/// The fields that matter here.
struct NiftiHeader {
  double bytes = 0;  ///< of the whole file, inflated
  Vec3 spacing{};
  int space_unit = 0;  ///< 1 m, 2 mm, 3 um, 0 unknown
  int qform = 0, sform = 0;
  std::array<std::array<double, 4>, 3> matrix{};  ///< sform, RAS
};

std::optional<NiftiHeader> nifti_header(const std::string& path) {
  const HeaderBytes bytes(path);
  if (!bytes.good()) return std::nullopt;
  NiftiHeader h;
  h.bytes = bytes.get<std::int16_t>(72) / 8.0;
  for (int d = 0; d < bytes.get<std::int16_t>(40) && d < 7; ++d) {
    h.bytes *= bytes.get<std::int16_t>(42 + 2 * static_cast<std::size_t>(d));
  }
  h.bytes += bytes.get<float>(108);
  for (std::size_t d = 0; d < 3; ++d) {
    h.spacing[d] = bytes.get<float>(80 + 4 * d);
    for (std::size_t c = 0; c < 4; ++c) h.matrix[d][c] = bytes.get<float>(280 + 16 * d + 4 * c);
  }
  h.space_unit = bytes.get<char>(123) & 7;
  h.qform = bytes.get<std::int16_t>(252);
  h.sform = bytes.get<std::int16_t>(254);
  return h;
}

/// Bytes of a file, inflated; counts no further than `enough`. -1 when the compression is broken.
double inflated_size(const std::string& path, double enough) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) return -1;
  std::vector<char> buffer(1U << 18U);
  double total = 0;
  int n = 1;
  while (n > 0 && total < enough) {
    n = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
    total += std::max(n, 0);
  }
  return n < 0 ? -1 : total;
}

/// Largest distance between the two places of a corner voxel, mm.
double disagreement(const NiftiHeader& h, const ImageGrid& grid) {
  double most = 0;
  for (unsigned n = 0; n < 8; ++n) {
    Vec3 voxel{};
    for (std::size_t d = 0; d < 3; ++d) voxel[d] = (n >> d & 1U) != 0 ? grid.size[d] - 1 : 0;
    const Vec3 taken = grid.point(voxel, Frame::ras);
    Vec3 other{};
    for (std::size_t d = 0; d < 3; ++d) {
      const auto& m = h.matrix[d];
      other[d] = 1e-3 * (m[0] * voxel[0] + m[1] * voxel[1] + m[2] * voxel[2] + m[3]);
    }
    most = std::fmax(most, 1e3 * norm(taken - other));
  }
  return most;
}

std::string lower_case(std::string s) {
  for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

/// The field `space` of an NRRD header; empty when there is none.
std::string nrrd_space(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string line;
  constexpr int most_lines = 1000;
  for (int n = 0; n < most_lines && std::getline(in, line); ++n) {
    line = text::trim(line);
    if (line.empty()) break;  // the data begin
    const auto colon = line.find(": ");
    if (colon != std::string::npos && lower_case(line.substr(0, colon)) == "space") {
      return lower_case(text::trim(line.substr(colon + 2)));
    }
  }
  return {};
}

std::string too_short(double found, double stated) {
  return fmt::format("it cannot be read: it holds {} bytes of {}", found, stated);
}

}  // namespace

void check_nifti_header(const std::string& path, const ImageGrid& grid,
                        std::vector<std::string>& problems, std::vector<std::string>& notes) {
  const auto header = nifti_header(path);
  if (!header) return;
  const double size = inflated_size(path, header->bytes);
  if (size < header->bytes) {
    problems.push_back(
        size < 0 ? std::string("it cannot be read: its compression is broken")
                 : fmt::format("it cannot be read: it holds {} bytes of {}", size, header->bytes));
  }
  constexpr const char* axes[] = {"i", "j", "k"};
  for (std::size_t d = 0; d < 3; ++d) {
    if (header->spacing[d] == 0 || !std::isfinite(header->spacing[d])) {
      problems.push_back(
          fmt::format("the spacing along {} (pixdim[{}]) is {} mm, expected more "
                      "than 0",
                      axes[d], d + 1, text::number(header->spacing[d])));
    }
  }
  if (header->space_unit == 1 || header->space_unit == 3) {
    problems.push_back(fmt::format("its lengths are in {}, expected mm",
                                   header->space_unit == 1 ? "m" : "micrometres"));
  }
  if (header->qform <= 0 && header->sform <= 0) {
    notes.emplace_back(
        "it has no orientation (qform_code and sform_code are 0): voxel (0, 0, 0) is taken as the "
        "origin, i, j, k as left, posterior, head");
  } else if (header->sform > 0) {
    const double apart = disagreement(*header, grid);
    const double least = *std::min_element(grid.spacing.begin(), grid.spacing.end());
    if (apart > 0.5 * least) {
      notes.push_back(
          fmt::format("its two orientations (qform and sform) place voxels up to {} mm apart; the "
                      "qform is taken, as 3D Slicer does",
                      text::number(apart)));
    }
  }
}

void check_nrrd_header(const std::string& path, std::vector<std::string>& problems,
                       std::vector<std::string>& notes) {
  const std::string space = nrrd_space(path);
  const auto is = [&](const char* name, const char* letters) {
    return space == name || space == letters;
  };
  if (is("right-anterior-superior", "ras") || is("left-posterior-superior", "lps")) return;
  if (is("left-anterior-superior", "las")) {
    problems.emplace_back(
        "its space is left-anterior-superior, which ITK mirrors; write it as "
        "left-posterior-superior or right-anterior-superior");
  } else {
    notes.push_back((space.empty() ? std::string("it names no patient frame (field `space`)")
                                   : "its space " + text::quoted(space) + " is no patient frame") +
                    ": coordinates are taken as left, posterior, head");
  }
}

void check_meta_header(const std::string& path, std::vector<std::string>& problems) {
  std::ifstream in(path, std::ios::binary);
  std::string line, data_file;
  double stated = 0;
  constexpr int most_lines = 1000;
  for (int n = 0; n < most_lines && data_file.empty() && std::getline(in, line); ++n) {
    const auto equal = line.find('=');
    if (equal == std::string::npos) continue;
    const std::string field = text::trim(line.substr(0, equal));
    const std::string value = text::trim(line.substr(equal + 1));
    if (field == "CompressedDataSize") stated = std::atof(value.c_str());
    if (field == "ElementDataFile") data_file = value;
  }
  const bool local = data_file == "LOCAL" || data_file == "Local" || data_file == "local";
  std::error_code error;
  const fs::path file = local ? fs::path(path) : fs::path(path).parent_path() / data_file;
  const auto size = fs::file_size(file, error);
  const double found = static_cast<double>(size) - (local ? static_cast<double>(in.tellg()) : 0);
  if (stated > 0 && !error && found < stated) problems.push_back(too_short(found, stated));
}

NiftiName::NiftiName(const std::string& path) : path_(path) {
  const std::string ending = ".nii.gz";
  if (path.size() <= ending.size() ||
      path.compare(path.size() - ending.size(), ending.size(), ending) != 0 ||
      !fs::exists(path.substr(0, path.size() - 3))) {
    return;
  }
  directory_ = (fs::temp_directory_path() / "thermodose.XXXXXX").string();
  if (mkdtemp(directory_.data()) == nullptr) {
    directory_.clear();
    throw std::runtime_error(path.substr(0, path.size() - 3) +
                             " is in the way, and no link can be made in " +
                             fs::temp_directory_path().string());
  }
  path_ = directory_ + "/image.nii.gz";
  fs::create_symlink(fs::absolute(path), path_);
}

NiftiName::~NiftiName() {
  std::error_code ignored;
  if (!directory_.empty()) fs::remove_all(directory_, ignored);
}

}  // namespace thermodose
