// Implements: check_nrrd_file of geometry/image_header_itk.h. Layout of the header: definition of
// NRRD file format (https://teem.sourceforge.net/nrrd/format.html).
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "base/text.h"
#include "geometry/image_data_itk.h"
#include "geometry/image_header_itk.h"
#include "geometry/image_text_itk.h"

namespace thermodose {

namespace {

constexpr std::size_t kLongestLine = 1U << 20U;  // keys with values of 3D Slicer are long

std::string lower_case(std::string s) {
  for (char& c : s) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return s;
}

/// Bytes of a type of voxel; 0 when it is none.
int bytes_of(const std::string& type) {
  static const std::map<std::string, int> bytes{{"signed char", 1},
                                                {"int8", 1},
                                                {"int8_t", 1},
                                                {"uchar", 1},
                                                {"unsigned char", 1},
                                                {"uint8", 1},
                                                {"uint8_t", 1},
                                                {"short", 2},
                                                {"short int", 2},
                                                {"signed short", 2},
                                                {"signed short int", 2},
                                                {"int16", 2},
                                                {"int16_t", 2},
                                                {"ushort", 2},
                                                {"unsigned short", 2},
                                                {"unsigned short int", 2},
                                                {"uint16", 2},
                                                {"uint16_t", 2},
                                                {"int", 4},
                                                {"signed int", 4},
                                                {"int32", 4},
                                                {"int32_t", 4},
                                                {"uint", 4},
                                                {"unsigned int", 4},
                                                {"uint32", 4},
                                                {"uint32_t", 4},
                                                {"longlong", 8},
                                                {"long long", 8},
                                                {"long long int", 8},
                                                {"signed long long", 8},
                                                {"signed long long int", 8},
                                                {"int64", 8},
                                                {"int64_t", 8},
                                                {"ulonglong", 8},
                                                {"unsigned long long", 8},
                                                {"unsigned long long int", 8},
                                                {"uint64", 8},
                                                {"uint64_t", 8},
                                                {"float", 4},
                                                {"double", 8}};
  const auto found = bytes.find(lower_case(type));
  return found == bytes.end() ? 0 : found->second;
}

/// The fields of the format, each by one name.
std::string field_name(const std::string& written) {
  static const std::map<std::string, std::string> other{
      {"centers", "centerings"},      {"datafile", "data file"},   {"lineskip", "line skip"},
      {"byteskip", "byte skip"},      {"blocksize", "block size"}, {"oldmin", "old min"},
      {"oldmax", "old max"},          {"axismins", "axis mins"},   {"axismaxs", "axis maxs"},
      {"sampleunits", "sample units"}};
  const std::string name = lower_case(written);
  const auto found = other.find(name);
  return found == other.end() ? name : found->second;
}

const std::set<std::string>& field_names() {
  static const std::set<std::string> names{"type",
                                           "dimension",
                                           "encoding",
                                           "endian",
                                           "content",
                                           "min",
                                           "max",
                                           "old min",
                                           "old max",
                                           "data file",
                                           "line skip",
                                           "byte skip",
                                           "number",
                                           "sample units",
                                           "sizes",
                                           "spacings",
                                           "thicknesses",
                                           "axis mins",
                                           "axis maxs",
                                           "centerings",
                                           "labels",
                                           "units",
                                           "kinds",
                                           "space",
                                           "space dimension",
                                           "space units",
                                           "space origin",
                                           "space directions",
                                           "measurement frame",
                                           "block size"};
  return names;
}

/// Spaces of three dimensions. Those with a time as well are none of a volume.
bool is_space(const std::string& name) {
  static const std::set<std::string> names{"right-anterior-superior",
                                           "ras",
                                           "left-anterior-superior",
                                           "las",
                                           "left-posterior-superior",
                                           "lps",
                                           "scanner-xyz",
                                           "3d-right-handed",
                                           "3d-left-handed"};
  return names.count(lower_case(name)) > 0;
}

/// "(1,2,3) none (4, 5, 6)" -> its vectors, without brackets; a word is one as it stands.
std::vector<std::string> vectors(const std::string& text) {
  std::vector<std::string> out;
  bool inside = false;
  for (const char c : text) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (c == '(' || (!blank && !inside && (out.empty() || out.back().empty()))) out.emplace_back();
    if (out.empty()) continue;
    if (c == '(' || c == ')') {
      inside = c == '(';
    } else if (inside || !blank) {
      out.back() += c == ',' ? ' ' : c;
    }
  }
  return out;
}

bool are_vectors(const std::string& text, std::size_t count) {
  const auto found = vectors(text);
  return found.size() == count &&
         std::count(text.begin(), text.end(), '(') == static_cast<std::ptrdiff_t>(count) &&
         std::all_of(found.begin(), found.end(),
                     [](const std::string& v) { return finite_numbers(v, 3).has_value(); });
}

/// Reads one header.
class NrrdFile {
 public:
  NrrdFile(const std::string& path, std::vector<std::string>& problems)
      : path_(path), problems_(problems) {}

  /// False when it is no NRRD at all.
  bool read() {
    HeaderLines lines(path_, kLongestLine);
    std::string line;
    const bool some = lines.next(line);
    line = text::trim(line);
    if (!some || line.size() != 8 || line.rfind("NRRD000", 0) != 0 || line[7] < '1' ||
        line[7] > '5') {
      return false;
    }
    while (lines.next(line)) {
      header_.end = lines.position();
      line = text::trim(line);
      if (line.empty()) break;  // the data begin
      if (line[0] == '#') continue;
      read_field(line, lines.number());
      if (is_several()) break;  // names of files may follow
    }
    lines.complain(problems_);
    header_.complain_of_twins(problems_);
    return true;
  }

  void check_fields() {
    const auto dimensions = whole_number(value("dimension"), 1, 16);
    if (!dimensions) {
      problems_.push_back(
          unexpected("dimension", value("dimension"), "a whole number from 1 to 16"));
    } else if (*dimensions != 3) {
      complain_of_dimensions(static_cast<std::size_t>(*dimensions));
    } else {
      check_place();
    }
    if (bytes_of(value("type")) == 0) {
      problems_.push_back(unexpected("type", value("type"),
                                     "int8, uint8, int16, uint16, int32, uint32, int64, uint64, "
                                     "float or double"));
    }
    const std::string endian = lower_case(value("endian", "little"));
    if (endian != "little" && endian != "big") {
      problems_.push_back(unexpected("endian", endian, "little or big"));
    }
  }

  void check_voxels(std::vector<std::string>& notes) {
    const auto sizes = volume_sizes("sizes", header_.find("sizes"), problems_);
    if (!problems_.empty()) return;
    VoxelBytes bytes;
    bytes.wanted = bytes_of(value("type"));
    for (const auto n : *sizes) bytes.wanted *= static_cast<double>(n);
    bytes.file = path_;
    bytes.from = header_.end;
    if (const std::string* name = header_.find("data file"); name != nullptr) {
      bytes.from = 0;
      bytes.beside = true;
      if (name->empty() || is_several()) {
        problems_.push_back(
            unexpected("data file", *name, "one file: voxels in several are not read"));
      } else {
        bytes.file = data_file(path_, *name, problems_);
      }
    }
    choose_packing(bytes);
    if (problems_.empty()) check_voxel_bytes(bytes, problems_, notes);
  }

  void check_space(std::vector<std::string>& notes) {
    if (header_.find("space directions") != nullptr && header_.find("space origin") == nullptr) {
      notes.emplace_back(kNoOrigin);
    }
    const std::string space = lower_case(value("space"));
    const auto is = [&](const char* name, const char* letters) {
      return space == name || space == letters;
    };
    if (is("right-anterior-superior", "ras") || is("left-posterior-superior", "lps")) return;
    if (is("left-anterior-superior", "las")) {
      problems_.emplace_back(
          "its space is left-anterior-superior, which ITK mirrors; write it as "
          "left-posterior-superior or right-anterior-superior");
    } else {
      notes.push_back((space.empty()
                           ? std::string("it names no patient frame (field `space`)")
                           : "its space " + text::quoted(space) + " is no patient frame") +
                      ": coordinates are taken as left, posterior, head");
    }
  }

 private:
  std::string value(const std::string& name, const std::string& otherwise = "") const {
    const std::string* found = header_.find(name);
    return found == nullptr ? otherwise : *found;
  }

  bool is_several() const {
    const std::string file = value("data file");
    return file.rfind("LIST", 0) == 0 || file.find('%') != std::string::npos;
  }

  void read_field(const std::string& line, int number) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || colon + 1 == line.size()) {
      problems_.push_back(fmt::format("line {} is no field (name: value)", number));
      return;
    }
    if (line[colon + 1] == '=') return;  // a key with a value, for other programs
    const std::string name = field_name(text::trim(line.substr(0, colon)));
    if (line[colon + 1] != ' ' || field_names().count(name) == 0) {
      problems_.push_back(fmt::format("line {}: unknown field {}", number, text::quoted(name)));
      return;
    }
    header_.fields.emplace_back(name, text::trim(line.substr(colon + 1)));
  }

  void complain_of_dimensions(std::size_t dimensions) {
    const auto directions = vectors(value("space directions"));
    const auto sizes = text::words(value("sizes"));
    const auto none = std::find(directions.begin(), directions.end(), "none");
    const auto axis = static_cast<std::size_t>(none - directions.begin());
    if (dimensions == 4 && none != directions.end() && axis < sizes.size()) {
      problems_.push_back(fmt::format("it has {} numbers per voxel, expected 1", sizes[axis]));
    } else {
      problems_.push_back(fmt::format("it has {} dimensions, expected a volume of 3", dimensions));
    }
  }

  /// Spacing, directions, origin.
  void check_place() {
    const std::string* directions = header_.find("space directions");
    const std::string* spacings = header_.find("spacings");
    const bool has_space =
        header_.find("space") != nullptr || header_.find("space dimension") != nullptr;
    if (directions != nullptr && !are_vectors(*directions, 3)) {
      problems_.push_back(unexpected("space directions", *directions, "3 vectors of 3 numbers"));
    }
    if (spacings != nullptr && !finite_numbers(*spacings, 3)) {
      problems_.push_back(unexpected("spacings", *spacings, "3 numbers"));
    }
    if (directions == nullptr && spacings == nullptr) {
      problems_.emplace_back("space directions: missing, expected 3 vectors of 3 numbers");
    }
    if (directions != nullptr && !has_space) {
      problems_.emplace_back("space: missing, expected left-posterior-superior or such");
    }
    const std::string* origin = header_.find("space origin");
    if (origin != nullptr && !are_vectors(*origin, 1)) {
      problems_.push_back(unexpected("space origin", *origin, "a vector of 3 numbers"));
    }
    if (const std::string* space = header_.find("space"); space != nullptr && !is_space(*space)) {
      problems_.push_back(
          unexpected("space", *space, "left-posterior-superior, right-anterior-superior or such"));
    }
    for (const char* name : {"space units", "units"}) check_units(name);
  }

  void check_units(const std::string& field) {
    static const std::set<std::string> mm{"mm",          "millimeter", "millimetre", "millimeters",
                                          "millimetres", "",           "???"};
    std::string units = value(field);
    std::replace(units.begin(), units.end(), '"', ' ');
    for (const auto& unit : text::words(units)) {
      if (mm.count(lower_case(unit)) > 0) continue;
      problems_.push_back("its lengths are in " + unit + ", expected mm");
      return;
    }
  }

  /// A number of the header that is 0 when it is not there.
  std::optional<std::int64_t> skip(const std::string& field, std::int64_t least, std::int64_t most,
                                   const std::string& expected) {
    const auto found = whole_number(value(field, "0"), least, most);
    if (!found) problems_.push_back(unexpected(field, value(field), expected));
    return found;
  }

  void choose_packing(VoxelBytes& bytes) {
    const std::string encoding = lower_case(value("encoding"));
    const bool raw = encoding == "raw";
    if (raw) {
      bytes.packing = Packing::none;
    } else if (encoding == "gzip" || encoding == "gz") {
      bytes.packing = Packing::gzip;
    } else {
      problems_.push_back(encoding.empty() ? "encoding: missing, expected raw or gzip"
                                           : unexpected("encoding", encoding, "raw or gzip"));
    }
    skip("line skip", 0, 0, "0");
    const auto bytes_to_skip =
        skip("byte skip", raw ? -1 : 0, raw ? 1000000000000 : 0, raw ? "-1, 0 or more bytes" : "0");
    if (!problems_.empty()) return;
    if (*bytes_to_skip >= 0) {
      bytes.from += static_cast<std::uintmax_t>(*bytes_to_skip);
    } else {
      bytes.from = std::max(bytes.from, place_at_end(bytes));
    }
  }

  std::string path_;
  std::vector<std::string>& problems_;
  TextHeader header_;
};

}  // namespace

bool check_nrrd_file(const std::string& path, std::vector<std::string>& problems,
                     std::vector<std::string>& notes) {
  NrrdFile file(path, problems);
  if (!file.read()) return false;
  if (problems.empty()) file.check_fields();
  if (problems.empty()) file.check_voxels(notes);
  if (problems.empty()) file.check_space(notes);
  return true;
}

}  // namespace thermodose
