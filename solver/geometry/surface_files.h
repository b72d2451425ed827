// Files of triangle surfaces.
// Implements: binary STL (3D Systems 1989: 80 bytes of text, number of triangles, then normal,
// three corners and two bytes each, little-endian floats) and VTK PolyData (.vtp, XML with base64).
// Coordinates are millimetres, as in the fields of a run.
#pragma once

#include <string>

#include "geometry/surface_mesh.h"

namespace thermodose {

/// Throws IoError when the file cannot be written.
void write_stl(const std::string& path, const TriangleSurface& surface);
/// Throws IoError when the file cannot be written.
void write_vtp(const std::string& path, const TriangleSurface& surface);

}  // namespace thermodose
