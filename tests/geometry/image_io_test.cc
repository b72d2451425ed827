// Implements: tests of image files: every format gives the same voxels at the same places, written
// images read back, and every problem has its message.
#include "geometry/image_io.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <functional>

#include "base/error.h"
#include "image_messages.h"
#include "label_files.h"
#include "output/scratch.h"

namespace thermodose::test {
namespace {

using output_test::Scratch;

std::vector<int> labels_of(const LabelImage& image) {
  std::vector<int> out;
  for (const auto i : image.index) out.push_back(static_cast<int>(image.values[i]));
  return out;
}

void expect_same(const ImageGrid& a, const ImageGrid& b, double mm, double unit) {
  EXPECT_EQ(a.size, b.size);
  for (std::size_t d = 0; d < 3; ++d) {
    EXPECT_NEAR(a.spacing[d], b.spacing[d], mm);
    EXPECT_NEAR(a.origin[d], b.origin[d], mm);
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(a.axes[d][c], b.axes[d][c], unit);
  }
}

/// Seven digits of the float numbers of NIfTI; text has all of them.
constexpr double kFloatMm = 1e-5, kFloatUnit = 1e-6, kText = 1e-12;

TEST(ImageFiles, EveryFormatGivesTheSameVoxelsAtTheSamePlaces) {
  const Scratch dir;
  const Volume v = tilted_volume();
  Nifti sform, qform;
  qform.qform = 1;
  qform.sform = 0;
  write_nifti(dir.file("s.nii"), v, sform);
  write_nifti(dir.file("q.nii"), v, qform);
  write_nrrd(dir.file("lps.nrrd"), v, ImageFrame::lps);
  write_nrrd(dir.file("ras.nrrd"), v, ImageFrame::ras);
  write_meta(dir.file("m.mha"), v);
  for (const std::string name : {"s.nii", "q.nii", "lps.nrrd", "ras.nrrd", "m.mha"}) {
    SCOPED_TRACE(name);
    const LabelImage image = read_label_image(dir.file(name));
    const bool nifti = name.find(".nii") != std::string::npos;
    expect_same(image.grid, v.grid, nifti ? kFloatMm : kText, nifti ? kFloatUnit : kText);
    EXPECT_EQ(labels_of(image), v.labels);
    EXPECT_EQ(image.values, (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6}));
    EXPECT_TRUE(image.notes.empty()) << image.notes[0];
  }
}

TEST(ImageFiles, EveryTypeOfVoxelIsReadWhenItsValuesAreWhole) {
  const Scratch dir;
  Volume v = plain_volume();
  for (int n = 0; n < 24; ++n) v.labels[n] = n % 5;
  const std::vector<std::pair<std::string, std::string>> types{
      {"int8", raw<std::int8_t>(v.labels)},   {"uint8", raw<std::uint8_t>(v.labels)},
      {"int16", raw<std::int16_t>(v.labels)}, {"uint16", raw<std::uint16_t>(v.labels)},
      {"int32", raw<std::int32_t>(v.labels)}, {"uint32", raw<std::uint32_t>(v.labels)},
      {"int64", raw<std::int64_t>(v.labels)}, {"uint64", raw<std::uint64_t>(v.labels)},
      {"float", raw<float>(v.labels)},        {"double", raw<double>(v.labels)},
  };
  for (const auto& [type, data] : types) {
    SCOPED_TRACE(type);
    write_nrrd(dir.file("t.nrrd"), v, ImageFrame::lps, type, data);
    EXPECT_EQ(labels_of(read_label_image(dir.file("t.nrrd"))), v.labels);
  }
  v.labels[5] = -3;
  v.labels[7] = 614454277;  // atlases number their structures so
  write_nrrd(dir.file("t.nrrd"), v, ImageFrame::lps, "int32", raw<std::int32_t>(v.labels));
  const LabelImage image = read_label_image(dir.file("t.nrrd"));
  EXPECT_EQ(labels_of(image), v.labels);
  EXPECT_EQ(image.values, (std::vector<std::int64_t>{-3, 0, 1, 2, 3, 4, 614454277}));
}

TEST(ImageFiles, ACompressedFileIsNotMixedUpWithAnUncompressedOneOfTheSameName) {
  const Scratch dir;
  const Volume v = plain_volume(3);
  write_image(dir.file("a.nii.gz"), v.grid, std::vector<std::uint8_t>(24, 5), "");
  write_nifti(dir.file("a.nii"), v);
  EXPECT_EQ(read_label_image(dir.file("a.nii.gz")).values, (std::vector<std::int64_t>{5}));
  EXPECT_EQ(read_label_image(dir.file("a.nii")).values, (std::vector<std::int64_t>{3}));
}

TEST(ImageFiles, ATrailingDimensionOfOneIsNoDimension) {
  const Scratch dir;
  Nifti n;
  n.dim = {4, 3, 2, 1, 1};
  write_nifti(dir.file("a.nii"), plain_volume(), n);
  EXPECT_EQ(read_label_image(dir.file("a.nii")).grid.size, (std::array<int, 3>{4, 3, 2}));
}

template <class T>
void round_trip(const Scratch& dir, const std::string& name) {
  SCOPED_TRACE(name);
  const Volume v = tilted_volume();
  write_image(dir.file(name), v.grid, std::vector<T>(v.labels.begin(), v.labels.end()),
              "time below -40 degC, s");
  const LabelImage image = read_label_image(dir.file(name));
  const bool nifti = name.find(".nii") != std::string::npos;
  expect_same(image.grid, v.grid, nifti ? kFloatMm : kText, nifti ? kFloatUnit : kText);
  EXPECT_EQ(labels_of(image), v.labels);
}

TEST(ImageFiles, WhatIsWrittenReadsBackInEveryFormat) {
  const Scratch dir;
  for (const std::string name : {"a.nii.gz", "a.nii", "a.nrrd", "a.mha"}) {
    round_trip<float>(dir, name);
    round_trip<std::uint8_t>(dir, name);
    round_trip<std::uint16_t>(dir, name);
  }
  EXPECT_EQ(dir.names(), (std::vector<std::string>{"a.mha", "a.nii", "a.nii.gz", "a.nrrd"}));
  // gzip's magic number: the ending means what it says.
  EXPECT_EQ(dir.read("a.nii.gz").substr(0, 2), "\x1f\x8b");
  EXPECT_NE(dir.read("a.nrrd").find("time below -40 degC, s"), std::string::npos);
  EXPECT_NE(dir.read("a.mha").find("time below -40 degC, s"), std::string::npos);
  EXPECT_NE(dir.read("a.nii").find("time below -40 degC, s"), std::string::npos);
}

/// The header that a writer of NIfTI must leave: float voxels, millimetres, RAS.
TEST(ImageFiles, AWrittenNiftiHeaderHoldsTheGridInRas) {
  const Scratch dir;
  Volume v = plain_volume();
  v.grid.origin = {-12, 30, 7};
  v.grid.spacing = {2, 3, 4};
  write_image(dir.file("a.nii"), v.grid, std::vector<float>(24, -12.5F), "");
  const std::string h = dir.read("a.nii");
  const auto number = [&](std::size_t at) {
    float f = 0;
    std::memcpy(&f, &h[at], sizeof f);
    return f;
  };
  ASSERT_EQ(h.size(), 352 + 24 * 4U);
  EXPECT_EQ(h[70], 16) << "datatype float32";
  EXPECT_EQ(h[123] & 7, 2) << "mm";
  const std::vector<float> srow{-2, 0, 0, 12, 0, -3, 0, -30, 0, 0, 4, 7};
  for (std::size_t n = 0; n < srow.size(); ++n) EXPECT_EQ(number(280 + 4 * n), srow[n]) << n;
  EXPECT_EQ(number(352), -12.5F);
}

TEST(ImageFiles, WhatCannotBeWrittenIsToldAndLeavesNothing) {
  const Scratch dir;
  const Volume v = plain_volume();
  const std::vector<std::uint8_t> values(24, 1);
  const auto error_of = [&](const std::string& path) -> std::string {
    try {
      write_image(path, v.grid, values, "");
    } catch (const IoError& e) {
      return e.what();
    }
    return "no error";
  };
  EXPECT_NE(error_of(dir.file("a.png")).find("unknown format"), std::string::npos);
  EXPECT_NE(error_of(dir.file("no/a.nrrd")).find("no/a.nrrd: could not be written"),
            std::string::npos);
  EXPECT_NE(error_of(dir.file("no/a.nii.gz")).find("could not be written"), std::string::npos);
  EXPECT_NE(error_of(dir.file("no/a.mha")).find("could not be written"), std::string::npos);
  EXPECT_TRUE(dir.names().empty());
}

TEST(ImageFiles, AFullDiskIsTold) {
  const Scratch dir;
  Volume v = plain_volume();
  v.grid.size = {64, 64, 16};
  std::vector<float> values(v.grid.voxels());
  for (std::size_t n = 0; n < values.size(); ++n) {
    values[n] = std::sin(static_cast<float>(n * n % 9973));  // hard to compress
  }
  dir.write("a.nrrd", "what was there before");
  std::signal(SIGXFSZ, SIG_IGN);
  struct rlimit before {};
  getrlimit(RLIMIT_FSIZE, &before);
  struct rlimit small = before;
  small.rlim_cur = 16384;
  std::vector<std::string> silent;
  for (const std::string name : {"a.nii", "a.nii.gz", "a.nrrd", "a.mha"}) {
    setrlimit(RLIMIT_FSIZE, &small);
    bool told = false;
    try {
      write_image(dir.file(name), v.grid, values, "");
    } catch (const IoError&) {
      told = true;
    }
    setrlimit(RLIMIT_FSIZE, &before);
    if (!told) silent.push_back(name);
  }
  EXPECT_TRUE(silent.empty()) << silent[0];
  EXPECT_EQ(dir.names(), (std::vector<std::string>{"a.nrrd"}));
  EXPECT_EQ(dir.read("a.nrrd"), "what was there before");
}

// --- problems --------------------------------------------------------------------------------

TEST(ImageProblems, OfTheFile) {
  const Scratch dir;
  expect_one(dir.file("a.nii.gz"), "there is no such file");
  expect_one(dir.path(), "it is not a file");
  dir.write("a.png", "x");
  expect_one(dir.file("a.png"), "unknown format; known: .nii, .nii.gz (NIfTI), .nrrd");
  dir.write("a.nii", "no image");
  dir.write("a.nii.gz", "no image");
  dir.write("a.nrrd", "no image");
  dir.write("a.mha", "no image");
  expect_one(dir.file("a.nii"), "it is no NIfTI-1 file");
  expect_one(dir.file("a.nii.gz"), "it is no NIfTI-1 file");
  expect_one(dir.file("a.nrrd"), "it is no NRRD file");
  expect_one(dir.file("a.mha"), "it is no MetaImage file");
}

TEST(ImageProblems, ATruncatedFileIsNotRead) {
  const Scratch dir;
  Volume v = plain_volume();
  v.grid.size = {32, 32, 32};
  v.labels.assign(v.grid.voxels(), 3);
  for (std::size_t n = 0; n < v.labels.size(); ++n) v.labels[n] = static_cast<int>(n * n % 251);
  write_nifti(dir.file("a.nii"), v);
  write_nrrd(dir.file("a.nrrd"), v);
  write_meta(dir.file("a.mha"), v);
  write_image(dir.file("a.nii.gz"), v.grid,
              std::vector<std::uint8_t>(v.labels.begin(), v.labels.end()), "");
  for (const std::string name : {"c.nrrd", "c.mha"}) {
    write_image(dir.file(name), v.grid, std::vector<std::uint8_t>(v.labels.begin(), v.labels.end()),
                "");
  }
  for (const std::string name : {"a.nii", "a.nrrd", "a.mha", "a.nii.gz", "c.nrrd", "c.mha"}) {
    ASSERT_TRUE(messages(dir.file(name)).empty()) << name;
    const std::string bytes = dir.read(name);
    dir.write(name, bytes.substr(0, bytes.size() / 2));
    expect_one(dir.file(name), "it cannot be read");
  }
}

TEST(ImageProblems, OfTheDimensions) {
  const Scratch dir;
  Nifti n;
  n.dim = {4, 6};
  write_nifti(dir.file("2.nii"), plain_volume(), n);
  expect_one(dir.file("2.nii"), "it has 2 dimensions (4 x 6), expected a volume of 3");
  n.dim = {4, 3, 1, 2};
  write_nifti(dir.file("4.nii"), plain_volume(), n);
  expect_one(dir.file("4.nii"), "it has 4 dimensions (4 x 3 x 1 x 2)");
  dir.write("v.nrrd",
            "NRRD0004\ntype: uint8\ndimension: 4\nspace: left-posterior-superior\nsizes: 3 2 2 2\n"
            "space directions: none (1,0,0) (0,1,0) (0,0,1)\nkinds: vector domain domain domain\n"
            "encoding: raw\nspace origin: (0,0,0)\n\n" +
                std::string(24, '\1'));
  expect_one(dir.file("v.nrrd"), "it has 3 numbers per voxel, expected 1");
  dir.write("h.nrrd",
            "NRRD0004\ntype: uint8\ndimension: 3\nspace: left-posterior-superior\n"
            "sizes: 2000000000 2000000000 2000000000\nspace directions: (1,0,0) (0,1,0) (0,0,1)\n"
            "encoding: raw\nspace origin: (0,0,0)\n\nx");
  EXPECT_EQ(messages(dir.file("h.nrrd")).size(), 1U);
}

TEST(ImageProblems, OfTheDirections) {
  const Scratch dir;
  Volume v = plain_volume();
  v.grid.axes[1] = {0.1, 0.99498743710662, 0};
  write_nrrd(dir.file("a.nrrd"), v);
  write_meta(dir.file("a.mha"), v);
  expect_one(dir.file("a.nrrd"), "not unit vectors at right angles (off by 0.1, allowed 1e-04)");
  expect_one(dir.file("a.mha"), "resample the image to a grid without shear");
  v.grid.axes[1] = {1, 0, 0};
  write_nrrd(dir.file("a.nrrd"), v);
  write_meta(dir.file("a.mha"), v);
  expect_one(dir.file("a.nrrd"), "cannot be inverted");
  expect_one(dir.file("a.nrrd"), "i and j are 0 degrees apart, expected 90");
  expect_one(dir.file("a.mha"), "cannot be inverted");
  Nifti n;
  n.shear = 0.1;
  write_nifti(dir.file("a.nii"), plain_volume(), n);
  const auto all = messages(dir.file("a.nii"));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0],
            "column j of its sform is -0.2 -2 0, 2.00998 mm long, expected the 2 mm of pixdim[2]");
  EXPECT_NE(all[1].find("i and j are 84.29 degrees apart, expected 90; resample"),
            std::string::npos)
      << all[1];
}

TEST(ImageProblems, OfTheSpacing) {
  const Scratch dir;
  Nifti n;
  n.zero_spacing = true;
  n.pixdim = {1, 0, 3.5};
  n.qform = 1;
  write_nifti(dir.file("a.nii"), tilted_volume(), n);
  expect_one(dir.file("a.nii"), "the spacing along j (pixdim[2]) is 0 mm, expected more than 0");
  n = {};
  n.units = 1;
  write_nifti(dir.file("a.nii"), plain_volume(), n);
  expect_one(dir.file("a.nii"), "its lengths are in m, expected mm");
  Volume v = plain_volume();
  v.grid.spacing[2] = 0;
  write_nrrd(dir.file("a.nrrd"), v);
  write_meta(dir.file("a.mha"), v);
  for (const std::string name : {"a.nrrd", "a.mha"}) {
    const auto all = messages(dir.file(name));
    ASSERT_FALSE(all.empty()) << name;
    EXPECT_NE(all[0].find("the spacing along k is 0 mm"), std::string::npos) << all[0];
  }
}

TEST(ImageProblems, OfTheLabels) {
  const Scratch dir;
  const Volume v = plain_volume();
  std::vector<float> values(24, 3);
  values[9] = 2.5F;
  values[10] = std::nanf("");
  std::string data(96, '\0');
  std::memcpy(data.data(), values.data(), data.size());
  write_nrrd(dir.file("a.nrrd"), v, ImageFrame::lps, "float", data);
  expect_one(dir.file("a.nrrd"),
             "2 voxels are not whole numbers, the first is 2.5 at voxel (1, 2, 0)");
  Volume many = plain_volume();
  many.grid.size = {256, 257, 1};
  many.labels.resize(many.grid.voxels());
  for (std::size_t n = 0; n < many.labels.size(); ++n) {
    many.labels[n] = static_cast<int>(std::min<std::size_t>(n, 65534));
  }
  write_nrrd(dir.file("a.nrrd"), many, ImageFrame::lps, "int32", raw<std::int32_t>(many.labels));
  EXPECT_EQ(read_label_image(dir.file("a.nrrd")).values.size(), 65535U);
  many.labels[65535] = 65535;
  write_nrrd(dir.file("a.nrrd"), many, ImageFrame::lps, "int32", raw<std::int32_t>(many.labels));
  expect_one(dir.file("a.nrrd"), "more than 65535 different labels");
}

TEST(ImageProblems, AllAtOnce) {
  const Scratch dir;
  Volume v = plain_volume();
  v.grid.axes[1] = {0.1, 0.99498743710662, 0};
  v.grid.spacing[0] = 0;
  std::string data(96, '\x01');  // 2.3e-38 as a float
  write_meta(dir.file("a.mha"), v, "MET_FLOAT", data);
  EXPECT_EQ(messages(dir.file("a.mha")).size(), 3U);
}

TEST(ImageProblems, SpacesOfNrrd) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume(), ImageFrame::lps, "uint8", "",
             "left-anterior-superior");
  expect_one(dir.file("a.nrrd"), "left-anterior-superior, which ITK mirrors");
  write_nrrd(dir.file("a.nrrd"), plain_volume(), ImageFrame::lps, "uint8", "", "scanner-xyz");
  const auto notes = read_label_image(dir.file("a.nrrd")).notes;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("'scanner-xyz' is no patient frame"), std::string::npos) << notes[0];
}

TEST(ImageProblems, OrientationsOfNiftiThatSayNothingOrTwoThings) {
  const Scratch dir;
  Nifti n;
  n.sform = 0;
  write_nifti(dir.file("a.nii"), tilted_volume(), n);
  auto notes = read_label_image(dir.file("a.nii")).notes;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("no orientation"), std::string::npos) << notes[0];
  n.qform = 1;
  n.sform = 2;
  n.shift = {3, 0, 4};
  write_nifti(dir.file("a.nii"), tilted_volume(), n);
  notes = read_label_image(dir.file("a.nii")).notes;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("up to 5 mm apart"), std::string::npos) << notes[0];
  n.shift = {};
  write_nifti(dir.file("a.nii"), tilted_volume(), n);
  EXPECT_TRUE(read_label_image(dir.file("a.nii")).notes.empty());
}

}  // namespace
}  // namespace thermodose::test
