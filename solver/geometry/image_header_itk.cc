// Implements: geometry/image_header_itk.h. Layout of the header: nifti1.h of the
// NIfTI Data Format Working Group.
#include "geometry/image_header_itk.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <optional>

#include "base/text.h"
#include "geometry/image_data_itk.h"
#include "geometry/image_reals_itk.h"
#include "geometry/vec.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHeaderBytes = 348;

bool is_packed_name(const std::string& path) {
  const std::string ending = ".nii.gz";
  return path.size() > ending.size() &&
         path.compare(path.size() - ending.size(), ending.size(), ending) == 0;
}

/// ITK goes by the name: a compressed file must be called so.
Packing packing_of(const std::string& path) {
  return is_packed_name(path) ? Packing::maybe_gzip : Packing::none;
}

/// The header of a NIfTI-1 file, inflated when it is compressed.
class HeaderBytes {
 public:
  explicit HeaderBytes(const std::string& path) {
    const std::string first = first_bytes(path, packing_of(path), kHeaderBytes);
    if (first.size() != kHeaderBytes) return;
    std::memcpy(bytes_.data(), first.data(), kHeaderBytes);
    swap_ = get<std::int32_t>(0) != kHeaderBytes;
    good_ = get<std::int32_t>(0) == kHeaderBytes;
  }
  bool good() const { return good_; }
  bool swapped() const { return swap_; }

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
  std::array<int, 8> dim{};
  int datatype = 0, bits = 0;
  bool swapped = false;  ///< its byte order is not that of this machine
  double offset = 0;     ///< of the voxels
  double slope = 0, intercept = 0;
  std::array<double, 8> pixdim{};
  int space_unit = 0;  ///< 1 m, 2 mm, 3 um, 0 unknown
  int qform = 0, sform = 0;
  std::array<double, 6> rotation{};               ///< quaternion and shift of the qform
  std::array<std::array<double, 4>, 3> matrix{};  ///< sform, RAS
  std::string magic;
};

std::optional<NiftiHeader> nifti_header(const std::string& path) {
  const HeaderBytes bytes(path);
  if (!bytes.good()) return std::nullopt;
  NiftiHeader h;
  h.swapped = bytes.swapped();
  for (std::size_t d = 0; d < h.dim.size(); ++d) {
    h.dim[d] = bytes.get<std::int16_t>(40 + 2 * d);
    h.pixdim[d] = bytes.get<float>(76 + 4 * d);
  }
  h.datatype = bytes.get<std::int16_t>(70);
  h.bits = bytes.get<std::int16_t>(72);
  h.offset = bytes.get<float>(108);
  h.slope = bytes.get<float>(112);
  h.intercept = bytes.get<float>(116);
  h.space_unit = bytes.get<char>(123) & 7;
  h.qform = bytes.get<std::int16_t>(252);
  h.sform = bytes.get<std::int16_t>(254);
  for (std::size_t n = 0; n < h.rotation.size(); ++n) h.rotation[n] = bytes.get<float>(256 + 4 * n);
  for (std::size_t d = 0; d < 3; ++d) {
    for (std::size_t c = 0; c < 4; ++c) h.matrix[d][c] = bytes.get<float>(280 + 16 * d + 4 * c);
  }
  for (std::size_t n = 0; n < 4; ++n) h.magic += bytes.get<char>(344 + n);
  return h;
}

using Matrix = std::array<std::array<double, 4>, 3>;

/// The matrix of the qform, RAS, mm: method 2 of nifti1.h.
Matrix qform_matrix(const NiftiHeader& h) {
  const double b = h.rotation[0], c = h.rotation[1], d = h.rotation[2];
  const double a = std::sqrt(std::fmax(0, 1 - b * b - c * c - d * d));
  const double i = h.pixdim[1], j = h.pixdim[2], k = h.pixdim[0] < 0 ? -h.pixdim[3] : h.pixdim[3];
  return {{{i * (a * a + b * b - c * c - d * d), j * 2 * (b * c - a * d), k * 2 * (b * d + a * c),
            h.rotation[3]},
           {i * 2 * (b * c + a * d), j * (a * a + c * c - b * b - d * d), k * 2 * (c * d - a * b),
            h.rotation[4]},
           {i * 2 * (b * d - a * c), j * 2 * (c * d + a * b), k * (a * a + d * d - c * c - b * b),
            h.rotation[5]}}};
}

/// Largest distance of a corner voxel from its place in the grid, mm, when a matrix places it.
double distance(const Matrix& matrix, const ImageGrid& grid) {
  double most = 0;
  for (unsigned n = 0; n < 8; ++n) {
    Vec3 voxel{};
    for (std::size_t d = 0; d < 3; ++d) voxel[d] = (n >> d & 1U) != 0 ? grid.size[d] - 1 : 0;
    Vec3 other{};
    for (std::size_t d = 0; d < 3; ++d) {
      const auto& m = matrix[d];
      other[d] = 1e-3 * (m[0] * voxel[0] + m[1] * voxel[1] + m[2] * voxel[2] + m[3]);
    }
    most = std::fmax(most, 1e3 * norm(grid.point(voxel, ImageFrame::ras) - other));
  }
  return most;
}

/// Bits of the types of voxel that are single numbers.
int bits_of(int datatype) {
  static const std::map<int, int> bits{{2, 8},   {4, 16},   {8, 32},   {16, 32},   {64, 64},
                                       {256, 8}, {512, 16}, {768, 32}, {1024, 64}, {1280, 64}};
  const auto found = bits.find(datatype);
  return found == bits.end() ? 0 : found->second;
}

/// Numbers per voxel of complex and coloured types; 1 for the rest.
int numbers_of(int datatype) {
  static const std::map<int, int> numbers{{32, 2}, {1792, 2}, {2048, 2}, {128, 3}, {2304, 4}};
  const auto found = numbers.find(datatype);
  return found == numbers.end() ? 1 : found->second;
}

/// A slope of 0, or one that is no number, stands for no scaling. ITK adds the intercept then as
/// well, and takes 1 for a slope that is nearly 0.
void check_scaling(const NiftiHeader& h, std::vector<std::string>& problems) {
  const bool none = h.slope == 0 || std::isnan(h.slope);
  constexpr double least = 1e-9;
  if (!none && !(std::fabs(h.slope) >= least && std::isfinite(h.slope))) {
    problems.push_back(fmt::format("scl_slope is {}, expected 0 or a number of at least {}",
                                   text::number(h.slope), text::number(least)));
  } else if (!std::isfinite(h.intercept) && !std::isnan(h.slope)) {
    problems.push_back(
        fmt::format("scl_inter is {}, expected a number", text::number(h.intercept)));
  } else if (none && h.intercept != 0 && !std::isnan(h.intercept)) {
    problems.push_back(fmt::format("scl_inter is {} and scl_slope {}, expected 0 beside no slope",
                                   text::number(h.intercept), text::number(h.slope)));
  }
}

void check_type(const NiftiHeader& h, std::vector<std::string>& problems) {
  const int bits = bits_of(h.datatype);
  if (numbers_of(h.datatype) > 1) {
    problems.push_back(
        fmt::format("it has {} numbers per voxel, expected 1", numbers_of(h.datatype)));
  } else if (bits == 0) {
    problems.push_back(fmt::format(
        "its datatype is {}, expected 2, 4, 8, 16, 64, 256, 512, 768, 1024 or 1280", h.datatype));
  } else if (h.bits != bits) {
    problems.push_back(
        fmt::format("its datatype {} has {} bits, the header states {}", h.datatype, bits, h.bits));
  }
  check_scaling(h, problems);
}

void check_dimensions(const NiftiHeader& h, std::vector<std::string>& problems) {
  if (h.dim[0] < 1 || h.dim[0] > 7) {
    problems.push_back(fmt::format("dim[0] is {}, expected 3 to 7 dimensions", h.dim[0]));
    return;
  }
  bool volume = h.dim[0] >= 3;
  std::string sizes;
  for (int d = 1; d <= h.dim[0]; ++d) {
    const int n = h.dim[static_cast<std::size_t>(d)];
    if (n <= 0) problems.push_back(fmt::format("dim[{}] is {}, expected more than 0", d, n));
    sizes += fmt::format("{}{}", d > 1 ? " x " : "", n);
    volume = volume && (d <= 3 || n == 1);
  }
  if (!volume && problems.empty()) {
    problems.push_back(
        fmt::format("it has {} dimensions ({}), expected a volume of 3", h.dim[0], sizes));
  }
}

/// The columns of an sform of a file without a qform: their lengths must be the spacing, their
/// directions orthonormal. ITK falls back on a qform where there is one.
void check_sform(const NiftiHeader& h, std::vector<std::string>& problems) {
  constexpr const char* axes[] = {"i", "j", "k"};
  constexpr double tolerance = 3e-4;  // of the length: ITK 5.2 takes 2e-4 and refuses 5e-4
  std::array<Vec3, 3> columns{};
  bool all = true;
  for (std::size_t c = 0; c < 3; ++c) {
    const Vec3 column{h.matrix[0][c], h.matrix[1][c], h.matrix[2][c]};
    const double length = norm(column), spacing = h.pixdim[c + 1];
    columns[c] = (1 / length) * column + Vec3{};  // no -0
    all = all && length >= kLeastSpacing;
    if (!(std::fabs(length - spacing) > tolerance * spacing)) continue;
    problems.push_back(
        fmt::format("column {} of its sform is {} {} {}, {} mm long, expected the {} mm of "
                    "pixdim[{}]",
                    axes[c], text::number(column[0]), text::number(column[1]),
                    text::number(column[2]), text::number(length), text::number(spacing), c + 1));
  }
  const std::string directions = all ? direction_problem(columns) : "";
  if (!directions.empty()) problems.push_back("its sform: " + directions);
}

void check_place(const NiftiHeader& h, std::vector<std::string>& problems) {
  constexpr const char* axes[] = {"i", "j", "k"};
  const std::size_t before = problems.size();
  for (std::size_t d = 0; d < 3; ++d) {
    const double spacing = h.pixdim[d + 1];
    if (spacing > 0 && spacing <= kMostSpacing) continue;
    problems.push_back(
        fmt::format("the spacing along {} (pixdim[{}]) is {} mm, expected more than 0", axes[d],
                    d + 1, text::number(spacing)));
  }
  if (h.space_unit == 1 || h.space_unit == 3) {
    problems.push_back(
        fmt::format("its lengths are in {}, expected mm", h.space_unit == 1 ? "m" : "micrometres"));
  }
  const auto is_number = [](double x) { return std::fabs(x) <= kFarthest; };
  const auto& r = h.rotation;
  constexpr double tolerance = 1e-3;
  if (h.qform > 0 && !(std::all_of(r.begin(), r.end(), is_number) &&
                       r[0] * r[0] + r[1] * r[1] + r[2] * r[2] <= 1 + tolerance)) {
    problems.push_back(
        fmt::format("its qform is no rotation: b, c, d are {} {} {}, the shift {} {} {}",
                    text::number(r[0]), text::number(r[1]), text::number(r[2]), text::number(r[3]),
                    text::number(r[4]), text::number(r[5])));
  }
  // Its square roots of matrices never end where a float overflows.
  for (std::size_t d = 0; h.sform > 0 && d < 3; ++d) {
    for (std::size_t c = 0; c < 4; ++c) {
      if (std::fabs(h.matrix[d][c]) <= (c < 3 ? kMostSpacing : kFarthest)) continue;
      problems.push_back(fmt::format("its sform holds {} in row {}, expected numbers within {}",
                                     text::number(h.matrix[d][c]), d + 1,
                                     text::number(c < 3 ? kMostSpacing : kFarthest)));
    }
  }
  if (h.sform > 0 && h.qform <= 0 && problems.size() == before) check_sform(h, problems);
}

/// The voxels, and what is in front of them.
VoxelBytes bytes_of_file(const std::string& path, const NiftiHeader& h) {
  VoxelBytes bytes;
  bytes.file = path;
  bytes.packing = packing_of(path);
  bytes.wanted = h.bits / 8.0;
  for (int d = 1; d <= h.dim[0]; ++d) bytes.wanted *= h.dim[static_cast<std::size_t>(d)];
  bytes.wanted += h.offset;
  return bytes;
}

void check_bytes(const std::string& path, const NiftiHeader& h, std::vector<std::string>& problems,
                 std::vector<std::string>& notes) {
  constexpr double least = 352;
  if (!(h.offset >= least) || h.offset != std::floor(h.offset) || std::isinf(h.offset)) {
    problems.push_back(
        fmt::format("its voxels begin at byte {} (vox_offset), expected a whole number from 352 on",
                    text::number(h.offset)));
    return;
  }
  const VoxelBytes bytes = bytes_of_file(path, h);
  if (bytes.wanted - h.offset > kMostVoxelBytes) {
    problems.push_back(
        fmt::format("it is too large: {} x {} x {} voxels", h.dim[1], h.dim[2], h.dim[3]));
    return;
  }
  check_voxel_bytes(bytes, problems, notes);
}

}  // namespace

template <class T>
void restore_not_finite(const std::string& path, T* voxels) {
  constexpr int single = 16, twice = 64;  // float32 and float64 of nifti1.h
  const auto header = nifti_header(path);
  if (!header || (header->datatype != single && header->datatype != twice)) return;
  StoredReals stored;
  stored.bytes = bytes_of_file(path, *header);
  stored.skip = static_cast<std::size_t>(header->offset);
  stored.wide = header->datatype == twice;
  stored.swapped = header->swapped;
  copy_not_finite(stored, header->slope < 0 ? T(-1) : T(1), voxels);
}
template void restore_not_finite(const std::string&, float*);
template void restore_not_finite(const std::string&, double*);

bool check_nifti_file(const std::string& path, std::vector<std::string>& problems,
                      std::vector<std::string>& notes) {
  const auto header = nifti_header(path);
  if (!header) return false;
  if (header->magic == std::string("ni1\0", 4)) {
    problems.emplace_back(
        "its voxels are in a second file (magic ni1, a pair of .hdr and .img), expected all in "
        "one");
  }
  if (header->magic != std::string("n+1\0", 4)) return !problems.empty();
  check_dimensions(*header, problems);
  check_type(*header, problems);
  check_place(*header, problems);
  if (problems.empty()) check_bytes(path, *header, problems, notes);
  return true;
}

void note_nifti_orientation(const std::string& path, const ImageGrid& grid,
                            std::vector<std::string>& notes) {
  const auto header = nifti_header(path);
  if (!header) return;
  if (header->qform <= 0 && header->sform <= 0) {
    notes.emplace_back(
        "it has no orientation (qform_code and sform_code are 0): voxel (0, 0, 0) is taken as the "
        "origin, i, j, k as left, posterior, head");
  } else {
    const double from_q = header->qform > 0 ? distance(qform_matrix(*header), grid) : 0;
    const double from_s = header->sform > 0 ? distance(header->matrix, grid) : 0;
    const double apart = std::fmax(from_q, from_s);
    const double least = *std::min_element(grid.spacing.begin(), grid.spacing.end());
    if (apart > 0.5 * least) {
      notes.push_back(
          header->qform <= 0 || header->sform <= 0
              ? fmt::format("its orientation and its spacing (pixdim) place voxels up to {} mm "
                            "apart; the spacing is taken",
                            text::number(apart))
              : fmt::format(
                    "its two orientations (qform and sform) place voxels up to {} mm "
                    "apart; the {}",
                    text::number(apart),
                    from_q <= from_s ? "qform is taken, as 3D Slicer does" : "sform is taken"));
    }
  }
}

NiftiName::NiftiName(const std::string& path) : path_(path) {
  if (!is_packed_name(path) || !fs::exists(path.substr(0, path.size() - 3))) return;
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
