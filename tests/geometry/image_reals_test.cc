// Implements: tests of voxels that are NaN or infinite: every format of every width keeps them,
// where libraries below make zeros of them.
#include <gtest/gtest.h>
#include <zlib.h>

#include <cmath>
#include <limits>

#include "image_messages.h"
#include "output/scratch.h"

namespace thermodose::test {
namespace {

using output_test::Scratch;

constexpr double kInf = std::numeric_limits<double>::infinity();

template <class T>
std::string reals(const std::vector<double>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  for (std::size_t n = 0; n < values.size(); ++n) {
    const T value = static_cast<T>(values[n]);
    std::memcpy(bytes.data() + n * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

/// 4 x 3 x 2 voxels: 3, but for NaN at (1, 2, 0), infinities behind it.
std::vector<double> with_holes() {
  std::vector<double> values(24, 3);
  values[9] = std::nan("");
  values[13] = kInf;
  values[23] = -kInf;
  return values;
}

void compress(const Scratch& dir, const std::string& from, const std::string& to) {
  const std::string bytes = dir.read(from);
  gzFile out = gzopen(dir.file(to).c_str(), "wb");
  gzwrite(out, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(out);
}

/// The same voxels in each format, as 32 and as 64 bits; NIfTI in both orders of bytes, compressed,
/// and with voxels from an odd byte on.
std::vector<std::string> write_all(const Scratch& dir, const std::vector<double>& values) {
  const Volume v = plain_volume();
  const std::string single = reals<float>(values), twice = reals<double>(values);
  write_nrrd(dir.file("4.nrrd"), v, ImageFrame::lps, "float", single);
  write_nrrd(dir.file("8.nrrd"), v, ImageFrame::lps, "double", twice);
  write_meta(dir.file("4.mha"), v, "MET_FLOAT", single);
  write_meta(dir.file("8.mha"), v, "MET_DOUBLE", twice);
  write_nifti(dir.file("4.nii"), v, {}, 16, 32, single);
  write_nifti(dir.file("8.nii"), v, {}, 64, 64, twice);
  dir.write("big4.nii", big_endian_nifti(dir.read("4.nii"), 4));
  dir.write("big8.nii", big_endian_nifti(dir.read("8.nii"), 8));
  compress(dir, "4.nii", "packed4.nii.gz");
  compress(dir, "big8.nii", "packed8.nii.gz");
  put(dir.file("8.nii"), dir.file("odd.nii"), 108, 357.0F);
  dir.write("odd.nii", dir.read("odd.nii").insert(352, "12345"));
  return {"4.nrrd",   "8.nrrd",   "4.mha",          "8.mha",          "4.nii",  "8.nii",
          "big4.nii", "big8.nii", "packed4.nii.gz", "packed8.nii.gz", "odd.nii"};
}

TEST(RealVoxels, LabelsThatAreNoNumbersAreRefusedInEveryFormat) {
  const Scratch dir;
  for (const auto& name : write_all(dir, std::vector<double>(24, 3))) {
    SCOPED_TRACE(name);
    EXPECT_TRUE(messages(dir.file(name)).empty());
  }
  for (const auto& name : write_all(dir, with_holes())) {
    SCOPED_TRACE(name);
    expect_one(dir.file(name),
               "3 voxels are not whole numbers, the first is nan at voxel (1, 2, 0)");
  }
}

TEST(RealVoxels, GreyValuesStayWhatTheyAre) {
  const Scratch dir;
  for (const auto& name : write_all(dir, with_holes())) {
    SCOPED_TRACE(name);
    const std::vector<float> values = read_value_image(dir.file(name)).values;
    ASSERT_EQ(values.size(), 24U);
    EXPECT_TRUE(std::isnan(values[9]));
    EXPECT_EQ(values[8], 3);
    EXPECT_EQ(values[13], kInf);
    EXPECT_EQ(values[14], 3);
    EXPECT_EQ(values[23], -kInf);
  }
}

TEST(RealVoxels, TheScaleOfNiftiTurnsThemToo) {
  const Scratch dir;
  write_nifti(dir.file("a.nii"), plain_volume(), {}, 16, 32, reals<float>(with_holes()));
  put(dir.file("a.nii"), dir.file("a.nii"), 112, -2.0F);
  put(dir.file("a.nii"), dir.file("a.nii"), 116, 10.0F);
  const std::vector<float> values = read_value_image(dir.file("a.nii")).values;
  EXPECT_EQ(values[8], 4);
  EXPECT_TRUE(std::isnan(values[9]));
  EXPECT_EQ(values[13], -kInf);
  EXPECT_EQ(values[23], kInf);
}

// Several pieces of the file, none of which ends with a number.
TEST(RealVoxels, LargeFiles) {
  const Scratch dir;
  Volume v = plain_volume();
  v.grid.size = {101, 103, 97};
  std::vector<double> values(v.grid.voxels(), 7);
  for (std::size_t n = 0; n < values.size(); n += 1009) values[n] = std::nan("");
  write_nifti(dir.file("a.nii"), v, {}, 64, 64, reals<double>(values));
  put(dir.file("a.nii"), dir.file("a.nii"), 108, 355.0F);
  dir.write("a.nii", dir.read("a.nii").insert(352, "123"));
  compress(dir, "a.nii", "b.nii.gz");
  for (const char* name : {"a.nii", "b.nii.gz"}) {
    const std::vector<float> read = read_value_image(dir.file(name)).values;
    std::size_t wrong = 0;
    for (std::size_t n = 0; n < values.size(); ++n)
      wrong += std::isnan(values[n]) ? !std::isnan(read[n]) : read[n] != 7;
    EXPECT_EQ(wrong, 0U) << name;
  }
}

}  // namespace
}  // namespace thermodose::test
