// Implements: hdf5_driver.h on the driver interface of HDF5 1.10 (H5FD_class_t).
#include "output/hdf5_driver.h"

#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <new>

namespace thermodose {

namespace {

/// What HDF5 hands back to the driver; its own part comes first.
struct OpenFile {
  H5FD_t base;
  Hdf5Target* target;
  haddr_t allocated;  ///< end of the address space in use
  haddr_t written;    ///< end of the file
};

/// Property of the access list: where to write.
struct Info {
  Hdf5Target* target;
};

OpenFile& of(H5FD_t* file) { return *reinterpret_cast<OpenFile*>(file); }
const OpenFile& of(const H5FD_t* file) { return *reinterpret_cast<const OpenFile*>(file); }

void keep(Hdf5Target& target, int error) {
  if (target.error == 0) target.error = error;
}

H5FD_t* open_file(const char* /*name*/, unsigned /*flags*/, hid_t access, haddr_t /*maxaddr*/) {
  const auto* info = static_cast<const Info*>(H5Pget_driver_info(access));
  if (info == nullptr) return nullptr;
  auto* file = new (std::nothrow) OpenFile{};
  if (file == nullptr) return nullptr;
  file->target = info->target;
  return &file->base;
}

herr_t close_file(H5FD_t* file) {
  delete &of(file);  // the descriptor belongs to the target
  return 0;
}

int compare(const H5FD_t* a, const H5FD_t* b) {
  return int(of(a).target > of(b).target) - int(of(a).target < of(b).target);
}

herr_t query(const H5FD_t* /*file*/, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t get_allocated(const H5FD_t* file, H5FD_mem_t /*type*/) { return of(file).allocated; }

herr_t set_allocated(H5FD_t* file, H5FD_mem_t /*type*/, haddr_t address) {
  of(file).allocated = address;
  return 0;
}

haddr_t get_written(const H5FD_t* file, H5FD_mem_t /*type*/) { return of(file).written; }

herr_t read_bytes(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t address,
                  std::size_t size, void* buffer) {
  Hdf5Target& target = *of(file).target;
  auto* out = static_cast<char*>(buffer);
  while (size > 0 && target.error == 0) {
    const ssize_t n = ::pread(target.descriptor, out, size, off_t(address));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) keep(target, errno);
    if (n <= 0) break;
    out += n;
    address += haddr_t(n);
    size -= std::size_t(n);
  }
  std::memset(out, 0, size);  // past the end, or after a failure
  return 0;
}

herr_t write_bytes(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t address,
                   std::size_t size, const void* buffer) {
  Hdf5Target& target = *of(file).target;
  const auto* in = static_cast<const char*>(buffer);
  of(file).written = std::max(of(file).written, address + haddr_t(size));
  while (size > 0 && target.error == 0) {
    const ssize_t n = ::pwrite(target.descriptor, in, size, off_t(address));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      keep(target, errno);
    } else {
      in += n;
      address += haddr_t(n);
      size -= std::size_t(n);
    }
  }
  return 0;
}

/// HDF5 wants the file as long as the space it allocated.
herr_t truncate_file(H5FD_t* file, hid_t /*transfer*/, hbool_t /*closing*/) {
  OpenFile& f = of(file);
  if (f.written == f.allocated) return 0;
  if (f.target->error == 0 && ::ftruncate(f.target->descriptor, off_t(f.allocated)) != 0)
    keep(*f.target, errno);
  f.written = f.allocated;
  return 0;
}

hid_t register_driver() {
  static H5FD_class_t driver = [] {
    H5FD_class_t d{};
    d.name = "thermodose";
    d.maxaddr = haddr_t(1) << 62;
    d.fc_degree = H5F_CLOSE_STRONG;
    d.fapl_size = sizeof(Info);
    d.open = open_file;
    d.close = close_file;
    d.cmp = compare;
    d.query = query;
    d.get_eoa = get_allocated;
    d.set_eoa = set_allocated;
    d.get_eof = get_written;
    d.read = read_bytes;
    d.write = write_bytes;
    d.truncate = truncate_file;
    const H5FD_mem_t map[] = H5FD_FLMAP_DICHOTOMY;
    static_assert(sizeof map == sizeof d.fl_map);
    std::copy(std::begin(map), std::end(map), std::begin(d.fl_map));
    return d;
  }();
  return H5FDregister(&driver);
}

}  // namespace

std::int64_t hdf5_access_to(Hdf5Target& target) {
  static const hid_t driver = register_driver();
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  const Info info{&target};
  // Version 1.8 of the format holds lists of names beyond 64 kB, such as those of an atlas.
  if (access >= 0 && (H5Pset_driver(access, driver, &info) < 0 ||
                      H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_LATEST) < 0)) {
    static_cast<void>(H5Pclose(access));
    return -1;
  }
  return access;
}

}  // namespace thermodose
