// Whole files in memory.
// Implements: reading of a file that a key names, with what can be wrong about it said.
#pragma once

#include <string>

namespace thermodose {

/// The bytes of a file of at most 4 GiB. Throws InputError with the path for one that is missing,
/// empty, too large or no file.
std::string read_file_bytes(const std::string& path);

/// The ending of a file in small letters, ".stl".
std::string file_ending(const std::string& path);

}  // namespace thermodose
