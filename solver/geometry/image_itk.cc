// The image module: label maps from, and volumes to, NIfTI, NRRD and MetaImage through ITK.
// Implements: geometry/image_module.h. Only the ImageIO classes are used: they read any type of
// voxel without a template per type, and name the file's own geometry.
#ifdef __clang__
// Debian's ITK headers know GCC only. To them, and to clang-tidy with them, this is GCC 12.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wbuiltin-macro-redefined"
#pragma push_macro("__clang__")
#pragma push_macro("__GNUC__")
#undef __clang__
#undef __GNUC__
#define __GNUC__ 12  // NOLINT(bugprone-reserved-identifier)
#include <itk_compiler_detection.h>
#pragma pop_macro("__GNUC__")
#pragma pop_macro("__clang__")
#pragma clang diagnostic pop
#endif

#include <fmt/format.h>
#include <itkMetaDataObject.h>
#include <itkMetaImageIO.h>
#include <itkNiftiImageIO.h>
#include <itkNrrdImageIO.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <numeric>
#include <type_traits>
#include <unordered_map>

#include "base/text.h"
#include "geometry/image_data_itk.h"
#include "geometry/image_header_itk.h"
#include "geometry/image_module.h"
#include "geometry/image_quiet_itk.h"

namespace thermodose {

namespace {

using Io = itk::ImageIOBase;
using Component = itk::IOComponentEnum;

constexpr std::size_t kMostLabels = 65535;

bool ends_with(const std::string& path, const std::string& end) {
  return path.size() > end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0;
}

enum class Format { none, nifti, nrrd, meta };

Format format_of(const std::string& path) {
  if (ends_with(path, ".nii") || ends_with(path, ".nii.gz")) return Format::nifti;
  if (ends_with(path, ".nrrd") || ends_with(path, ".nhdr")) return Format::nrrd;
  if (ends_with(path, ".mha") || ends_with(path, ".mhd")) return Format::meta;
  return Format::none;
}

Io::Pointer make_io(Format format) {
  itk::Object::SetGlobalWarningDisplay(false);  // what matters is in our own problems and notes
  switch (format) {
    case Format::nifti:
      return itk::NiftiImageIO::New().GetPointer();
    case Format::nrrd:
      return itk::NrrdImageIO::New().GetPointer();
    default:
      return itk::MetaImageIO::New().GetPointer();
  }
}

/// What ITK says, without its address of the object and its line breaks.
std::string said(const itk::ExceptionObject& e) {
  std::string s = e.GetDescription();
  const bool names_itk = s.rfind("itk::ERROR", 0) == 0 || s.rfind("ITK ERROR", 0) == 0;
  const auto object = s.find("): "), colon = s.find(": ");
  if (names_itk && object != std::string::npos) s.erase(0, object + 3);
  if (names_itk && object == std::string::npos && colon != std::string::npos) s.erase(0, colon + 2);
  // Of a report of the NRRD library, one line per function down to the cause, what was parsed.
  if (const auto parsing = s.find("trouble parsing"); parsing != std::string::npos) {
    s.erase(0, parsing);
    for (auto at = s.find("\n[nrrd] "); at != std::string::npos; at = s.find("\n[nrrd] ")) {
      s.erase(at, std::min(s.find(": ", at), s.size()) - at);
    }
  }
  std::replace(s.begin(), s.end(), '\n', ' ');
  return text::trim(s);
}

/// Runs `work`; an exception becomes its text.
template <class Work>
std::string guarded(const Work& work) {
  const Quiet quiet;
  try {
    work();
    return {};
  } catch (const itk::ExceptionObject& e) {
    return said(e);
  } catch (const std::bad_alloc&) {
    return "it does not fit into memory";
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "unknown error";
  }
}

/// Sizes, spacing, origin and directions as ITK read them. False, and a problem, when the voxels
/// cannot be read as a volume of numbers.
bool take_header(const Io& io, ImageGrid& grid, std::vector<std::string>& problems) {
  const unsigned dimensions = io.GetNumberOfDimensions();
  std::string sizes;
  double bytes = static_cast<double>(io.GetComponentSize());
  bool volume = dimensions >= 3;
  for (unsigned d = 0; d < dimensions; ++d) {
    const auto n = io.GetDimensions(d);
    sizes += fmt::format("{}{}", d > 0 ? " x " : "", n);
    bytes *= static_cast<double>(n);
    volume = volume && (d < 3 || n == 1);
  }
  if (!volume) {
    problems.push_back(
        fmt::format("it has {} dimensions ({}), expected a volume of 3", dimensions, sizes));
  }
  if (io.GetNumberOfComponents() != 1) {
    problems.push_back(
        fmt::format("it has {} numbers per voxel, expected 1", io.GetNumberOfComponents()));
  }
  if (bytes > kMostVoxelBytes) problems.push_back("it is too large: " + sizes + " voxels");
  if (!problems.empty()) return false;
  for (unsigned d = 0; d < 3; ++d) {
    grid.size[d] = static_cast<int>(io.GetDimensions(d));
    grid.spacing[d] = io.GetSpacing(d);
    grid.origin[d] = io.GetOrigin(d);
    const std::vector<double> axis = io.GetDirection(d);
    for (unsigned i = 0; i < 3; ++i) grid.axes[d][i] = axis[i];
  }
  return true;
}

/// Labels of a volume, numbered in the order in which they are met.
template <class T>
class Collector {
 public:
  explicit Collector(LabelImage& image) : image_(image) {}

  void run(const T* data, std::size_t n, std::vector<std::string>& problems) {
    image_.index.resize(n);
    T last{};
    std::uint16_t position = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const T value = data[i];
      if (i == 0 || value != last) {  // neighbours are mostly equal; NaN never is
        if (!is_label(value)) {
          if (bad_++ == 0) first_bad_ = i;
          continue;
        }
        position = number(value);
        last = value;
        if (image_.values.size() > kMostLabels) {
          problems.push_back(fmt::format(
              "it has more than {} different labels: this is no label map", kMostLabels));
          return;
        }
      }
      image_.index[i] = position;
    }
    if (bad_ > 0) {
      const auto& size = image_.grid.size;
      const auto across = static_cast<std::size_t>(size[0]),
                 rows = static_cast<std::size_t>(size[1]);
      problems.push_back(
          fmt::format("{} voxels are not whole numbers, the first is {} at voxel ({}, {}, {}): "
                      "this is no label "
                      "map, or it was resampled with interpolation",
                      bad_, data[first_bad_], first_bad_ % across, first_bad_ / across % rows,
                      first_bad_ / across / rows));
    }
  }

 private:
  static bool is_label(T value) {
    if constexpr (std::is_floating_point_v<T>) {
      return value == std::floor(value) && std::fabs(value) <= 9007199254740992.0;  // 2^53
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    } else {
      return true;
    }
  }
  std::uint16_t number(T value) {
    // By way of int: labels of signed bytes may be negative, they are no characters.
    using Number = std::conditional_t<sizeof(T) == 1, int, T>;
    const auto label = static_cast<std::int64_t>(static_cast<Number>(value));
    const auto [found, is_new] =
        known_.emplace(label, static_cast<std::uint16_t>(image_.values.size()));
    if (is_new) image_.values.push_back(label);
    return found->second;
  }

  LabelImage& image_;
  std::unordered_map<std::int64_t, std::uint16_t> known_;
  std::size_t bad_ = 0, first_bad_ = 0;
};

/// Numbers the labels in increasing order.
void sort_values(LabelImage& image) {
  std::vector<std::size_t> order(image.values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return image.values[a] < image.values[b]; });
  std::vector<std::uint16_t> place(order.size());
  std::vector<std::int64_t> sorted(order.size());
  for (std::size_t n = 0; n < order.size(); ++n) {
    place[order[n]] = static_cast<std::uint16_t>(n);
    sorted[n] = image.values[order[n]];
  }
  image.values = std::move(sorted);
  for (auto& i : image.index) i = place[i];
}

template <class T>
void collect_as(const void* data, LabelImage& image, std::vector<std::string>& problems) {
  Collector<T>(image).run(static_cast<const T*>(data), image.grid.voxels(), problems);
  if (problems.empty()) sort_values(image);
}

void collect(Component type, const void* data, LabelImage& image,
             std::vector<std::string>& problems) {
  switch (type) {
    case Component::UCHAR:
      return collect_as<std::uint8_t>(data, image, problems);
    case Component::CHAR:
      return collect_as<signed char>(data, image, problems);
    case Component::USHORT:
      return collect_as<std::uint16_t>(data, image, problems);
    case Component::SHORT:
      return collect_as<std::int16_t>(data, image, problems);
    case Component::UINT:
      return collect_as<std::uint32_t>(data, image, problems);
    case Component::INT:
      return collect_as<std::int32_t>(data, image, problems);
    case Component::ULONG:
    case Component::ULONGLONG:
      return collect_as<std::uint64_t>(data, image, problems);
    case Component::LONG:
    case Component::LONGLONG:
      return collect_as<std::int64_t>(data, image, problems);
    case Component::FLOAT:
      return collect_as<float>(data, image, problems);
    case Component::DOUBLE:
      return collect_as<double>(data, image, problems);
    default:
      problems.emplace_back("its type of voxel is not supported");
  }
}

void choose_all(Io& io) {
  itk::ImageIORegion region(io.GetNumberOfDimensions());
  for (unsigned d = 0; d < io.GetNumberOfDimensions(); ++d) {
    region.SetIndex(d, 0);
    region.SetSize(d, io.GetDimensions(d));
  }
  io.SetIORegion(region);
}

/// All voxels. Throws when the file ends before them: MetaImage then leaves the rest of the buffer
/// as it was, without an error.
std::unique_ptr<char[]> voxels_of(Io& io) {
  choose_all(io);
  const auto size = static_cast<std::size_t>(io.GetImageSizeInBytes());
  const std::size_t last = io.GetComponentSize();
  std::unique_ptr<char[]> data(new char[size]);
  bool touched = false;
  for (const char canary : {'\x5a', '\x3c'}) {
    char* const tail = data.get() + (size - last);
    std::fill(tail, tail + last, canary);
    io.Read(data.get());
    touched = std::any_of(tail, tail + last, [&](char c) { return c != canary; });
    if (touched) break;  // else the voxel may have just that value: another one tells
  }
  if (!touched) throw std::runtime_error("the file ends before its last voxel");
  return data;
}

/// Whether ITK may read the file; else there are problems.
bool is_sound(const std::string& path, Format format, std::vector<std::string>& problems,
              std::vector<std::string>& notes) {
  bool known = false;
  const char* what = "MetaImage";
  if (format == Format::nifti) {
    what = "NIfTI-1";
    known = check_nifti_file(path, problems, notes);
  } else if (format == Format::nrrd) {
    what = "NRRD";
    known = check_nrrd_file(path, problems, notes);
  } else {
    known = check_meta_file(path, problems, notes);
  }
  if (!known) problems.assign(1, fmt::format("it is no {} file", what));
  return problems.empty();
}

void read_into(const std::string& given, LabelImage& image, std::vector<std::string>& problems) {
  const Format format = format_of(given);
  if (format == Format::none) {
    problems.emplace_back(
        "unknown format; known: .nii, .nii.gz (NIfTI), .nrrd, .nhdr (NRRD), .mha, .mhd "
        "(MetaImage)");
    return;
  }
  const NiftiName name(given);
  const std::string& path = name.path();
  if (!is_sound(path, format, problems, image.notes)) return;
  const Io::Pointer io = make_io(format);
  io->SetFileName(path);
  io->ReadImageInformation();
  if (!take_header(*io, image.grid, problems)) return;
  const std::vector<std::string> header = grid_problems(image.grid);
  if (format == Format::nifti) note_nifti_orientation(path, image.grid, image.notes);
  if (image.grid.voxels() > 0) {
    collect(io->GetComponentType(), voxels_of(*io).get(), image, problems);
  }
  problems.insert(problems.begin(), header.begin(), header.end());
}

std::vector<std::string> read_labels(const std::string& path, LabelImage& image) {
  std::vector<std::string> problems;
  const std::string error = guarded([&] { read_into(path, image, problems); });
  if (!error.empty()) problems.push_back("it cannot be read: " + error);
  return problems;
}

/// What the volume is. NIfTI has 23 characters for it.
void describe(Io& io, Format format, const std::string& description) {
  if (description.empty()) return;
  auto& fields = io.GetMetaDataDictionary();
  if (format == Format::nifti) {
    itk::EncapsulateMetaData<std::string>(fields, "aux_file", description.substr(0, 23));
  } else {
    itk::EncapsulateMetaData<std::string>(
        fields, format == Format::nrrd ? "NRRD_content" : "Comment", description);
  }
}

Component component(VoxelType type) {
  return type == VoxelType::u8    ? Component::UCHAR
         : type == VoxelType::u16 ? Component::USHORT
                                  : Component::FLOAT;
}

void write_into(const std::string& path, const ImageGrid& grid, VoxelType type, const void* values,
                const std::string& description) {
  const Format format = format_of(path);
  const Io::Pointer io = make_io(format);
  io->SetFileName(path);
  io->SetNumberOfDimensions(3);
  for (unsigned d = 0; d < 3; ++d) {
    io->SetDimensions(d, static_cast<itk::SizeValueType>(grid.size[d]));
    io->SetSpacing(d, grid.spacing[d]);
    io->SetOrigin(d, grid.origin[d]);
    io->SetDirection(d, std::vector<double>(grid.axes[d].begin(), grid.axes[d].end()));
  }
  io->SetPixelType(itk::IOPixelEnum::SCALAR);
  io->SetComponentType(component(type));
  io->SetNumberOfComponents(1);
  io->SetUseCompression(true);
  choose_all(*io);
  describe(*io, format, description);
  io->Write(values);
  // The writers do not tell of a full disk: what counts is what can be read again.
  const Io::Pointer written = make_io(format);
  written->SetFileName(path);
  written->ReadImageInformation();
  const auto size = static_cast<std::size_t>(io->GetImageSizeInBytes());
  const bool same = static_cast<std::size_t>(written->GetImageSizeInBytes()) == size &&
                    written->GetComponentType() == io->GetComponentType() &&
                    std::memcmp(voxels_of(*written).get(), values, size) == 0;
  if (!same) throw std::runtime_error("what was written does not read back; is the disk full?");
}

std::string write(const std::string& path, const ImageGrid& grid, VoxelType type,
                  const void* values, const std::string& description) {
  return guarded([&] { write_into(path, grid, type, values, description); });
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImageModule* thermodose_image_module() {
  static const ImageModule module{read_labels, write};
  return &module;
}

}  // namespace thermodose
