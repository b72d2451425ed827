#include "geometry/surface_files.h"

#include <array>
#include <cstring>
#include <fstream>

#include "base/error.h"
#include "geometry/vec.h"

namespace thermodose {

namespace {

constexpr double kMillimetre = 1e3;  ///< per metre

std::ofstream open_file(const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  if (!file) throw IoError(path + ": cannot be written");
  return file;
}

void close_file(std::ofstream& file, const std::string& path) {
  file.close();
  if (!file) throw IoError(path + ": writing failed; is the disk full?");
}

/// Appends the bytes of a value. Little-endian machines only, like the rest of the outputs.
template <class T>
void append(std::string& bytes, const T& value) {
  std::array<char, sizeof(T)> raw{};
  std::memcpy(raw.data(), &value, sizeof(T));
  bytes.append(raw.data(), raw.size());
}

void append(std::string& bytes, const Vec3& v, double factor) {
  for (const double x : v) append(bytes, float(factor * x));
}

Vec3 unit_normal(const TriangleSurface& s, const std::array<std::uint32_t, 3>& t) {
  const Vec3 u = s.points[t[1]] - s.points[t[0]], v = s.points[t[2]] - s.points[t[0]];
  const Vec3 n{u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
  const double length = norm(n);
  return length > 0 ? (1 / length) * n : Vec3{};
}

std::string base64(const std::string& bytes) {
  constexpr const char* kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (i + j < bytes.size() ? std::uint8_t(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j <= bytes.size() ? kDigits[group >> (18U - 6U * j) & 63U] : '=';
    }
  }
  return out;
}

/// <DataArray ...>: number of bytes as UInt64, then the bytes, in one base64 text.
std::string data_array(const std::string& attributes, const std::string& bytes) {
  std::string block;
  append(block, std::uint64_t(bytes.size()));
  return "<DataArray " + attributes + " format=\"binary\">" + base64(block + bytes) +
         "</DataArray>\n";
}

/// A text of VTK: the codes of its characters and a zero.
std::string frame_data(const std::string& frame) {
  if (frame.empty()) return "";
  std::string codes;
  for (const char c : frame) codes += std::to_string(int(c)) + " ";
  return "<FieldData>\n<DataArray type=\"String\" Name=\"SPACE\" NumberOfTuples=\"1\" "
         "format=\"ascii\">" +
         codes + "0</DataArray>\n</FieldData>\n";
}

}  // namespace

void write_stl(const std::string& path, const TriangleSurface& surface, const std::string& frame) {
  std::ofstream file = open_file(path);
  std::string bytes = "ThermoDose surface, millimetres";  // must not begin with "solid"
  if (!frame.empty()) bytes += ", SPACE=" + frame;
  bytes.resize(80, ' ');
  append(bytes, std::uint32_t(surface.triangles.size()));
  for (const auto& t : surface.triangles) {
    append(bytes, unit_normal(surface, t), 1);
    for (const auto corner : t) append(bytes, surface.points[corner], kMillimetre);
    append(bytes, std::uint16_t(0));
  }
  file.write(bytes.data(), std::streamsize(bytes.size()));
  close_file(file, path);
}

void write_vtp(const std::string& path, const TriangleSurface& surface,
               const std::vector<PointValues>& values, const std::string& frame) {
  std::string points, corners, offsets;
  for (const auto& p : surface.points) append(points, p, kMillimetre);
  std::int64_t end = 0;
  for (const auto& t : surface.triangles) {
    for (const auto corner : t) append(corners, std::int64_t(corner));
    append(offsets, end += 3);
  }
  std::string fields;
  for (const PointValues& field : values) {
    std::string bytes;
    for (const float v : field.values) append(bytes, v);
    fields += data_array("type=\"Float32\" Name=\"" + field.name + "\"", bytes);
  }
  std::ofstream file = open_file(path);
  file << "<?xml version=\"1.0\"?>\n<VTKFile type=\"PolyData\" version=\"1.0\" "
          "byte_order=\"LittleEndian\" header_type=\"UInt64\">\n<PolyData>\n"
       << frame_data(frame) << "<Piece NumberOfPoints=\"" << surface.points.size()
       << "\" NumberOfPolys=\"" << surface.triangles.size() << "\">\n"
       << "<PointData>\n"
       << fields << "</PointData>\n<Points>\n"
       << data_array("type=\"Float32\" Name=\"Points\" NumberOfComponents=\"3\"", points)
       << "</Points>\n<Polys>\n"
       << data_array("type=\"Int64\" Name=\"connectivity\"", corners)
       << data_array("type=\"Int64\" Name=\"offsets\"", offsets)
       << "</Polys>\n</Piece>\n</PolyData>\n</VTKFile>\n";
  close_file(file, path);
}

}  // namespace thermodose
