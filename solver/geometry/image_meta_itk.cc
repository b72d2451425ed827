// Implements: check_meta_file of geometry/image_header_itk.h. Layout of the header: MetaIO,
// documentation of tag names (https://itk.org/Wiki/MetaIO/Documentation).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "geometry/image_data_itk.h"
#include "geometry/image_header_itk.h"
#include "geometry/image_text_itk.h"

namespace thermodose {

namespace {

/// MetaIO copies names, and texts of the fields that it knows, into 255 characters, whatever their
/// length. Fields of other programs may be longer.
constexpr std::size_t kLongestName = 200, kLongestText = 250, kLongestLine = 8000;

bool is_known(const std::string& name) {
  static const std::set<std::string> names{"ObjectType",
                                           "ObjectSubType",
                                           "NDims",
                                           "Comment",
                                           "Name",
                                           "ID",
                                           "ParentID",
                                           "Color",
                                           "AcquisitionDate",
                                           "TransformType",
                                           "AnatomicalOrientation",
                                           "Modality",
                                           "DistanceUnits",
                                           "BinaryData",
                                           "BinaryDataByteOrderMSB",
                                           "ElementByteOrderMSB",
                                           "CompressedData",
                                           "CompressedDataSize",
                                           "CompressionLevel",
                                           "ElementType",
                                           "ElementDataFile",
                                           "HeaderSize",
                                           "EndHeader",
                                           "Type"};
  return names.count(name) > 0;
}

const std::map<std::string, int>& types() {
  static const std::map<std::string, int> bytes{
      {"MET_CHAR", 1},      {"MET_UCHAR", 1},      {"MET_SHORT", 2}, {"MET_USHORT", 2},
      {"MET_INT", 4},       {"MET_UINT", 4},       {"MET_LONG", 4},  {"MET_ULONG", 4},
      {"MET_LONG_LONG", 8}, {"MET_ULONG_LONG", 8}, {"MET_FLOAT", 4}, {"MET_DOUBLE", 8}};
  return bytes;
}

/// Reads one header.
class MetaFile {
 public:
  MetaFile(const std::string& path, std::vector<std::string>& problems)
      : path_(path), problems_(problems) {}

  /// False when it is no MetaImage at all.
  bool read() {
    HeaderLines lines(path_, kLongestLine);
    std::string line;
    while (header_.find("ElementDataFile") == nullptr && lines.next(line)) {
      const auto separator = line.find_first_of("=:");
      const std::string name = text::trim(line.substr(0, separator));
      if (separator == std::string::npos || name.empty()) {
        problems_.push_back(
            fmt::format("line {} of its header is no field (name = value)", lines.number()));
        break;
      }
      const std::string value = text::trim(line.substr(separator + 1));
      if (name.size() > kLongestName) {
        problems_.push_back(
            fmt::format("the name of a field in line {} is longer than {} characters",
                        lines.number(), kLongestName));
      }
      if (is_known(name) && value.size() > kLongestText) {
        problems_.push_back(fmt::format("{}: longer than {} characters", name, kLongestText));
      }
      header_.fields.emplace_back(name, value);
      header_.end = lines.position();
    }
    lines.complain(problems_);
    if (header_.find("NDims") == nullptr && header_.find("ObjectType") == nullptr) return false;
    if (!problems_.empty()) return true;
    if (header_.find("ElementDataFile") == nullptr)
      problems_.emplace_back("ElementDataFile: missing");
    if (!is_local() && !is_several()) refuse_what_follows(lines);
    header_.complain_of_twins(problems_);
    return true;
  }

  void check_fields() {
    one_of("ObjectType", {"Image"}, "Image");
    one_of("BinaryData", {"True", "true", "1"}, "True: voxels as text are not read");
    const std::vector<std::string> yes_or_no{"True", "true", "1", "False", "false", "0"};
    for (const char* name : {"CompressedData", "BinaryDataByteOrderMSB", "ElementByteOrderMSB"}) {
      one_of(name, yes_or_no, "True or False");
    }
    check_dimensions();
    numbers({"ElementSpacing", "ElementSize"}, 3, true);
    numbers({"Offset", "Position", "Origin", "ImagePosition"}, 3, false);
    numbers({"TransformMatrix", "Rotation", "Orientation"}, 9, false);
    for (const char* name : {"CenterOfRotation", "SequenceID"}) {
      numbers({name}, 3, false);
    }
    for (const char* name :
         {"ElementMin", "ElementMax", "ElementNBits", "ElementToIntensityFunctionSlope",
          "ElementToIntensityFunctionOffset", "CompressionLevel", "ID", "ParentID"}) {
      numbers({name}, 1, false);
    }
    numbers({"Color"}, 4, false);
    const std::string units = value("DistanceUnits", "mm");
    if (units != "mm" && units != "?")
      problems_.push_back("its lengths are in " + units + ", expected mm");
  }

  void check_voxels(std::vector<std::string>& notes) {
    if (!has_any({"Offset", "Position", "Origin", "ImagePosition"})) notes.emplace_back(kNoOrigin);
    if (!has_any({"TransformMatrix", "Rotation", "Orientation"})) {
      notes.emplace_back("it names no directions: i, j, k are taken as left, posterior, head");
    }
    const std::string type = value("ElementType", "");
    const auto known = types().find(type);
    if (known == types().end()) {
      std::vector<std::string> names;
      for (const auto& t : types()) names.push_back(t.first);
      problems_.push_back(unexpected("ElementType", type, text::join(names, ", ")));
    }
    const auto sizes = volume_sizes("DimSize", header_.find("DimSize"), problems_);
    if (!problems_.empty()) return;
    VoxelBytes bytes;
    bytes.wanted = known->second;
    for (const auto n : *sizes) bytes.wanted *= static_cast<double>(n);
    choose_file(bytes);
    if (problems_.empty()) check_voxel_bytes(bytes, problems_, notes);
  }

 private:
  std::string value(const std::string& name, const std::string& otherwise) const {
    const std::string* found = header_.find(name);
    return found == nullptr ? otherwise : *found;
  }

  bool has_any(const std::vector<std::string>& names) const {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return header_.find(name) != nullptr; });
  }

  bool is_true(const std::string& name) const {
    const std::string found = value(name, "False");
    return found == "True" || found == "true" || found == "1";
  }

  bool is_local() const {
    const std::string file = value("ElementDataFile", "");
    return file == "LOCAL" || file == "Local" || file == "local";
  }

  /// MetaIO reads a list of files, or formats names of files by what this says.
  bool is_several() const {
    const std::string file = value("ElementDataFile", "");
    return file.rfind("LIST", 0) == 0 || file.find('%') != std::string::npos;
  }

  /// MetaIO stops at ElementDataFile: what is said after it would not count.
  void refuse_what_follows(HeaderLines& lines) {
    std::string line;
    bool more = true;
    while (more && text::trim(line).empty()) more = lines.next(line);
    line = text::trim(line);
    if (line.empty()) return;
    problems_.push_back(text::quoted(line) +
                        " comes after ElementDataFile, which is the last field");
  }

  void one_of(const std::string& name, const std::vector<std::string>& allowed,
              const std::string& expected) {
    const std::string* found = header_.find(name);
    if (found != nullptr && std::find(allowed.begin(), allowed.end(), *found) == allowed.end()) {
      problems_.push_back(unexpected(name, *found, expected));
    }
  }

  void check_dimensions() {
    constexpr int most = 10;
    const std::string found = value("NDims", "");
    const auto dimensions = whole_number(found, 1, most);
    if (!dimensions) {
      problems_.push_back(unexpected("NDims", found, "a whole number from 1 to 10"));
    } else if (*dimensions != 3) {
      problems_.push_back(fmt::format("it has {} dimensions, expected a volume of 3", *dimensions));
    }
    const std::string channels = value("ElementNumberOfChannels", "1");
    if (!whole_number(channels, 1, 1000000)) {
      problems_.push_back(unexpected("ElementNumberOfChannels", channels, "1"));
    } else if (channels != "1") {
      problems_.push_back("it has " + channels + " numbers per voxel, expected 1");
    }
  }

  /// Fields that mean the same: each holds numbers, and they agree.
  void numbers(const std::vector<std::string>& names, std::size_t count, bool needed) {
    std::optional<std::vector<double>> first;
    std::string first_name;
    for (const auto& name : names) {
      const std::string* found = header_.find(name);
      if (found == nullptr) continue;
      const auto given = finite_numbers(*found, count);
      if (!given) {
        problems_.push_back(unexpected(name, *found, fmt::format("{} numbers", count)));
      } else if (!first) {
        first = given;
        first_name = name;
      } else if (*first != *given &&
                 name != "ElementSize") {  // a voxel may be smaller than the grid
        problems_.push_back(fmt::format("{} and {} disagree", name, first_name));
      }
    }
    if (needed && !first && problems_.empty()) {
      problems_.push_back(fmt::format("{}: missing, expected {} numbers", names[0], count));
    }
  }

  void choose_file(VoxelBytes& bytes) {
    const std::string name = value("ElementDataFile", "");
    const bool packed = is_true("CompressedData");
    if (is_local()) {
      bytes.file = path_;
      bytes.from = header_.end;
    } else if (name.empty() || is_several()) {
      problems_.push_back(
          unexpected("ElementDataFile", name, "LOCAL or one file: voxels in several are not read"));
    } else {
      bytes.file = data_file(path_, name, problems_);
      bytes.beside = true;
    }
    choose_place(bytes, packed);
    if (!packed) return;
    bytes.packing = Packing::zlib;
    const std::string stated = value("CompressedDataSize", "0");
    const auto size = whole_number(stated, is_local() ? 1 : 0, 1000000000000);
    if (is_local() && header_.find("CompressedDataSize") == nullptr) {
      problems_.emplace_back("CompressedDataSize: missing, expected a number of bytes");
    } else if (!size) {
      problems_.push_back(unexpected("CompressedDataSize", stated, "a number of bytes"));
    } else {
      bytes.stated = static_cast<std::uintmax_t>(*size);
    }
  }

  /// HeaderSize: bytes to skip in the file of the voxels; -1 takes its end.
  void choose_place(VoxelBytes& bytes, bool packed) {
    const std::string skip = value("HeaderSize", "0");
    const bool may_skip = bytes.beside && !packed;
    const auto size = whole_number(skip, may_skip ? -1 : 0, may_skip ? 1000000000000 : 0);
    if (!size) {
      problems_.push_back(unexpected("HeaderSize", skip, may_skip ? "-1, 0 or more bytes" : "0"));
    } else if (problems_.empty() && *size >= 0) {
      bytes.from += static_cast<std::uintmax_t>(*size);
    } else if (problems_.empty()) {
      bytes.from = place_at_end(bytes);
    }
  }

  std::string path_;
  std::vector<std::string>& problems_;
  TextHeader header_;
};

}  // namespace

bool check_meta_file(const std::string& path, std::vector<std::string>& problems,
                     std::vector<std::string>& notes) {
  MetaFile file(path, problems);
  if (!file.read()) return false;
  if (problems.empty()) file.check_fields();
  if (problems.empty()) file.check_voxels(notes);
  return true;
}

}  // namespace thermodose
