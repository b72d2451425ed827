// Does a mesh from a file hang together?
// Implements: the pieces of a mesh that share no face, and the cavities inside them. Pieces that
// are apart can be solved, each by itself. Pieces that touch at nodes only cannot: the nodes would
// let heat through, more or less of it by the size of the cells.
#pragma once

#include <string>
#include <vector>

#include "geometry/file_mesh.h"

namespace thermodose {

class MeshPieces {
 public:
  explicit MeshPieces(std::size_t cells);
  /// Two cells share a face.
  void join(std::size_t a, std::size_t b);
  /// Problems: pieces that touch without a face. mesh.notes: pieces that are apart, and cavities
  /// with faces in no group. The mesh has all its faces.
  void tell(FileMesh& mesh, std::vector<std::string>& problems);

 private:
  std::size_t root(std::size_t cell);

  std::vector<std::size_t> parent_;
};

}  // namespace thermodose
