// Reading files of triangle surfaces.
// Implements: STL, text and binary (3D Systems 1989), and VTK PolyData (.vtp; VTK file formats,
// version 4.2, XML: text, base64 and raw data, zlib). Counts are checked against the size of the
// file before memory is taken for them.
#pragma once

#include <string>
#include <vector>

#include "geometry/surface_mesh.h"

namespace thermodose {

/// What a file holds: triangles as they are, closed or not.
struct SurfaceFile {
  TriangleSurface surface;
  std::vector<std::string> notes;  ///< what the user should know
};

/// `metres`: length of the file's unit. Throws InputError with the file (and the line of a text)
/// for a file that is missing, of another format or broken.
SurfaceFile read_surface(const std::string& path, double metres);

/// Triangles of the bytes of a file, in its own unit; `path` is for messages.
SurfaceFile parse_stl(const std::string& path, const std::string& bytes);
SurfaceFile parse_vtp(const std::string& path, const std::string& bytes);

}  // namespace thermodose
