// Files of triangle surfaces.
// Implements: binary STL (3D Systems 1989: 80 bytes of text, number of triangles, then normal,
// three corners and two bytes each, little-endian floats) and VTK PolyData (.vtp, XML with base64).
// Coordinates are millimetres, as in the fields of a run.
#pragma once

#include <string>
#include <vector>

#include "geometry/surface_mesh.h"

namespace thermodose {

/// `frame`: RAS or LPS, or empty for coordinates of no patient. 3D Slicer reads it (SPACE=RAS in
/// the text of an STL file, field data SPACE of a VTP file) and takes LPS where a file says
/// nothing. Throws IoError when the file cannot be written.
void write_stl(const std::string& path, const TriangleSurface& surface,
               const std::string& frame = "");
/// Numbers at the points of a surface; the name ends in the unit.
struct PointValues {
  std::string name;
  std::vector<float> values;
};
/// As write_stl.
void write_vtp(const std::string& path, const TriangleSurface& surface,
               const std::vector<PointValues>& values = {}, const std::string& frame = "");

}  // namespace thermodose
