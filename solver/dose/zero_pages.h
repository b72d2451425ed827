// Node states that are zero until something happens.
// Implements: arrays whose memory the system hands out, zeroed, when it is first written to. Most
// nodes of a run never freeze and never get hot: their states cost nothing as long as zero means
// "nothing happened" and nobody writes zeros.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace thermodose::dose {

/// calloc, and no write at construction: values start as zero bytes.
template <class T>
struct ZeroPages {
  using value_type = T;
  ZeroPages() = default;
  template <class U>
  explicit ZeroPages(const ZeroPages<U>&) {}

  T* allocate(std::size_t n) {
    void* memory = std::calloc(n, sizeof(T));
    if (memory == nullptr) throw std::bad_alloc();
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t) { std::free(memory); }
  template <class U>
  void construct(U*) {}
  template <class U>
  void construct(U* at, const U& value) {
    ::new (static_cast<void*>(at)) U(value);
  }
  template <class U>
  bool operator==(const ZeroPages<U>&) const {
    return true;
  }
  template <class U>
  bool operator!=(const ZeroPages<U>&) const {
    return false;
  }
};

/// Made by ZeroVector<T>(n); never by assign, which writes.
template <class T>
using ZeroVector = std::vector<T, ZeroPages<T>>;

/// A copy of values most of which are zero.
template <class T>
ZeroVector<T> copy_of(const T* values, std::size_t n) {
  ZeroVector<T> out(n);
  for (std::size_t i = 0; i < n; ++i)
    if (values[i] != T(0)) out[i] = values[i];
  return out;
}

}  // namespace thermodose::dose
