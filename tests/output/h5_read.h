// Reads HDF5 files back in tests, independently of the writer.
// Implements: whole datasets and attributes through the C interface of HDF5; failures throw.
#pragma once

#include <hdf5.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace thermodose::output_test {

/// Closes an identifier when it goes out of scope; throws when it was not obtained.
class H5 {
 public:
  H5(hid_t id, herr_t (*closer)(hid_t), const std::string& what) : id_(id), close_(closer) {
    if (id < 0) throw std::runtime_error("HDF5: cannot open " + what);
  }
  ~H5() { close_(id_); }
  H5(const H5&) = delete;
  H5& operator=(const H5&) = delete;
  operator hid_t() const { return id_; }  // NOLINT: a handle that is used as what it holds

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

class H5Reader {
 public:
  explicit H5Reader(const std::string& path)
      : file_(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, path) {}

  bool has(const std::string& name) const {
    return H5Lexists(file_, name.c_str(), H5P_DEFAULT) > 0;
  }
  std::vector<hsize_t> shape(const std::string& name) const {
    const H5 data(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), H5Dclose, name);
    const H5 space(H5Dget_space(data), H5Sclose, name);
    std::vector<hsize_t> dims(std::size_t(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, dims.data(), nullptr);
    return dims;
  }
  std::vector<double> values(const std::string& name) const {
    std::size_t n = 1;
    for (const hsize_t d : shape(name)) n *= d;
    std::vector<double> out(n);
    const H5 data(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), H5Dclose, name);
    if (H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, out.data()) < 0)
      throw std::runtime_error("HDF5: cannot read " + name);
    return out;
  }
  /// Bytes the values take in the file.
  hsize_t storage(const std::string& name) const {
    const H5 data(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), H5Dclose, name);
    return H5Dget_storage_size(data);
  }
  bool is_float32(const std::string& name) const {
    const H5 data(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), H5Dclose, name);
    const H5 type(H5Dget_type(data), H5Tclose, name);
    return H5Tequal(type, H5T_IEEE_F32LE) > 0;
  }
  double number(const std::string& object, const std::string& name) const {
    const H5 a(H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
               H5Aclose, object + "@" + name);
    double value = 0;
    if (H5Aread(a, H5T_NATIVE_DOUBLE, &value) < 0) throw std::runtime_error("HDF5: " + name);
    return value;
  }
  /// Text attribute; several strings of a list follow each other, separated by '|'.
  std::string text(const std::string& object, const std::string& name) const {
    const H5 a(H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
               H5Aclose, object + "@" + name);
    const H5 type(H5Aget_type(a), H5Tclose, name);
    const H5 space(H5Aget_space(a), H5Sclose, name);
    if (H5Tis_variable_str(type) <= 0) throw std::runtime_error("HDF5: fixed text " + name);
    std::vector<char*> texts(std::size_t(H5Sget_simple_extent_npoints(space)));
    if (H5Aread(a, type, texts.data()) < 0) throw std::runtime_error("HDF5: " + name);
    std::string out;
    for (std::size_t i = 0; i < texts.size(); ++i)
      out += (i > 0 ? "|" : "") + std::string(texts[i]);
    H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts.data());
    return out;
  }

 private:
  H5 file_;
};

}  // namespace thermodose::output_test
