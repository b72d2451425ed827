// Implements: tests of the readers of STL and VTP on files that VTK wrote (surfaces/) and on files
// broken in every way: bad input, never a crash.
#include "geometry/surface_reader.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/error.h"
#include "geometry/surface_closed.h"
#include "geometry/surface_files.h"
#include "output/scratch.h"
#include "surfaces.h"

namespace thermodose::test {
namespace {

using output_test::Scratch;

std::string bytes_of(const std::string& name) {
  std::ifstream in(shipped_surface(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool is_stl(const std::string& name) { return name.find(".stl") != std::string::npos; }

SurfaceFile parse(const std::string& name, const std::string& bytes) {
  return is_stl(name) ? parse_stl(name, bytes) : parse_vtp(name, bytes);
}

/// What is wrong with the bytes of a file, with its line; "" when nothing is.
std::string refusal(const std::string& name, const std::string& bytes) {
  try {
    parse(name, bytes);
  } catch (const InputError& e) {
    const Problem& p = e.problems()[0];
    return (p.line > 0 ? std::to_string(p.line) + ": " : "") + p.message;
  }
  return "";
}

std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  const std::size_t at = bytes.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) bytes.replace(at, from.size(), to);
  return bytes;
}

const std::vector<std::string>& readable() {
  static const std::vector<std::string> names{"ascii.vtp",  "binary.vtp",       "binary_zlib.vtp",
                                              "raw.vtp",    "raw_wide_big.vtp", "raw_zlib.vtp",
                                              "base64.vtp", "base64_zlib.vtp",  "strips.vtp",
                                              "text.stl",   "binary.stl"};
  return names;
}

TEST(SurfaceReader, EveryEncodingHoldsTheSameCuboid) {
  for (const auto& name : readable()) {
    SurfaceFile file = read_surface(shipped_surface(name), 1e-3);
    EXPECT_TRUE(file.notes.empty()) << name;
    EXPECT_EQ(file.surface.triangles.size(), 12U) << name;
    std::vector<std::string> problems, notes;
    close_surface(file.surface, problems, notes);
    EXPECT_TRUE(problems.empty()) << name << ": " << problems.at(0);
    EXPECT_TRUE(notes.empty()) << name << ": " << notes.at(0);
    ASSERT_EQ(file.surface.points.size(), 8U) << name;
    EXPECT_NEAR(enclosed_volume(file.surface), 6e-6, 1e-17) << name;
    for (const Vec3& p : file.surface.points) {
      EXPECT_NEAR(std::fabs(p[0] - 1e-3), 5e-3, 1e-15) << name;
      EXPECT_NEAR(std::fabs(p[1] - 2e-3), 10e-3, 1e-15) << name;
      EXPECT_NEAR(std::fabs(p[2] - 3e-3), 15e-3, 1e-15) << name;
    }
  }
}

TEST(SurfaceReader, EveryFileOfTheFolderIsTested) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shipped_surface("")))
    files += entry.path().extension() == ".py" ? 0 : 1;
  EXPECT_EQ(files, readable().size() + 1) << "and one that is refused";
  EXPECT_EQ(refusal("binary_lz4.vtp", bytes_of("binary_lz4.vtp")),
            "1: it is compressed by 'vtkLZ4DataCompressor', expected vtkZLibDataCompressor or no "
            "compression");
}

TEST(SurfaceReader, OwnFilesAreRead) {
  const Scratch dir;
  const TriangleSurface ball = ball_surface({0.01, 0, 0}, 0.02, 3);
  write_vtp(dir.file("ball.VTP"), ball);
  const TriangleSurface back = read_surface(dir.file("ball.VTP"), 1e-3).surface;
  ASSERT_EQ(back.points.size(), ball.points.size());
  EXPECT_EQ(back.triangles, ball.triangles);
  EXPECT_NEAR(norm(back.points[77] - ball.points[77]), 0, 1e-8);
}

// Every beginning of a file, and files with bytes changed at random: read, or refused with a
// message.
TEST(SurfaceReader, BrokenFilesAreRefusedOrRead) {
  std::mt19937 random(5);
  for (const auto& name : readable()) {
    const std::string whole = bytes_of(name);
    ASSERT_EQ(refusal(name, whole), "");
    for (std::size_t size = 0; size < whole.size(); size += 5) {
      const std::string told = refusal(name, whole.substr(0, size));
      // What follows the data of a VTP is not needed.
      if (size < whole.size() / 2) {
        EXPECT_NE(told, "") << name << " cut after " << size;
      }
    }
    for (int n = 0; n < 3000; ++n) {
      std::string bytes = whole;
      for (unsigned hits = 1 + random() % 4; hits > 0; --hits) {
        const std::size_t at = random() % bytes.size();
        bytes[at] = random() % 2 == 0 ? char(random()) : char('0' + random() % 10);
      }
      try {
        SurfaceFile file = parse(name, bytes);
        for (Vec3& p : file.surface.points) p = 1e-3 * p;
        std::vector<std::string> problems, notes;
        close_surface(file.surface, problems, notes);
      } catch (const InputError&) {
      }
    }
  }
}

TEST(SurfaceReader, CountsThatTheFileCannotHoldTakeNoMemory) {
  std::string stl = bytes_of("binary.stl");
  const std::uint32_t huge = 0xFFFFFFFFU;
  std::memcpy(stl.data() + 80, &huge, 4);
  EXPECT_EQ(refusal("binary.stl", stl),
            "its header says 4294967295 triangles, which need 214748364834 bytes, but the file has "
            "684: it is broken or no STL file");
  EXPECT_NE(refusal("raw.vtp", replaced(bytes_of("raw.vtp"), "NumberOfPoints=\"24\"",
                                        "NumberOfPoints=\"99999999999999\"")),
            "");
  std::string raw = bytes_of("raw_wide_big.vtp");
  const std::size_t data = raw.find('_', raw.find("<AppendedData"));
  for (std::size_t offset = 1; offset < raw.size() - data - 8; ++offset) {
    for (const int value : {0x7f, 0xff}) {
      std::string bytes = raw;
      std::memset(bytes.data() + data + offset, value, 8);
      refusal("raw_wide_big.vtp", bytes);  // lengths among them
    }
  }
  std::string zlib = bytes_of("raw_zlib.vtp");
  const std::size_t blocks = zlib.find('_', zlib.find("<AppendedData"));
  for (std::size_t offset = 1; offset < zlib.size() - blocks - 4; ++offset) {
    std::string bytes = zlib;
    std::memset(bytes.data() + blocks + offset, 0xff, 4);
    refusal("raw_zlib.vtp", bytes);
  }
}

TEST(SurfaceReader, BlocksThatDoNotUnpackAreRefused) {
  std::string zlib = bytes_of("raw_zlib.vtp");
  char& last = zlib.at(zlib.rfind("\n  </AppendedData>") - 1);  // of the checksum of a block
  last = char(last ^ 1);
  EXPECT_EQ(refusal("raw_zlib.vtp", zlib), "a compressed block is broken");
  // A number of blocks whose header would have 2^64 + 24 bytes.
  std::string many =
      "<VTKFile type=\"PolyData\" header_type=\"UInt64\" compressor=\"vtkZLibDataCompressor\">"
      "<PolyData><Piece NumberOfPoints=\"1\" NumberOfPolys=\"1\"><Points>"
      "<DataArray type=\"Float32\" format=\"appended\" offset=\"0\"/></Points></Piece></PolyData>"
      "<AppendedData encoding=\"raw\">_";
  many += std::string(7, '\0') + '\x20' + std::string(40, '\0');
  EXPECT_EQ(refusal("a.vtp", many), "an array claims 2305843009213693952 blocks");
}

TEST(SurfaceReader, TextOfStlIsReadWordByWord) {
  const std::string text = stl_text(cuboid({0, 0, 0}, {0.01, 0.02, 0.03}));
  EXPECT_EQ(parse_stl("a.stl", text + text).surface.triangles.size(), 24U) << "two solids";
  std::string loud = text;
  for (char& c : loud) c = char(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(parse_stl("a.stl", loud).surface.triangles.size(), 12U);
  EXPECT_EQ(refusal("a.stl", replaced(text, "vertex 0 ", "vertex 0,5 ")),
            "4: found '0,5', expected a coordinate");
  EXPECT_EQ(refusal("a.stl", replaced(text, "vertex 0 ", "vertex nan ")),
            "4: found 'nan', expected a coordinate");
  EXPECT_EQ(refusal("a.stl", replaced(text, "endloop", "endlop")),
            "7: found 'endlop', expected 'endloop'");
  EXPECT_EQ(refusal("a.stl", text.substr(0, text.find("endsolid"))),
            "86: the file ends before 'endsolid': it is cut short");
  EXPECT_EQ(refusal("a.stl", text.substr(0, text.find("endloop"))),
            "7: the file ends, expected 'endloop': it is cut short");
  EXPECT_EQ(refusal("a.stl", "solid nothing\nendsolid nothing\n"), "it holds no triangles");
  EXPECT_EQ(refusal("a.stl", "PK"),
            "it is no STL file: it has 2 bytes and does not begin with 'solid'");
  EXPECT_EQ(parse_stl("a.stl", replaced(text, "solid made", "solid SPACE=LPS made")).notes,
            std::vector<std::string>{
                "the file says that its coordinates are LPS; they are taken as those of the case"});
}

TEST(SurfaceReader, BinaryStlMayBeginWithSolidAndHoldsNumbers) {
  std::string stl = bytes_of("binary.stl");
  std::memcpy(stl.data(), "solid", 5);
  EXPECT_EQ(parse_stl("a.stl", stl).surface.triangles.size(), 12U);
  const float bad = std::nanf("");
  std::memcpy(stl.data() + 84 + 2 * 50 + 16, &bad, 4);
  EXPECT_EQ(refusal("a.stl", stl), "a corner of triangle 3 is not a number");
  EXPECT_NE(refusal("a.stl", stl.substr(0, 500)).find("which need 684 bytes"), std::string::npos);
}

TEST(SurfaceReader, VtpSaysWhatItExpects) {
  const std::string vtp = bytes_of("ascii.vtp");
  EXPECT_NE(refusal("a.vtp", replaced(vtp, "type=\"PolyData\"", "type=\"ImageData\""))
                .find("it holds a VTK file of type 'ImageData', expected PolyData"),
            std::string::npos);
  EXPECT_NE(refusal("a.vtp", replaced(vtp, "NumberOfPoints=\"24\"", "NumberOfPoints=\"25\"")), "");
  EXPECT_EQ(refusal("a.vtp", replaced(vtp, "NumberOfPoints=\"24\"", "NumberOfPoints=\"23\"")),
            "it announces 23 points, but there are 72 coordinates");
  EXPECT_NE(refusal("a.vtp", replaced(vtp, "NumberOfPolys=\"6\"", "NumberOfPolys=\"7\"")), "");
  EXPECT_NE(refusal("a.vtp", replaced(vtp, "-4 -8 -12", "nan -8 -12")), "");
  EXPECT_NE(refusal("a.vtp", "no XML at all").find("it is no XML"), std::string::npos);
  EXPECT_EQ(refusal("a.vtp", "<a/>"), "it has no element VTKFile");
  EXPECT_EQ(refusal("a.vtp", "<VTKFile type=\"PolyData\"><PolyData/></VTKFile>"),
            "it holds no triangles");
}

TEST(SurfaceReader, WhatIsNoFileIsRefused) {
  const Scratch dir;
  dir.write("empty.stl", "");
  const auto told = [](const std::string& path) -> std::string {
    try {
      read_surface(path, 1);
    } catch (const InputError& e) {
      return e.problems()[0].message;
    }
    return "";
  };
  std::filesystem::create_directory(dir.file("folder.stl"));
  EXPECT_EQ(told(dir.file("none.stl")), "there is no such file");
  EXPECT_EQ(told(dir.file("folder.stl")), "it is not a file");
  EXPECT_EQ(told(dir.file("empty.stl")), "it is empty");
  EXPECT_EQ(told(dir.file("mesh.obj")), "found the ending '.obj', expected .stl or .vtp");
}

}  // namespace
}  // namespace thermodose::test
