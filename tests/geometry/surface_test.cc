// Surfaces of parts: closed, manifold, facing outwards, of the right volume; their files; voxels.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "base/error.h"
#include "geometry/surface_files.h"
#include "geometry/surface_labels.h"
#include "geometry/surface_mesh.h"
#include "geometry/surface_reader.h"
#include "output/scratch.h"
#include "vertebra_keys.h"

namespace thermodose::test {
namespace {

using output_test::Scratch;
constexpr double kPi = 3.14159265358979323846;

Placed lumbar() {
  AnatomyValues values{{}, {}, {{"level", "L2"}}, {}, {}};
  values.sections["lesion"] = {
      {{"diameter", 0.014}}, {{"center", {0.003, 0.002, -0.001}}}, {}, {}, {}};
  return make_anatomy("vertebra", values);
}

/// Euler characteristic: points - edges + triangles.
long euler(const TriangleSurface& s) {
  return long(s.points.size()) - long(s.triangles.size()) * 3 / 2 + long(s.triangles.size());
}

TEST(Surface, ABallConvergesWithTheSquareOfTheSpacing) {
  const Vec3 c{0.0013, -0.0021, 0.0007};
  const auto ball = [&](const Vec3& p) { return dot(p - c, p - c) <= 1e-4; };
  const BoundingBox box{{-0.012, -0.013, -0.012}, {0.013, 0.012, 0.012}};
  std::vector<double> errors;
  for (const double h : {2e-3, 1e-3, 0.5e-3}) {
    const TriangleSurface s = extract_surface(ball, box, h);
    EXPECT_EQ(open_edges(s), 0U);
    EXPECT_EQ(euler(s), 2);
    errors.push_back(1 - enclosed_volume(s) / (4. / 3. * kPi * 1e-6));
    for (const auto& p : s.points) ASSERT_NEAR(norm(p - c), 0.01, 0.02 * std::sqrt(3.) * h);
  }
  EXPECT_GT(errors[0], 0) << "chords lie inside";
  EXPECT_NEAR(std::log2(errors[0] / errors[1]), 2, 0.3);
  EXPECT_NEAR(std::log2(errors[1] / errors[2]), 2, 0.3);
}

// Any set at all: closed and manifold, because every lattice edge has at most one vertex.
TEST(Surface, NoiseIsClosedToo) {
  std::mt19937 random(41);
  std::vector<bool> bits(17 * 17 * 17);
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = random() % 2 == 0;
  const auto noise = [&](const Vec3& p) {
    std::size_t at = 0;
    for (int i = 0; i < 3; ++i) at = at * 17 + std::size_t(std::clamp(p[i] * 16, 0., 16.));
    return bool(bits[at]);
  };
  const TriangleSurface s = extract_surface(noise, {{0, 0, 0}, {1, 1, 1}}, 1. / 16);
  EXPECT_GT(s.triangles.size(), 10000U);
  EXPECT_EQ(open_edges(s), 0U);
  EXPECT_GT(enclosed_volume(s), 0);
}

// What reaches the box is closed by the box's faces, to rounding of a vertex on a lattice edge.
TEST(Surface, TheBoxCutsAndCloses) {
  const auto all = [](const Vec3&) { return true; };
  const TriangleSurface s = extract_surface(all, {{0, 0, 0}, {0.02, 0.03, 0.011}}, 1e-3);
  EXPECT_EQ(open_edges(s), 0U);
  EXPECT_NEAR(enclosed_volume(s) / 6.6e-6, 1, 0.01);
}

TEST(Surface, OpenAndTwistedSurfacesAreFound) {
  const auto half = [](const Vec3& p) { return norm(p) <= 0.01; };
  TriangleSurface s = extract_surface(half, {{-0.02, -0.02, -0.02}, {0.02, 0.02, 0.02}}, 2e-3);
  ASSERT_EQ(open_edges(s), 0U);
  TriangleSurface twisted = s;
  std::swap(twisted.triangles[7][0], twisted.triangles[7][1]);
  EXPECT_EQ(open_edges(twisted), 6U);
  s.triangles.pop_back();
  EXPECT_EQ(open_edges(s), 3U);
}

struct Piece {
  std::string part;
  double spacing;
  BoundingBox box;
  double volume;  ///< within the box, m3
  long euler;
};

// Solid parts and thin shells of a vertebra within 1 % of their volumes.
TEST(Surface, PartsOfAVertebra) {
  const Placed v = lumbar();
  const BoundingBox body{{-0.023, -0.019, -0.0135}, {0.023, 0.019, 0.0135}};
  const BoundingBox canal{{-0.013, -0.037, -0.002}, {0.013, -0.016, 0.002}};
  const BoundingBox vessel{{-0.03, 0.01, -0.045}, {0.03, 0.05, 0.045}};
  const double slab = 0.004 / 0.09;  // of the column in the box `canal`
  const std::vector<Piece> pieces{
      {"lesion", 0.4e-3, body, part(*v, "lesion").volume, 2},
      {"cancellous_bone", 0.4e-3, body, part(*v, "cancellous_bone").volume, 4},  // with a cavity
      {"upper_end_plate",
       0.12e-3,
       {{-0.023, -0.019, 0.0115}, {0.023, 0.019, 0.0125}},
       part(*v, "upper_end_plate").volume,
       2},
      {"disc_below",
       0.4e-3,
       {{-0.023, -0.019, -0.022}, {0.023, 0.019, -0.01}},
       part(*v, "disc_below").volume,
       2},
      {"dura", 0.1e-3, canal, slab * part(*v, "dura").volume, 0},  // a tube
      {"aorta", 0.5e-3, vessel, part(*v, "aorta").volume, 2},
      {"vena_cava", 0.5e-3, vessel, part(*v, "vena_cava").volume, 2}};
  for (const auto& piece : pieces) {
    const TriangleSurface s = extract_part(*v, piece.part, piece.spacing, piece.box);
    EXPECT_EQ(open_edges(s), 0U) << piece.part;
    EXPECT_EQ(euler(s), piece.euler) << piece.part;
    EXPECT_NEAR(enclosed_volume(s) / piece.volume, 1, 0.01) << piece.part;
  }
}

// Parts without a closed form against sampling, in a slab below the pedicles.
TEST(Surface, CortexOfTheBodyEnclosesWhatSamplingFinds) {
  const Placed v = lumbar();
  const BoundingBox shell{{-0.023, -0.019, -0.012}, {0.023, 0.019, -0.009}};
  const BoundingBox wall{{-0.02, -0.0176, -0.012}, {0.02, -0.0166, -0.006}};
  for (const auto& [name, box] : {std::pair("cortical_shell", shell), {"posterior_wall", wall}}) {
    const TriangleSurface s = extract_part(*v, name, 0.1e-3, box);
    EXPECT_EQ(open_edges(s), 0U) << name;
    EXPECT_NEAR(enclosed_volume(s) / sampled_volumes(*v, box, 1000000).at(name), 1, 0.01) << name;
  }
}

TEST(Surface, UnknownPartsAndImpossibleBoxesAreRefused) {
  const Placed v = lumbar();
  const auto message = [](const std::function<void()>& f) -> std::string {
    try {
      f();
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(message([&] { extract_part(*v, "lession", 1e-3); }).find("did you mean 'lesion'?"),
            std::string::npos);
  EXPECT_NE(message([&] { extract_part(*v, "lesion", 0); }).find("spacing"), std::string::npos);
  EXPECT_NE(message([&] { extract_part(*v, "lesion", 1e-6); }).find("2^31"), std::string::npos);
  EXPECT_NE(message([&] {
              sample_labels(*v, {{1, 0, 0}, {0, 1, 1}}, 1e-3);
            }).find("box"),
            std::string::npos);
}

template <class T>
T read(const std::string& bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

TEST(SurfaceFiles, StlIsBinaryInMillimetres) {
  const Placed v = lumbar();
  const TriangleSurface s = extract_part(*v, "lesion", 1e-3);
  const Scratch dir;
  write_stl(dir.file("lesion.stl"), s);
  const std::string bytes = dir.read("lesion.stl");
  ASSERT_EQ(bytes.size(), 84 + 50 * s.triangles.size());
  EXPECT_NE(bytes.substr(0, 5), "solid");
  EXPECT_EQ(read<std::uint32_t>(bytes, 80), s.triangles.size());
  double six = 0;
  for (std::size_t t = 0; t < s.triangles.size(); ++t) {
    std::array<Vec3, 4> p{};  // normal, corners
    for (std::size_t i = 0; i < 12; ++i) {
      p[i / 3][i % 3] = read<float>(bytes, 84 + 50 * t + 4 * i);
    }
    const Vec3 u = p[2] - p[1], w = p[3] - p[1];
    const Vec3 n{u[1] * w[2] - u[2] * w[1], u[2] * w[0] - u[0] * w[2], u[0] * w[1] - u[1] * w[0]};
    six += dot(p[1], {p[2][1] * p[3][2] - p[2][2] * p[3][1], p[2][2] * p[3][0] - p[2][0] * p[3][2],
                      p[2][0] * p[3][1] - p[2][1] * p[3][0]});
    ASSERT_NEAR(norm(p[0]), 1, 1e-5);
    ASSERT_GT(dot(p[0], n), 0) << "the stored normal is that of the corners";
    ASSERT_GT(dot(p[0], p[1] - Vec3{3, 2, -1}), 0) << "away from the centre";
  }
  EXPECT_NEAR(six / 6, enclosed_volume(s) * 1e9, 1e-3 * six / 6);
  EXPECT_THROW(write_stl(dir.file("no/such.stl"), s), IoError);
}

TEST(SurfaceFiles, TellTheFrameOfAPatient) {
  const Placed v = lumbar();
  const TriangleSurface s = extract_part(*v, "lesion", 2e-3);
  const Scratch dir;
  write_stl(dir.file("a.stl"), s);
  EXPECT_EQ(dir.read("a.stl").find("SPACE"), std::string::npos);
  write_stl(dir.file("b.stl"), s, "RAS");
  const std::string text = dir.read("b.stl");
  EXPECT_LT(text.find("SPACE=RAS"), 80U);
  EXPECT_EQ(text.size(), 84 + 50 * s.triangles.size());
  write_vtp(dir.file("a.vtp"), s);
  EXPECT_EQ(dir.read("a.vtp").find("FieldData"), std::string::npos);
  write_vtp(dir.file("b.vtp"), s, {}, "LPS");
  EXPECT_NE(
      dir.read("b.vtp").find("Name=\"SPACE\" NumberOfTuples=\"1\" format=\"ascii\">76 80 83 0<"),
      std::string::npos);
  EXPECT_EQ(read_surface(dir.file("b.vtp"), 1e-3).surface.triangles.size(), s.triangles.size());
}

std::string decoded(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t group = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    group = group << 6U | std::uint32_t(digits.find(c));
    if (++count % 4 != 0) continue;
    for (const unsigned shift : {16U, 8U, 0U}) bytes += char(group >> shift & 255U);
    group = 0;
  }
  if (count % 4 == 3) bytes += {char(group >> 10U & 255U), char(group >> 2U & 255U)};
  if (count % 4 == 2) bytes += char(group >> 4U & 255U);
  return bytes;
}

/// Bytes of the DataArray of a name, without its length, which must agree.
std::string array_of(const std::string& xml, const std::string& name) {
  const std::size_t at = xml.find("Name=\"" + name + "\"");
  const std::size_t begin = xml.find('>', at) + 1;
  const std::string bytes = decoded(xml.substr(begin, xml.find('<', begin) - begin));
  EXPECT_EQ(read<std::uint64_t>(bytes, 0), bytes.size() - 8) << name;
  return bytes.substr(8);
}

TEST(SurfaceFiles, VtpHoldsPointsAndTriangles) {
  const Placed v = lumbar();
  for (const double spacing : {1e-3, 1.1e-3, 1.3e-3}) {  // every remainder of base64
    const TriangleSurface s = extract_part(*v, "lesion", spacing);
    const Scratch dir;
    write_vtp(dir.file("lesion.vtp"), s);
    const std::string xml = dir.read("lesion.vtp");
    const std::string points = array_of(xml, "Points"), corners = array_of(xml, "connectivity"),
                      offsets = array_of(xml, "offsets");
    ASSERT_EQ(points.size(), 12 * s.points.size());
    ASSERT_EQ(corners.size(), 24 * s.triangles.size());
    ASSERT_EQ(offsets.size(), 8 * s.triangles.size());
    for (std::size_t i = 0; i < 3 * s.points.size(); ++i) {
      ASSERT_FLOAT_EQ(read<float>(points, 4 * i), float(1e3 * s.points[i / 3][i % 3]));
    }
    for (std::size_t i = 0; i < 3 * s.triangles.size(); ++i) {
      ASSERT_EQ(read<std::int64_t>(corners, 8 * i), s.triangles[i / 3][i % 3]);
    }
    EXPECT_EQ(read<std::int64_t>(offsets, 0), 3);
    EXPECT_EQ(read<std::int64_t>(offsets, offsets.size() - 8), 3 * long(s.triangles.size()));
    const std::string count = "NumberOfPoints=\"" + std::to_string(s.points.size()) + "\"";
    EXPECT_NE(xml.find(count), std::string::npos);
  }
}

TEST(SurfaceLabels, VoxelsAreTheParts) {
  const Placed v = lumbar();
  const BoundingBox box{{-0.02, -0.03, -0.01}, {0.0203, 0.02, 0.01}};
  const SampledLabels s = sample_labels(*v, box, 0.5e-3, 3);
  EXPECT_EQ(s.size, (std::array<int, 3>{81, 100, 40}));
  EXPECT_NEAR(s.origin[1], -0.03 + 0.25e-3, 1e-12);
  EXPECT_NEAR(s.origin[0], (-0.02 + 0.0203) / 2 - 40 * 0.5e-3, 1e-12) << "centred on the box";
  std::size_t at = 0;
  for (int k = 0; k < s.size[2]; ++k) {
    for (int j = 0; j < s.size[1]; ++j) {
      for (int i = 0; i < s.size[0]; ++i, ++at) {
        const Vec3 p = s.origin + s.spacing * Vec3{double(i), double(j), double(k)};
        ASSERT_EQ(s.labels[at], v->part_at(p) + 1);
      }
    }
  }
  ASSERT_EQ(at, s.labels.size());
  int lesion = 0;
  while (v->parts()[std::size_t(lesion)].name != "lesion") ++lesion;
  EXPECT_NEAR(label_volume(s, lesion + 1) / part(*v, "lesion").volume, 1, 0.01);
}

}  // namespace
}  // namespace thermodose::test
