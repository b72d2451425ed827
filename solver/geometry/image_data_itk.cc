// Implements: geometry/image_data_itk.h. Compression: zlib (RFC 1950 and 1952).
#include "geometry/image_data_itk.h"

#include <fmt/format.h>
#include <itk_zlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>

#include "base/text.h"

namespace thermodose {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kChunk = 1U << 18U;

/// What inflating found.
struct Inflated {
  double bytes = 0;
  bool whole = false;  ///< the end of the compression was reached, its check sum is right
  std::uintmax_t used = 0;
};

/// Inflates a stream of a file.
class Inflater {
 public:
  Inflater(const VoxelBytes& bytes, std::uintmax_t available)
      : in_(bytes.file, std::ios::binary), left_(available) {
    in_.seekg(static_cast<std::streamoff>(bytes.from));
    constexpr int window = 15, gzip_only = 16, either = 32;
    good_ = inflateInit2(&stream_,
                         window + (bytes.packing == Packing::gzip ? gzip_only : either)) == Z_OK;
    members_ = bytes.packing != Packing::zlib;
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Goes on until the end, or until there are more than `most` bytes.
  Inflated run(double most, const ByteSink& sink) {
    Inflated found;
    while (good_ && found.bytes <= most && (stream_.avail_in > 0 || refill())) {
      stream_.next_out = reinterpret_cast<Bytef*>(output_.data());
      stream_.avail_out = static_cast<uInt>(output_.size());
      const uInt before = stream_.avail_in;
      const int state = inflate(&stream_, Z_NO_FLUSH);
      const std::size_t more = output_.size() - stream_.avail_out;
      sink(output_.data(), more);
      found.bytes += static_cast<double>(more);
      found.used += before - stream_.avail_in;
      found.whole = state == Z_STREAM_END;
      if (state != Z_OK && state != Z_STREAM_END) return found;
      if (found.whole && !another_member()) return found;
    }
    return found;
  }

 private:
  bool refill() {
    const auto wanted =
        static_cast<std::streamsize>(std::min<std::uintmax_t>(input_.size(), left_));
    in_.read(input_.data(), wanted);
    const auto n = in_.gcount();
    left_ -= static_cast<std::uintmax_t>(n);
    stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(n);
    return n > 0;
  }

  bool another_member() {
    constexpr Bytef magic = 0x1f;
    if (!members_ || (stream_.avail_in == 0 && !refill()) || *stream_.next_in != magic)
      return false;
    return inflateReset(&stream_) == Z_OK;
  }

  std::ifstream in_;
  std::uintmax_t left_;
  z_stream stream_{};
  bool good_ = false, members_ = false;
  std::vector<char> input_ = std::vector<char>(kChunk), output_ = std::vector<char>(kChunk);
};

bool is_packed(const VoxelBytes& bytes) {
  if (bytes.packing != Packing::maybe_gzip) return bytes.packing != Packing::none;
  std::ifstream in(bytes.file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(bytes.from));
  return in.get() == 0x1f && in.get() == 0x8b;
}

void nowhere(const char* /*piece*/, std::size_t /*size*/) {}

std::string count(double bytes) { return fmt::format("{:.0f}", bytes); }

}  // namespace

void check_voxel_bytes(const VoxelBytes& bytes, std::vector<std::string>& problems,
                       std::vector<std::string>& notes) {
  const std::string it = bytes.beside ? bytes.file : "it";
  const std::string unreadable = "it cannot be read: ";
  std::error_code error;
  const std::uintmax_t size = fs::file_size(bytes.file, error);
  std::uintmax_t available = error || size < bytes.from ? 0 : size - bytes.from;
  if (bytes.stated > available) {
    problems.push_back(
        fmt::format("{}{} holds {} bytes of {}", unreadable, it, available, bytes.stated));
    return;
  }
  if (bytes.stated > 0) available = bytes.stated;
  double found = static_cast<double>(available), behind = found - bytes.wanted;
  if (is_packed(bytes)) {
    const Inflated inflated = Inflater(bytes, available).run(bytes.wanted, nowhere);
    found = inflated.bytes;
    behind = static_cast<double>(available - inflated.used);
    if (found > bytes.wanted) {
      problems.push_back(fmt::format("{}{} holds more than the {} bytes that its header states",
                                     unreadable, it, count(bytes.wanted)));
      return;
    }
    if (!inflated.whole) {
      problems.push_back(fmt::format("{}{} compression is broken{} after {} bytes of {}",
                                     unreadable, bytes.beside ? "the" : "its",
                                     bytes.beside ? " in " + bytes.file : "", count(found),
                                     count(bytes.wanted)));
      return;
    }
  }
  if (found < bytes.wanted) {
    problems.push_back(fmt::format("{}{} holds {} bytes of {}", unreadable, it, count(found),
                                   count(bytes.wanted)));
  } else if (behind > 0) {
    notes.push_back(fmt::format("{} bytes follow its last voxel and are not read", count(behind)));
  }
}

void for_voxel_bytes(const VoxelBytes& bytes, const ByteSink& sink) {
  if (is_packed(bytes)) {
    Inflater(bytes, std::numeric_limits<std::uintmax_t>::max()).run(bytes.wanted - 1, sink);
    return;
  }
  std::ifstream in(bytes.file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(bytes.from));
  std::vector<char> piece(kChunk);
  for (double left = bytes.wanted; left > 0;) {
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (in.gcount() == 0) return;
    sink(piece.data(), static_cast<std::size_t>(in.gcount()));
    left -= static_cast<double>(in.gcount());
  }
}

std::string first_bytes(const std::string& path, Packing packing, std::size_t count) {
  VoxelBytes bytes;
  bytes.file = path;
  bytes.packing = packing;
  bytes.wanted = static_cast<double>(count);
  std::string first;
  for_voxel_bytes(bytes, [&](const char* piece, std::size_t size) {
    first.append(piece, std::min(size, count - first.size()));
  });
  return first;
}

std::uintmax_t place_at_end(const VoxelBytes& bytes) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(bytes.file, error);
  if (error || static_cast<double>(size) < bytes.wanted) return 0;
  return size - static_cast<std::uintmax_t>(bytes.wanted);
}

std::string data_file(const std::string& header, const std::string& name,
                      std::vector<std::string>& problems) {
  const fs::path path = fs::path(header).parent_path() / name;  // an absolute name stays as it is
  std::error_code error;
  const bool there = fs::exists(path, error);
  if (there && fs::is_regular_file(path, error)) return path.string();
  problems.push_back("it names the data file '" + path.string() + "', which " +
                     (there ? "is not a file" : "does not exist"));
  return {};
}

}  // namespace thermodose
