// Inside the image module: the bytes of the voxels, before ITK reads them.
// Implements: whether a file holds all of them, and whether their compression is whole. ITK fills
// up what is missing, and some of its readers look at no check sum.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace thermodose {

/// More is no image that this program could hold.
inline constexpr double kMostVoxelBytes = 1e12;

enum class Packing {
  none,
  gzip,        ///< one or more members
  maybe_gzip,  ///< as zlib's gzread: gzip when it begins so, else not compressed
  zlib         ///< one stream, also as gzip
};

struct VoxelBytes {
  std::string file;
  std::uintmax_t from = 0;  ///< the first byte, in the file
  double wanted = 0;        ///< bytes when they are not compressed, from there
  Packing packing = Packing::none;
  std::uintmax_t stated = 0;  ///< bytes when they are compressed; 0 = to the end
  bool beside = false;        ///< the file is not that of the header: messages name it
};

/// Problems: fewer bytes than wanted, more where they are compressed, a broken compression, a wrong
/// check sum. Notes: bytes that follow.
void check_voxel_bytes(const VoxelBytes& bytes, std::vector<std::string>& problems,
                       std::vector<std::string>& notes);

/// Hands over the bytes from bytes.from on, inflated when they are compressed, piece after piece,
/// as long as fewer than bytes.wanted were handed over.
using ByteSink = std::function<void(const char* piece, std::size_t size)>;
void for_voxel_bytes(const VoxelBytes& bytes, const ByteSink& sink);

/// The first bytes of a file, inflated when it is compressed; fewer when it holds fewer.
std::string first_bytes(const std::string& path, Packing packing, std::size_t count);

/// Where the voxels begin when they are the last bytes of the file; 0 when it is too short.
std::uintmax_t place_at_end(const VoxelBytes& bytes);

/// The path of a data file that a header names, from the directory of the header; empty, and a
/// problem, when it is none. Devices and pipes are none: reading them may not end.
std::string data_file(const std::string& header, const std::string& name,
                      std::vector<std::string>& problems);

}  // namespace thermodose
