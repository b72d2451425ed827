// The image module: label maps and grey values from, and volumes to, NIfTI, NRRD and MetaImage
// through ITK. Implements: geometry/image_module.h. Only the ImageIO classes are used: they read
// any type of voxel without a template per type, and name the file's own geometry.
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
#include <memory>

#include "base/text.h"
#include "geometry/image_data_itk.h"
#include "geometry/image_header_itk.h"
#include "geometry/image_module.h"
#include "geometry/image_quiet_itk.h"
#include "geometry/image_voxels_itk.h"

namespace thermodose {

namespace {

using Io = itk::ImageIOBase;
using Component = itk::IOComponentEnum;

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

/// The type of the voxels, without ITK's names.
Number number_of(Component type) {
  switch (type) {
    case Component::UCHAR:
      return Number::u8;
    case Component::CHAR:
      return Number::i8;
    case Component::USHORT:
      return Number::u16;
    case Component::SHORT:
      return Number::i16;
    case Component::UINT:
      return Number::u32;
    case Component::INT:
      return Number::i32;
    case Component::ULONG:
    case Component::ULONGLONG:
      return Number::u64;
    case Component::LONG:
    case Component::LONGLONG:
      return Number::i64;
    case Component::FLOAT:
      return Number::f32;
    case Component::DOUBLE:
      return Number::f64;
    default:
      return Number::none;
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

/// `collect` takes what it needs of the voxels: collect_labels or collect_values.
template <class Image, class Collect>
void read_into(const std::string& given, Image& image, std::vector<std::string>& problems,
               const Collect& collect) {
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
    const Number type = number_of(io->GetComponentType());
    const std::unique_ptr<char[]> voxels = voxels_of(*io);
    void* const data = voxels.get();
    if (format == Format::nifti && type == Number::f32)
      restore_not_finite(path, static_cast<float*>(data));
    if (format == Format::nifti && type == Number::f64)
      restore_not_finite(path, static_cast<double*>(data));
    collect(type, data, image, problems);
  }
  problems.insert(problems.begin(), header.begin(), header.end());
}

template <class Image, class Collect>
std::vector<std::string> read(const std::string& path, Image& image, const Collect& collect) {
  std::vector<std::string> problems;
  const std::string error = guarded([&] { read_into(path, image, problems, collect); });
  if (!error.empty()) problems.push_back("it cannot be read: " + error);
  return problems;
}

std::vector<std::string> read_labels(const std::string& path, LabelImage& image) {
  return read(path, image, collect_labels);
}

std::vector<std::string> read_values(const std::string& path, ValueImage& image) {
  return read(path, image, collect_values);
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
  static const ImageModule module{read_labels, read_values, write};
  return &module;
}

}  // namespace thermodose
