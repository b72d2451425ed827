// Implements: tests of image files that are read although something about them is worth saying, or
// looks like what is refused.
#include <gtest/gtest.h>

#include "image_messages.h"
#include "output/scratch.h"

namespace thermodose::test {
namespace {

using output_test::Scratch;

TEST(ImageFiles, BytesBehindTheVoxelsAreSaid) {
  const Scratch dir;
  write_nifti(dir.file("a.nii"), plain_volume());
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  write_meta(dir.file("a.mha"), plain_volume());
  for (const std::string name : {"a.nii", "a.nrrd", "a.mha"}) {
    dir.write(name, dir.read(name) + "more");
    const auto notes = read_label_image(dir.file(name)).notes;
    ASSERT_EQ(notes.size(), 1U) << name;
    EXPECT_NE(notes[0].find("4 bytes follow its last voxel"), std::string::npos) << notes[0];
  }
}

TEST(ImageFiles, AHeaderWithoutAnOriginIsSaid) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  write_meta(dir.file("a.mha"), plain_volume());
  change(dir.file("a.nrrd"), dir.file("a.nrrd"), "space origin: (0,0,0)\n", "");
  change(dir.file("a.mha"), dir.file("a.mha"), "Offset = 0 0 0\n", "");
  for (const std::string name : {"a.nrrd", "a.mha"}) {
    const auto notes = read_label_image(dir.file(name)).notes;
    ASSERT_EQ(notes.size(), 1U) << name;
    EXPECT_NE(notes[0].find("it names no origin"), std::string::npos) << notes[0];
  }
}

TEST(ImageFiles, AMetaImageWithoutDirectionsIsSaid) {
  const Scratch dir;
  write_meta(dir.file("a.mha"), plain_volume());
  change(dir.file("a.mha"), dir.file("a.mha"), "TransformMatrix", "Transformmatrix");
  const auto notes = read_label_image(dir.file("a.mha")).notes;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("it names no directions"), std::string::npos) << notes[0];
}

TEST(ImageFiles, FieldsOfOtherProgramsAreNoProblem) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  write_meta(dir.file("a.mha"), plain_volume());
  const std::string text(5000, 'x');
  change(dir.file("a.nrrd"), dir.file("a.nrrd"), "endian",
         "# c\nSegment0_ID:=" + text + "\nendian");
  change(dir.file("a.mha"), dir.file("a.mha"), "Offset", "0008|0008 = " + text + "\nOffset");
  for (const std::string name : {"a.nrrd", "a.mha"}) {
    const LabelImage image = read_label_image(dir.file(name));
    EXPECT_EQ(image.values, (std::vector<std::int64_t>{1}));
    EXPECT_TRUE(image.notes.empty()) << image.notes[0];
  }
}

TEST(ImageFiles, DetachedVoxelsMayFollowAHeaderOfTheirOwn) {
  const Scratch dir;
  Volume v = numbered_volume();
  dir.write("a.raw", "12345" + raw<std::uint8_t>(v.labels));
  const std::vector<std::int64_t> expected{0, 1, 2, 4};
  write_nrrd(dir.file("a.nrrd"), v);
  write_meta(dir.file("a.mha"), v);
  for (const std::string skip : {"5", "-1"}) {
    change(dir.file("a.nrrd"), dir.file("b.nhdr"), "encoding: raw",
           "encoding: raw\nbyte skip: " + skip + "\ndata file: a.raw");
    EXPECT_EQ(read_label_image(dir.file("b.nhdr")).values, expected);
    change(dir.file("a.mha"), dir.file("b.mhd"),
           "ElementDataFile = LOCAL\n" + raw<std::uint8_t>(v.labels),
           "HeaderSize = " + skip + "\nElementDataFile = a.raw\n");
    EXPECT_EQ(read_label_image(dir.file("b.mhd")).values, expected);
  }
}

}  // namespace
}  // namespace thermodose::test
