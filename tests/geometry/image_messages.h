// What is said of image files that cannot be used.
// Implements: the messages of a file, files with one place changed.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.h"
#include "geometry/image_io.h"
#include "label_files.h"

namespace thermodose::test {

/// 16 x 16 x 16 voxels of 2 mm with the labels 0, 1, 2 and 4.
inline Volume numbered_volume() {
  Volume v = plain_volume();
  v.grid.size = {16, 16, 16};
  v.labels.resize(v.grid.voxels());
  for (std::size_t n = 0; n < v.labels.size(); ++n) v.labels[n] = static_cast<int>(n * n % 7);
  return v;
}

inline std::vector<std::uint8_t> bytes_of(const Volume& v) {
  return {v.labels.begin(), v.labels.end()};
}

/// The messages of a file that cannot be used; none when it is read.
inline std::vector<std::string> messages(const std::string& path) {
  std::vector<std::string> out;
  try {
    read_label_image(path);
  } catch (const InputError& e) {
    for (const auto& p : e.problems()) {
      EXPECT_EQ(p.file, path);
      out.push_back(p.message);
    }
  }
  return out;
}

inline void expect_one(const std::string& path, const std::string& part) {
  const auto all = messages(path);
  ASSERT_EQ(all.size(), 1U) << path << " " << part << (all.empty() ? "" : " " + all[0]);
  EXPECT_NE(all[0].find(part), std::string::npos) << all[0];
}

/// The file `from` with one piece of text replaced, as `to`.
inline void change(const std::string& from, const std::string& to, const std::string& old_text,
                   const std::string& new_text) {
  std::ifstream in(from, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto at = bytes.find(old_text);
  if (at == std::string::npos) throw std::runtime_error("no '" + old_text + "' in " + from);
  save(to, bytes.replace(at, old_text.size(), new_text));
}

/// The file `from` with the bytes of a number in it, as `to`.
template <class T>
void put(const std::string& from, const std::string& to, std::size_t at, T value) {
  std::ifstream in(from, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::memcpy(&bytes.at(at), &value, sizeof value);
  save(to, bytes);
}

}  // namespace thermodose::test
