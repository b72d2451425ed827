// Label maps for tests, written byte by byte from the descriptions of the formats: no library that
// could share a mistake with the reader.
// Implements: uncompressed NIfTI-1, NRRD and MetaImage files of small volumes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "geometry/image_grid.h"
#include "geometry/vec.h"

namespace thermodose::test {

/// A grid (mm, LPS) and a label per voxel, i fastest.
struct Volume {
  ImageGrid grid;
  std::vector<int> labels;
};

/// 5 x 4 x 6 voxels of 1 x 2 x 3.5 mm, turned by 30 degrees about z and then by 20 about x, the i
/// axis flipped (left-handed); labels 0 to 6 in no symmetric order.
inline Volume tilted_volume() {
  constexpr double degree = 3.14159265358979323846 / 180;
  const Rotation r = rotation_xyz({20 * degree, 0, 30 * degree});
  Volume v;
  v.grid.size = {5, 4, 6};
  v.grid.spacing = {1, 2, 3.5};
  v.grid.origin = {-20.5, 31.25, 102};
  v.grid.axes = {rotate(r, {-1, 0, 0}), rotate(r, {0, 1, 0}), rotate(r, {0, 0, 1})};
  for (int k = 0; k < 6; ++k) {
    for (int j = 0; j < 4; ++j) {
      for (int i = 0; i < 5; ++i) v.labels.push_back((3 * i + 2 * j * j + 5 * k + i * k) % 7);
    }
  }
  return v;
}

/// 4 x 3 x 2 voxels of 2 mm along the axes; all labels are `label`.
inline Volume plain_volume(int label = 1) {
  Volume v;
  v.grid.size = {4, 3, 2};
  v.grid.spacing = {2, 2, 2};
  v.grid.axes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  v.labels.assign(24, label);
  return v;
}

/// The labels as numbers of one type, little-endian.
template <class T>
std::string raw(const std::vector<int>& labels) {
  std::string bytes(labels.size() * sizeof(T), '\0');
  for (std::size_t n = 0; n < labels.size(); ++n) {
    const T value = static_cast<T>(labels[n]);
    std::memcpy(bytes.data() + n * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

inline void save(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string row(const Vec3& v, const std::string& between) {
  std::ostringstream out;
  out.precision(17);
  out << v[0] << between << v[1] << between << v[2];
  return out.str();
}

/// NRRD in the space of a frame. `type` and `data` replace uint8.
inline void write_nrrd(const std::string& path, const Volume& v, ImageFrame frame = ImageFrame::lps,
                       const std::string& type = "uint8", const std::string& data = "",
                       const std::string& space = "") {
  const double sign = frame == ImageFrame::lps ? 1 : -1;
  const auto turned = [&](const Vec3& p) { return Vec3{sign * p[0], sign * p[1], p[2]}; };
  const std::string name =
      frame == ImageFrame::lps ? "left-posterior-superior" : "right-anterior-superior";
  const auto& size = v.grid.size;
  std::ostringstream out;
  out << "NRRD0004\ntype: " << type << "\ndimension: 3\nspace: " << (space.empty() ? name : space)
      << "\nsizes: " << size[0] << " " << size[1] << " " << size[2] << "\nspace directions:";
  for (std::size_t d = 0; d < 3; ++d) {
    out << " (" << row(turned(v.grid.spacing[d] * v.grid.axes[d]), ",") << ")";
  }
  out << "\nkinds: domain domain domain\nendian: little\nencoding: raw\nspace origin: ("
      << row(turned(v.grid.origin), ",") << ")\n\n"
      << (data.empty() ? raw<std::uint8_t>(v.labels) : data);
  save(path, out.str());
}

/// MetaImage with its data in the file; always LPS.
inline void write_meta(const std::string& path, const Volume& v,
                       const std::string& type = "MET_UCHAR", const std::string& data = "") {
  const auto& size = v.grid.size;
  std::ostringstream out;
  out << "ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\n"
      << "CompressedData = False\nTransformMatrix =";
  for (const Vec3& axis : v.grid.axes) out << " " << row(axis, " ");
  out << "\nOffset = " << row(v.grid.origin, " ")
      << "\nCenterOfRotation = 0 0 0\nElementSpacing = " << row(v.grid.spacing, " ")
      << "\nDimSize = " << size[0] << " " << size[1] << " " << size[2] << "\nElementType = " << type
      << "\nElementDataFile = LOCAL\n"
      << (data.empty() ? raw<std::uint8_t>(v.labels) : data);
  save(path, out.str());
}

/// The fields of a NIfTI-1 header that tests change.
struct Nifti {
  std::vector<std::int16_t> dim;  ///< empty = the sizes of the volume
  int qform = 0, sform = 1;
  char units = 2;                 ///< mm
  std::array<float, 3> pixdim{};  ///< 0 0 0 = the spacing of the volume
  bool zero_spacing = false;
  double shear = 0;  ///< added to the direction of j along i, in the sform
  Vec3 shift{};      ///< mm, added to the origin in the sform
};

/// Quaternion (b, c, d) and qfac of directions in RAS.
inline std::array<double, 4> quaternion(std::array<Vec3, 3> a) {
  const Vec3 n{a[0][1] * a[1][2] - a[0][2] * a[1][1], a[0][2] * a[1][0] - a[0][0] * a[1][2],
               a[0][0] * a[1][1] - a[0][1] * a[1][0]};
  const double qfac = dot(n, a[2]) > 0 ? 1 : -1;
  a[2] = qfac * a[2];
  // The half-angle formulae, for rotations of less than 180 degrees.
  const double w = 0.5 * std::sqrt(1 + a[0][0] + a[1][1] + a[2][2]);
  return {(a[1][2] - a[2][1]) / (4 * w), (a[2][0] - a[0][2]) / (4 * w),
          (a[0][1] - a[1][0]) / (4 * w), qfac};
}

inline void write_nifti(const std::string& path, const Volume& v, const Nifti& n = {},
                        std::int16_t datatype = 2, std::int16_t bits = 8,
                        const std::string& data = "") {
  std::string h(352, '\0');
  const auto put = [&](std::size_t at, auto value) { std::memcpy(&h[at], &value, sizeof value); };
  put(0, std::int32_t{348});
  const auto& size = v.grid.size;
  put(40, static_cast<std::int16_t>(n.dim.empty() ? 3 : n.dim.size()));
  for (std::size_t d = 0; d < 7; ++d) {
    const auto own = d < 3 ? static_cast<std::int16_t>(size[d]) : std::int16_t{1};
    put(42 + 2 * d, d < n.dim.size() ? n.dim[d] : own);
  }
  put(70, datatype);
  put(72, bits);
  std::array<Vec3, 3> ras = v.grid.axes;
  for (Vec3& axis : ras) axis = {-axis[0], -axis[1], axis[2]};
  const auto q = quaternion(ras);
  put(76, static_cast<float>(q[3]));
  for (std::size_t d = 0; d < 3; ++d) {
    const bool given = n.pixdim[0] != 0 || n.zero_spacing;
    put(80 + 4 * d, given ? n.pixdim[d] : static_cast<float>(v.grid.spacing[d]));
    put(256 + 4 * d, static_cast<float>(q[d]));
  }
  put(108, 352.0F);
  h[123] = n.units;
  put(252, static_cast<std::int16_t>(n.qform));
  put(254, static_cast<std::int16_t>(n.sform));
  const Vec3 origin{-v.grid.origin[0], -v.grid.origin[1], v.grid.origin[2]};
  for (std::size_t d = 0; d < 3; ++d) {
    put(268 + 4 * d, static_cast<float>(origin[d]));
    for (std::size_t c = 0; c < 3; ++c) {
      const double skew = c == 1 ? n.shear * ras[0][d] : 0;
      put(280 + 16 * d + 4 * c, static_cast<float>(v.grid.spacing[c] * (ras[c][d] + skew)));
    }
    put(280 + 16 * d + 12, static_cast<float>(origin[d] + n.shift[d]));
  }
  std::memcpy(&h[344], "n+1", 4);
  save(path, h + (data.empty() ? raw<std::uint8_t>(v.labels) : data));
}

/// The big-endian twin of a NIfTI file that write_nifti wrote, of voxels of `width` bytes.
inline std::string big_endian_nifti(std::string bytes, std::size_t width) {
  const auto turn = [&](std::size_t from, std::size_t to, std::size_t size) {
    for (std::size_t at = from; at < to; at += size)
      std::reverse(bytes.begin() + std::ptrdiff_t(at), bytes.begin() + std::ptrdiff_t(at + size));
  };
  turn(0, 4, 4);      // size of the header
  turn(40, 56, 2);    // dim
  turn(70, 74, 2);    // datatype, bits
  turn(76, 120, 4);   // pixdim, offset, slope, intercept
  turn(252, 256, 2);  // codes of qform and sform
  turn(256, 328, 4);  // qform and sform
  turn(352, bytes.size(), width);
  return bytes;
}

}  // namespace thermodose::test
