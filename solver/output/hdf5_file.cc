// Implements: hdf5_file.h with the C interface of HDF5.
#include "output/hdf5_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.h"

namespace thermodose {

namespace {

/// Owner of an HDF5 identifier.
class Handle {
 public:
  Handle(hid_t id, herr_t (*closer)(hid_t)) : id_(id), close_(closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle& operator=(Handle&&) = delete;
  ~Handle() {
    if (id_ >= 0) static_cast<void>(close_(id_));  // errors were caught by an earlier close()
  }
  hid_t id() const { return id_; }
  bool good() const { return id_ >= 0; }
  bool close() { return close_(std::exchange(id_, -1)) >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

void silence() {
  static const bool done = [] { return H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0; }();
  static_cast<void>(done);
}

/// Keeps the innermost message of the library's error stack.
herr_t collect(unsigned n, const H5E_error2_t* error, void* data) {
  if (n == 0 && error->desc != nullptr) *static_cast<std::string*>(data) = error->desc;
  return 0;
}

std::string library_reason() {
  std::string reason;
  if (H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &reason) < 0 || reason.empty())
    return "HDF5 gives no reason";
  return "HDF5: " + reason;
}

/// Text of any length, UTF-8: what h5py shows as str.
Handle string_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  if (type.good()) {
    static_cast<void>(H5Tset_size(type.id(), H5T_VARIABLE));
    static_cast<void>(H5Tset_cset(type.id(), H5T_CSET_UTF8));
  }
  return type;
}

hid_t native(const float*) { return H5T_NATIVE_FLOAT; }
hid_t native(const double*) { return H5T_NATIVE_DOUBLE; }
hid_t native(const std::int32_t*) { return H5T_NATIVE_INT32; }

bool put_attribute(hid_t file, const std::string& object, const std::string& name,
                   const Handle& space, hid_t type, const void* value) {
  const Handle attribute(H5Acreate_by_name(file, object.c_str(), name.c_str(), type, space.id(),
                                           H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose);
  return attribute.good() && H5Awrite(attribute.id(), type, value) >= 0;
}

template <class T>
bool put_table(hid_t file, const std::string& name, const std::vector<std::uint64_t>& shape,
               const std::vector<T>& values) {
  const std::vector<hsize_t> dims(shape.begin(), shape.end());
  const Handle space(H5Screate_simple(int(dims.size()), dims.data(), nullptr), H5Sclose);
  const hid_t type = native(values.data());
  Handle data(
      H5Dcreate2(file, name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
      H5Dclose);
  if (!data.good()) return false;
  const bool written = values.empty() ||
                       H5Dwrite(data.id(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0;
  return data.close() && written;
}

/// Edges of the blocks of a field: cubes of 32 nodes, or runs of as many values.
std::array<hsize_t, 3> block_shape(const std::array<hsize_t, 3>& dims) {
  const bool line = dims[0] == 1 && dims[1] == 1;
  std::array<hsize_t, 3> block{};
  for (std::size_t d = 0; d < 3; ++d)
    block[d] = std::max<hsize_t>(1, std::min<hsize_t>(dims[d], line ? 32768 : 32));
  return block;
}

/// Writes the blocks of one dataset that are not constant.
template <class T>
class BlockWriter {
 public:
  BlockWriter(const std::vector<std::uint64_t>& shape, const T* values) : values_(values) {
    rank_ = int(shape.size());
    dims_.fill(1);
    std::copy(shape.begin(), shape.end(), dims_.end() - rank_);
    block_ = block_shape(dims_);
  }

  bool write(hid_t file, const std::string& name, int gzip_level) {
    const std::size_t skip = std::size_t(3 - rank_);
    const Handle space(H5Screate_simple(rank_, &dims_[skip], nullptr), H5Sclose);
    const Handle create(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    const T fill = dims_[0] * dims_[1] * dims_[2] > 0 ? values_[0] : T(0);
    bool good = H5Pset_chunk(create.id(), rank_, &block_[skip]) >= 0 &&
                H5Pset_fill_value(create.id(), native(values_), &fill) >= 0;
    if (gzip_level > 0) {
      good = good && H5Pset_shuffle(create.id()) >= 0 &&
             H5Pset_deflate(create.id(), unsigned(gzip_level)) >= 0;
    }
    Handle data(H5Dcreate2(file, name.c_str(), native(values_), space.id(), H5P_DEFAULT,
                           create.id(), H5P_DEFAULT),
                H5Dclose);
    good = good && data.good();
    std::array<hsize_t, 3> at{};
    for (at[0] = 0; good && at[0] < dims_[0]; at[0] += block_[0]) {
      for (at[1] = 0; good && at[1] < dims_[1]; at[1] += block_[1]) {
        for (at[2] = 0; good && at[2] < dims_[2]; at[2] += block_[2])
          good = write_block(data.id(), space.id(), at, fill);
      }
    }
    return data.good() && data.close() && good;
  }

 private:
  /// Gathers a block; tells whether it differs from the fill value anywhere.
  bool gather(const std::array<hsize_t, 3>& at, const std::array<hsize_t, 3>& count, T fill) {
    buffer_.resize(count[0] * count[1] * count[2]);
    bool differs = false;
    T* out = buffer_.data();
    for (hsize_t k = 0; k < count[0]; ++k) {
      for (hsize_t j = 0; j < count[1]; ++j) {
        const T* in = values_ + ((at[0] + k) * dims_[1] + at[1] + j) * dims_[2] + at[2];
        std::copy(in, in + count[2], out);
        if (!differs) differs = std::any_of(in, in + count[2], [&](T v) { return v != fill; });
        out += count[2];
      }
    }
    return differs;
  }

  bool write_block(hid_t data, hid_t space, const std::array<hsize_t, 3>& at, T fill) {
    std::array<hsize_t, 3> count{};
    for (std::size_t d = 0; d < 3; ++d) count[d] = std::min(block_[d], dims_[d] - at[d]);
    if (!gather(at, count, fill)) return true;
    const std::size_t skip = std::size_t(3 - rank_);
    const Handle memory(H5Screate_simple(rank_, &count[skip], nullptr), H5Sclose);
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, &at[skip], nullptr, &count[skip], nullptr) >=
               0 &&
           H5Dwrite(data, native(values_), memory.id(), space, H5P_DEFAULT, buffer_.data()) >= 0;
  }

  int rank_ = 0;
  std::array<hsize_t, 3> dims_{}, block_{};
  const T* values_;
  std::vector<T> buffer_;
};

}  // namespace

Hdf5File::Hdf5File(const std::string& path) : path_(path), target_(std::make_unique<Hdf5Target>()) {
  silence();
  target_->descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (target_->descriptor < 0)
    throw IoError(fmt::format("cannot create {}: {}", path, std::strerror(errno)));
  const Handle access(hdf5_access_to(*target_), H5Pclose);
  if (access.good()) file_ = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id());
  if (file_ < 0) {
    const std::string reason = library_reason();
    static_cast<void>(::close(target_->descriptor));
    throw IoError(fmt::format("cannot create {}: {}", path, reason));
  }
}

Hdf5File::~Hdf5File() {
  if (file_ < 0) return;
  // Abandoned: errors no longer matter, but the library must not hold on to what is gone.
  const bool closed = H5Fclose(file_) >= 0;
  static_cast<void>(::close(target_->descriptor));
  if (!closed) static_cast<void>(target_.release());
}

void Hdf5File::check(bool good, const std::string& what) const {
  if (target_->error != 0) {
    throw IoError(
        fmt::format("cannot write {} to {}: {}", what, path_, std::strerror(target_->error)));
  }
  if (!good) throw IoError(fmt::format("cannot write {} to {}: {}", what, path_, library_reason()));
}

void Hdf5File::close() {
  const hid_t file = std::exchange(file_, -1);
  const bool closed = H5Fclose(file) >= 0;
  if (::close(target_->descriptor) != 0 && target_->error == 0) target_->error = errno;
  check(closed, "the last blocks");
}

void Hdf5File::group(const std::string& name) {
  if (H5Lexists(file_, name.c_str(), H5P_DEFAULT) > 0) return;
  const Handle link(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  static_cast<void>(H5Pset_create_intermediate_group(link.id(), 1));
  const Handle made(H5Gcreate2(file_, name.c_str(), link.id(), H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
  check(made.good(), name);
}

void Hdf5File::attribute(const std::string& object, const std::string& name,
                         const std::string& value) {
  const Handle type = string_type();
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  const char* text = value.c_str();
  check(put_attribute(file_, object, name, space, type.id(), &text), object + "@" + name);
}

void Hdf5File::attribute(const std::string& object, const std::string& name, double value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  check(put_attribute(file_, object, name, space, H5T_NATIVE_DOUBLE, &value), object + "@" + name);
}

void Hdf5File::attribute(const std::string& object, const std::string& name, std::int64_t value) {
  const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
  check(put_attribute(file_, object, name, space, H5T_NATIVE_INT64, &value), object + "@" + name);
}

void Hdf5File::attribute(const std::string& object, const std::string& name,
                         const std::vector<std::string>& values) {
  std::vector<const char*> texts;
  texts.reserve(values.size());
  for (const std::string& v : values) texts.push_back(v.c_str());
  const Handle type = string_type();
  const hsize_t count = values.size();
  const Handle space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  check(put_attribute(file_, object, name, space, type.id(), texts.data()), object + "@" + name);
}

void Hdf5File::table(const std::string& name, const std::vector<std::uint64_t>& shape,
                     const std::vector<double>& values) {
  check(put_table(file_, name, shape, values), name);
}
void Hdf5File::table(const std::string& name, const std::vector<std::uint64_t>& shape,
                     const std::vector<std::int32_t>& values) {
  check(put_table(file_, name, shape, values), name);
}
void Hdf5File::table(const std::string& name, const std::vector<std::uint64_t>& shape,
                     const std::vector<float>& values) {
  check(put_table(file_, name, shape, values), name);
}

void Hdf5File::field(const std::string& name, const std::vector<std::uint64_t>& shape,
                     const float* values, int gzip_level) {
  check(BlockWriter<float>(shape, values).write(file_, name, gzip_level), name);
}

void Hdf5File::field(const std::string& name, const std::vector<std::uint64_t>& shape,
                     const std::int32_t* values, int gzip_level) {
  check(BlockWriter<std::int32_t>(shape, values).write(file_, name, gzip_level), name);
}

}  // namespace thermodose
