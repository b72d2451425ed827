// Data arrays of VTK's XML files.
// Implements: the encodings of a <DataArray>: ascii, base64 (format="binary"), appended raw and
// appended base64, each in blocks of zlib or as they are (VTK file formats, version 4.2, XML). A
// length that a file claims is compared with what is there before memory is taken for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace thermodose {

/// What holds for a whole file.
struct VtkEncoding {
  bool big_endian = false;
  bool wide_header = false;  ///< header_type="UInt64"
  bool zlib = false;
};

/// One <DataArray>.
struct VtkArray {
  enum class Format { ascii, base64, appended_raw, appended_base64 };
  std::string type;  ///< "Float32", "Int64", ...
  Format format = Format::ascii;
  std::string_view data;  ///< text of the element, or what is appended from its offset on
};

/// Throws std::runtime_error with what is wrong, in words of the user.
std::vector<double> read_reals(const VtkArray& array, const VtkEncoding& encoding);
std::vector<std::int64_t> read_integers(const VtkArray& array, const VtkEncoding& encoding);

}  // namespace thermodose
