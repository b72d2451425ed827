// Implements: tests of image files whose headers or voxels the libraries below would read wrongly,
// crash on or wait for: each is refused with what was found, and nothing is printed beside it.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <limits>

#include "image_messages.h"
#include "output/scratch.h"

namespace thermodose::test {
namespace {

using output_test::Scratch;

/// A text of the header, what takes its place, what is said then.
struct Change {
  std::string from, to, said;
};

void expect_refused(const Scratch& dir, const std::string& good, const std::string& bad,
                    const std::vector<Change>& changes) {
  ASSERT_TRUE(messages(dir.file(good)).empty()) << messages(dir.file(good))[0];
  for (const auto& c : changes) {
    SCOPED_TRACE(c.to.substr(0, 80));
    change(dir.file(good), dir.file(bad), c.from, c.to);
    testing::internal::CaptureStderr();
    expect_one(dir.file(bad), c.said);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  }
}

// --- MetaImage -------------------------------------------------------------------------------

TEST(MetaImageRefused, VoxelsInSeveralFiles) {
  const Scratch dir;
  write_meta(dir.file("a.mha"), plain_volume());
  const std::string from = "ElementDataFile = LOCAL";
  expect_refused(dir, "a.mha", "b.mha",
                 {{from, "ElementDataFile = a%d%s%n.raw 1 5 1", "expected LOCAL or one file"},
                  {from, "ElementDataFile = a%s.raw 1 5 1", "expected LOCAL or one file"},
                  {from, "ElementDataFile = LIST", "expected LOCAL or one file"},
                  {from, "ElementDataFile = LIST 2", "expected LOCAL or one file"}});
}

TEST(MetaImageRefused, VoxelsThatAreText) {
  const Scratch dir;
  write_meta(dir.file("a.mha"), plain_volume());
  expect_refused(dir, "a.mha", "b.mha",
                 {{"BinaryData = True", "BinaryData = False",
                   "BinaryData: found 'False', expected True: voxels as text are not read"}});
}

TEST(MetaImageRefused, NumbersOfDimensions) {
  const Scratch dir;
  write_meta(dir.file("a.mha"), plain_volume());
  expect_refused(
      dir, "a.mha", "b.mha",
      {{"NDims = 3", "NDims = -1", "NDims: found '-1', expected a whole number from 1 to 10"},
       {"NDims = 3", "NDims = 0", "NDims: found '0'"},
       {"NDims = 3", "NDims = 4000000", "NDims: found '4000000'"},
       {"NDims = 3", "NDims = three", "NDims: found 'three'"},
       {"NDims = 3", "NDims = 2", "it has 2 dimensions, expected a volume of 3"},
       {"NDims = 3", "NDims = 3\nNDims = 3", "NDims: appears twice"}});
}

TEST(MetaImageRefused, SizesThatAreNoneOrTooLarge) {
  const Scratch dir;
  write_meta(dir.file("a.mha"), plain_volume());
  const std::string from = "DimSize = 4 3 2";
  expect_refused(
      dir, "a.mha", "b.mha",
      {{from, "DimSize = 3000000000 1 1", "it is too large: 3000000000 x 1 x 1 voxels"},
       {from, "DimSize = 2000000 2000000 1000000", "it is too large: 2000000 x 2000000"},
       {from, "DimSize = 4 -3 2", "DimSize: found '4 -3 2', expected 3 whole numbers above 0"},
       {from, "DimSize = 4 0 2", "DimSize: found '4 0 2'"},
       {from, "DimSize = 4 3", "DimSize: found '4 3'"},
       {from, "DimSize = 4 3 x", "DimSize: found '4 3 x'"},
       {from, "DimSize = 4 3 2.5", "DimSize: found '4 3 2.5'"},
       {from + "\n", "", "DimSize: missing"}});
}

TEST(MetaImageRefused, OtherFields) {
  const Scratch dir;
  write_meta(dir.file("a.mha"), plain_volume());
  const std::string spacing = "ElementSpacing = 2 2 2", type = "ElementType = MET_UCHAR";
  expect_refused(
      dir, "a.mha", "b.mha",
      {{spacing, "ElementSpacing = 2 nan 2", "ElementSpacing: found '2 nan 2', expected 3 numbers"},
       {spacing, "ElementSpacing = 2 2", "ElementSpacing: found '2 2'"},
       {spacing + "\n", "", "ElementSpacing: missing"},
       {spacing, "ElementSpacing = 2 2 1e300", "along k is 1e+300 mm, expected 1e-06 to 1e+06"},
       {"Offset = 0 0 0", "Offset = inf 0 0", "Offset: found 'inf 0 0'"},
       {"Offset = 0 0 0", "Offset = 1e300 0 0", "the origin is 1e+300 0 0 mm"},
       {spacing, spacing + "\nImagePosition = 1 0 0", "ImagePosition and Offset disagree"},
       {"TransformMatrix = 1", "TransformMatrix = 1 1", "expected 9 numbers"},
       {type, "ElementType = MET_STRING", "ElementType: found 'MET_STRING', expected MET_CHAR"},
       {type, "ElementType = MET_UCHAR_ARRAY", "ElementType: found 'MET_UCHAR_ARRAY'"},
       {type, type + "\nElementNumberOfChannels = 3", "it has 3 numbers per voxel, expected 1"},
       {type, type + "\nElementNumberOfChannels = -3", "ElementNumberOfChannels: found '-3'"},
       {type, type + "\nHeaderSize = 5", "HeaderSize: found '5', expected 0"},
       {type, type + "\nDistanceUnits = um", "its lengths are in um, expected mm"},
       {"CompressedData = False", "CompressedData = maybe", "expected True or False"},
       {"ObjectType = Image", "ObjectType = Tube", "ObjectType: found 'Tube', expected Image"},
       {type, type + "\nComment = " + std::string(300, 'x'), "Comment: longer than 250"},
       {type, type + "\n" + std::string(300, 'x') + " = 1", "longer than 200"},
       {type, type + "\nCustom = " + std::string(40000, 'x'), "longer than 8000"}});
}

TEST(MetaImageRefused, DataFilesThatAreNone) {
  const Scratch dir;
  write_meta(dir.file("a.mha"), plain_volume());
  const auto with = [&](const std::string& file, const std::string& said) {
    SCOPED_TRACE(file);
    change(dir.file("a.mha"), dir.file("b.mhd"), "= LOCAL\n" + std::string(24, '\1'),
           "= " + file + "\n");
    expect_one(dir.file("b.mhd"), said);
  };
  dir.write("a.raw", std::string(24, '\1'));
  dir.write("short.raw", std::string(23, '\1'));
  mkdir(dir.file("d").c_str(), 0700);
  mkfifo(dir.file("pipe").c_str(), 0600);
  with("none.raw", "it names the data file '" + dir.file("none.raw") + "', which does not exist");
  with("d", "which is not a file");
  with("pipe", "which is not a file");
  with("/dev/zero", "which is not a file");
  with("short.raw", "it cannot be read: " + dir.file("short.raw") + " holds 23 bytes of 24");
  with("a.raw\nElementSpacing = 3 3 3", "'ElementSpacing = 3 3 3' comes after ElementDataFile");
  change(dir.file("a.mha"), dir.file("b.mhd"), "= LOCAL\n" + std::string(24, '\1'), "= a.raw\n");
  EXPECT_TRUE(messages(dir.file("b.mhd")).empty());
}

TEST(MetaImageRefused, CompressedVoxelsThatAreBroken) {
  const Scratch dir;
  const Volume v = numbered_volume();
  write_image(dir.file("a.mha"), v.grid, bytes_of(v), "");
  std::string bytes = dir.read("a.mha");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);  // of the check sum
  dir.write("b.mha", bytes);
  expect_one(dir.file("b.mha"), "it cannot be read: its compression is broken");
  change(dir.file("a.mha"), dir.file("b.mha"), "DimSize = 16 16 16", "DimSize = 16 16 15");
  expect_one(dir.file("b.mha"), "holds more than the 3840 bytes");
  change(dir.file("a.mha"), dir.file("b.mha"), "DimSize = 16 16 16", "DimSize = 16 16 17");
  expect_one(dir.file("b.mha"), "holds 4096 bytes of 4352");
}

// --- NRRD ------------------------------------------------------------------------------------

TEST(NrrdRefused, VoxelsThatAreText) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  const std::string said = "expected raw or gzip";
  expect_refused(dir, "a.nrrd", "b.nrrd",
                 {{"encoding: raw", "encoding: ascii", "encoding: found 'ascii', " + said},
                  {"encoding: raw", "encoding: txt", said},
                  {"encoding: raw", "encoding: hex", said},
                  {"encoding: raw", "encoding: bzip2", said},
                  {"encoding: raw\n", "", "encoding: missing"}});
  change(dir.file("a.nrrd"), dir.file("b.nrrd"), "encoding: raw", "encoding: ascii");
  change(dir.file("b.nrrd"), dir.file("b.nrrd"), "\n\n\1", "\n\n" + std::string(2000, '1'));
  expect_one(dir.file("b.nrrd"), said);
}

TEST(NrrdRefused, DirectionsThatAreNone) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  const std::string from = "(0,2,0)", said = "space directions: found ";
  expect_refused(dir, "a.nrrd", "b.nrrd",
                 {{from, "none", said + "'(2,0,0) none (0,0,2)', expected 3 vectors of 3 numbers"},
                  {from, "(0,nan,0)", said},
                  {from, "(0,2)", said},
                  {from, "", said},
                  {from, "(0,2,0) (1,1,1)", said},
                  {"space origin: (0,0,0)", "space origin: (0,nan,0)", "space origin: found"},
                  {"space origin: (0,0,0)", "space origin: none", "space origin: found"}});
}

TEST(NrrdRefused, OtherFields) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  const std::string sizes = "sizes: 4 3 2", end = "encoding: raw";
  expect_refused(
      dir, "a.nrrd", "b.nrrd",
      {{sizes, "sizes: 4 -3 2", "sizes: found '4 -3 2', expected 3 whole numbers above 0"},
       {sizes, "sizes: 4 3", "sizes: found '4 3'"},
       {sizes, "sizes: 3000000000 1 1", "it is too large: 3000000000 x 1 x 1 voxels"},
       {sizes + "\n", "", "sizes: missing"},
       {sizes, sizes + "\n" + sizes, "sizes: appears twice"},
       {"dimension: 3", "dimension: 2", "it has 2 dimensions, expected a volume of 3"},
       {"dimension: 3", "dimension: -3", "dimension: found '-3'"},
       {"dimension: 3", "dimension: 30", "dimension: found '30'"},
       {"type: uint8", "type: block", "type: found 'block', expected int8, uint8"},
       {"type: uint8", "type: uint16", "it holds 24 bytes of 48"},
       {"endian: little", "endian: middle", "endian: found 'middle', expected little or big"},
       {end, end + "\nspace units: \"m\" \"m\" \"m\"", "its lengths are in m, expected mm"},
       {end, end + "\nline skip: 1", "line skip: found '1', expected 0"},
       {end, end + "\nbyte skip: -2", "byte skip: found '-2'"},
       {end, end + "\nbyte skip: 1", "it holds 23 bytes of 24"},
       {"space: left", "space: lefft", "space: found 'lefft-posterior-superior'"},
       {"kinds: domain domain domain", "kinds: domain domain",
        "it cannot be read: trouble parsing kinds"},
       {end, end + "\nwhatever: 1", "unknown field 'whatever'"},
       {end, end + "\nno field", "line 10 is no field"}});
}

TEST(NrrdRefused, VoxelsInSeveralFilesOrNone) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  dir.write("a.raw", std::string(24, '\1'));
  mkfifo(dir.file("pipe").c_str(), 0600);
  const std::string from = "encoding: raw", field = from + "\ndata file: ";
  expect_refused(dir, "a.nrrd", "b.nhdr",
                 {{from, field + "a%d.raw 1 5 1", "data file: found 'a%d.raw 1 5 1', expected one"},
                  {from, field + "LIST", "data file: found 'LIST'"},
                  {from, field + "LIST 2\na.raw", "data file: found 'LIST 2'"},
                  {from, field + "%n%s%n", "data file: found '%n%s%n'"},
                  {from, field + "none.raw", "which does not exist"},
                  {from, field + "pipe", "which is not a file"},
                  {from, field + ".", "which is not a file"}});
  change(dir.file("a.nrrd"), dir.file("b.nhdr"), from, field + "a.raw");
  EXPECT_TRUE(messages(dir.file("b.nhdr")).empty());
}

// A compressed image of this suffix whose check sum is wrong or whose end is missing; returns its
// bytes before that.
std::string expect_broken_compression(const Scratch& dir, const std::string& suffix) {
  const Volume v = numbered_volume();
  const std::string whole = dir.file("a" + suffix), broken = "b" + suffix;
  write_image(whole, v.grid, bytes_of(v), "");
  const std::string bytes = dir.read("a" + suffix);
  std::string flipped = bytes;
  flipped[bytes.size() - 6] = static_cast<char>(flipped[bytes.size() - 6] ^ 1);  // of the check sum
  dir.write(broken, flipped);
  expect_one(dir.file(broken), "it cannot be read: its compression is broken");
  for (const std::size_t cut : {1U, 4U, 8U}) {
    dir.write(broken, bytes.substr(0, bytes.size() - cut));
    expect_one(dir.file(broken), "it cannot be read: its compression is broken");
  }
  return bytes;
}

TEST(NrrdRefused, CompressedVoxelsThatAreBroken) {
  const Scratch dir;
  expect_broken_compression(dir, ".nrrd");
}

// --- NIfTI -----------------------------------------------------------------------------------

TEST(NiftiRefused, OffsetsOfTheVoxels) {
  const Scratch dir;
  write_nifti(dir.file("a.nii"), plain_volume());
  const float nan = std::nanf(""), inf = std::numeric_limits<float>::infinity();
  for (const float offset : {-1.0F, 0.0F, 348.0F, nan, inf, -inf, 352.5F}) {
    put(dir.file("a.nii"), dir.file("b.nii"), 108, offset);
    expect_one(dir.file("b.nii"), "its voxels begin at byte ");
  }
  for (const float offset : {353.0F, 1e9F, 1e30F}) {
    put(dir.file("a.nii"), dir.file("b.nii"), 108, offset);
    expect_one(dir.file("b.nii"), "it cannot be read: it holds 376 bytes of ");
  }
}

TEST(NiftiRefused, OtherFields) {
  const Scratch dir;
  write_nifti(dir.file("a.nii"), plain_volume());
  const float nan = std::nanf("");
  const auto with = [&](std::size_t at, auto value, const std::string& said) {
    SCOPED_TRACE(at);
    put(dir.file("a.nii"), dir.file("b.nii"), at, value);
    expect_one(dir.file("b.nii"), said);
  };
  with(40, std::int16_t{0}, "dim[0] is 0, expected 3 to 7");
  with(40, std::int16_t{-3}, "dim[0] is -3");
  with(40, std::int16_t{8}, "dim[0] is 8");
  with(42, std::int16_t{0}, "dim[1] is 0, expected more than 0");
  with(44, std::int16_t{-3}, "dim[2] is -3");
  with(70, std::int16_t{0}, "its datatype is 0, expected");
  with(70, std::int16_t{1536}, "its datatype is 1536");
  with(70, std::int16_t{128}, "it has 3 numbers per voxel, expected 1");
  with(70, std::int16_t{32}, "it has 2 numbers per voxel, expected 1");
  with(72, std::int16_t{16}, "its datatype 2 has 8 bits, the header states 16");
  with(84, nan, "the spacing along j (pixdim[2]) is nan mm");
  with(84, -2.0F, "the spacing along j (pixdim[2]) is -2 mm");
  with(112, std::numeric_limits<float>::infinity(), "scl_slope");
  with(116, nan, "scl_inter");
  with(284, nan, "its sform holds nan in row 1");
  with(284, 3e38F, "its sform holds 3e+38 in row 1");
  with(292, -3e38F, "its sform holds -3e+38 in row 1");
  with(88, 3e38F, "the spacing along k (pixdim[3]) is 3e+38 mm");
  with(344, std::int32_t{0x0031696e}, "its voxels are in a second file");
}

/// By the standard a slope of 0 stands for no scaling; ITK adds the intercept all the same.
TEST(NiftiRefused, ScalingThatIsReadOtherwise) {
  const Scratch dir;
  write_nifti(dir.file("a.nii"), plain_volume());
  put(dir.file("a.nii"), dir.file("b.nii"), 116, 5.0F);
  expect_one(dir.file("b.nii"), "scl_inter is 5 and scl_slope 0");
  put(dir.file("b.nii"), dir.file("b.nii"), 112, std::nanf(""));
  expect_one(dir.file("b.nii"), "scl_inter is 5 and scl_slope nan");
  put(dir.file("a.nii"), dir.file("b.nii"), 112, 1e-30F);
  expect_one(dir.file("b.nii"), "scl_slope is 1e-30");
  put(dir.file("a.nii"), dir.file("b.nii"), 112, 2.0F);
  EXPECT_EQ(read_label_image(dir.file("b.nii")).values, (std::vector<std::int64_t>{2}));
}

TEST(NiftiRefused, RotationsOfTheQform) {
  const Scratch dir;
  Nifti n;
  n.qform = 1;
  n.sform = 0;
  write_nifti(dir.file("a.nii"), tilted_volume(), n);
  ASSERT_TRUE(messages(dir.file("a.nii")).empty());
  for (const float b : {std::nanf(""), 3.0F}) {
    put(dir.file("a.nii"), dir.file("b.nii"), 256, b);
    expect_one(dir.file("b.nii"), "its qform is no rotation");
  }
  put(dir.file("a.nii"), dir.file("b.nii"), 272, std::nanf(""));
  expect_one(dir.file("b.nii"), "its qform is no rotation");
}

TEST(NiftiRefused, ColumnsOfAnSform) {
  const Scratch dir;
  write_nifti(dir.file("a.nii"), plain_volume());
  const auto put_column = [&](const char* to, std::size_t c, const std::array<float, 3>& column) {
    put(dir.file("a.nii"), dir.file(to), 280 + 4 * c, column[0]);
    for (std::size_t r = 1; r < 3; ++r)
      put(dir.file(to), dir.file(to), 280 + 16 * r + 4 * c, column[r]);
  };
  put_column("twice.nii", 1, {-2, 0, 0});
  expect_one(dir.file("twice.nii"),
             "its sform: the directions of the voxel axes cannot be inverted: i (-1 0 0), j (-1 0 "
             "0), k (0 0 1); i and j are 0 degrees apart, expected 90");
  const float far = 2 * std::sin(0.0872664626F), near = 2 * std::cos(0.0872664626F);
  put_column("sheared.nii", 2, {0, far, near});
  expect_one(dir.file("sheared.nii"), "j and k are 95 degrees apart, expected 90");
  put_column("flat.nii", 2, {1.41421356F, 1.41421356F, 0});
  expect_one(dir.file("flat.nii"), "cannot be inverted: i (-1 0 0), j (0 -1 0), k (0.707107");
  put_column("none.nii", 2, {0, 0, 0});
  expect_one(dir.file("none.nii"),
             "column k of its sform is 0 0 0, 0 mm long, expected the 2 mm of pixdim[3]");
  put_column("long.nii", 0, {-2.5, 0, 0});
  expect_one(dir.file("long.nii"), "column i of its sform is -2.5 0 0, 2.5 mm long");
  put_column("rounded.nii", 0, {-2.0002F, 0.0001F, 0});
  EXPECT_TRUE(messages(dir.file("rounded.nii")).empty());
}

// ITK takes the qform then.
TEST(NiftiRefused, NothingWhereAQformStandsInForTheSform) {
  const Scratch dir;
  Nifti n;
  n.qform = 1;
  n.shear = 0.5;
  write_nifti(dir.file("a.nii"), tilted_volume(), n);
  const auto notes = read_label_image(dir.file("a.nii")).notes;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("the qform is taken"), std::string::npos) << notes[0];
}

TEST(NiftiRefused, CompressedVoxelsThatAreBroken) {
  const Scratch dir;
  const std::string bytes = expect_broken_compression(dir, ".nii.gz");
  dir.write("b.nii.gz", bytes + bytes);  // two members
  expect_one(dir.file("b.nii.gz"), "holds more than the 4448 bytes");
}

TEST(NiftiRefused, NothingWhereTheSformTurnsTheQformRound) {
  const Scratch dir;
  Nifti n;
  n.qform = 1;
  write_nifti(dir.file("a.nii"), tilted_volume(), n);
  ASSERT_TRUE(read_label_image(dir.file("a.nii")).notes.empty());
  for (const std::size_t at : {280U, 296U, 312U}) {  // the column of i
    float value = 0;
    std::memcpy(&value, dir.read("a.nii").data() + at, sizeof value);
    put(dir.file("a.nii"), dir.file("a.nii"), at, -value);
  }
  const auto notes = read_label_image(dir.file("a.nii")).notes;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_NE(notes[0].find("up to 8 mm apart; the sform is taken"), std::string::npos) << notes[0];
}

}  // namespace
}  // namespace thermodose::test
