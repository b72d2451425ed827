// Implements: tests that a run does not depend on how its image is stored: flipped, turned by 30
// degrees with a header that says so, in other formats, in the other frame.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "geometry/image_grid.h"
#include "geometry/image_io.h"
#include "run/plan_evaluation.h"
#include "run/small_case.h"
#include "run/structures.h"

namespace thermodose::run_test {
namespace {

constexpr double kVoxel = 2;  // mm

/// Labels in RAS, mm: a vein beside a ball in liver, fat above. Nothing of it is symmetric.
std::uint8_t label_at(const Vec3& p) {
  if (p[2] > 14 + 0.2 * p[0]) return 4;
  if (std::hypot(p[0] - 3, p[1] + 2, p[2]) < 9) return 3;
  if (std::hypot(p[0] + 14, p[1] - 4 - 0.3 * p[2]) < 5) return 2;
  return 1;
}

/// A grid that holds the box |x| <= 40 mm, turned about z and with some axes reversed.
ImageGrid grid_of(double degrees, std::array<bool, 3> flipped) {
  const double a = degrees * 3.14159265358979323846 / 180;
  ImageGrid g;
  g.spacing = {kVoxel, kVoxel, kVoxel};
  g.axes = {{{std::cos(a), std::sin(a), 0}, {-std::sin(a), std::cos(a), 0}, {0, 0, 1}}};
  const int n = degrees == 0 ? 41 : 57;
  g.size = {n, n, 41};
  for (std::size_t d = 0; d < 3; ++d) {
    if (flipped[d])
      for (double& c : g.axes[d]) c = -c;
    for (std::size_t c = 0; c < 3; ++c)
      g.origin[c] -= 0.5 * (g.size[d] - 1) * kVoxel * g.axes[d][c];
  }
  return g;
}

void write(const std::string& path, const ImageGrid& grid) {
  std::vector<std::uint8_t> voxels;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) {
        const Vec3 p = grid.point({double(i), double(j), double(k)}, ImageFrame::ras);
        voxels.push_back(label_at({1e3 * p[0], 1e3 * p[1], 1e3 * p[2]}));
      }
  write_image(path, grid, voxels, "labels");
}

/// A needle through the ball; x and y of LPS have the other sign.
CaseText needle_case(const std::string& file, const std::string& frame) {
  const bool lps = frame == "LPS";
  CaseText c;
  c.domain = "box: {center: 0 0 0 mm, size: 60 60 48 mm}";
  c.tissue = "liver";
  c.numerics = "{cell_size: 2 mm, error_estimate: false}";
  c.thermocouples = "{}";
  c.dose = "[temperature_extremes]";
  c.protocol = "[{probes: [p], steps: [{freeze: 4 min}]}]";
  c.probes = std::string("{p: {device: needle, tip: ") + (lps ? "-3 2" : "3 -2") +
             " -5 mm, direction: 0 0 1}}";
  c.devices = "";
  c.output = "{isotherms: [0 degC, -20 degC], images: none}";
  c.more = "anatomy:\n  labels:\n    file: " + file + "\n    frame: " + frame +
           "\n    overrides:\n      1: {name: liver, tissue: liver}\n"
           "      2: {name: vein, tissue: blood}\n      3: {name: tumour, tissue: liver_tumour}\n"
           "      4: {name: fat, tissue: fat}\n"
           "targets: {tumour: {criteria: [{below: -20 degC}]}}\nprotect: {vein: {}}\n";
  return c;
}

RunSummary result(const std::string& file, const std::string& frame) {
  return run(needle_case(file, frame));
}

void expect_same(const RunSummary& a, const RunSummary& b, const std::string& what,
                 double tolerance) {
  for (const double level : {0.0, -20.0}) {
    const double volume = isotherm(a, 240, level).volume;
    EXPECT_GT(volume, 5e-7);
    EXPECT_NEAR(isotherm(b, 240, level).volume, volume, tolerance * volume) << what;
  }
  const auto& target = a.evaluation.targets.at(0);
  const double covered = target.criteria.at(0).coverage.covered;
  EXPECT_GT(covered, 0.1 * target.volume);
  EXPECT_LT(covered, 0.95 * target.volume) << "or nothing is tested";
  EXPECT_NEAR(b.evaluation.targets.at(0).criteria.at(0).coverage.covered, covered,
              tolerance * target.volume)
      << what;
  EXPECT_NEAR(b.evaluation.organs.at(0).organ.coldest.value,
              a.evaluation.organs.at(0).organ.coldest.value, 100 * tolerance)
      << what;
}

TEST(ImagePose, StoringItOtherwiseChangesNothing) {
  const Scratch scratch;
  write(scratch.file("plain.nii.gz"), grid_of(0, {false, false, false}));
  const RunSummary plain = result(scratch.file("plain.nii.gz"), "RAS");
  // The same voxels in another order: bit for bit but for rounding.
  write(scratch.file("flipped.nii.gz"), grid_of(0, {true, false, true}));
  expect_same(plain, result(scratch.file("flipped.nii.gz"), "RAS"), "flipped", 1e-6);
  for (const char* name : {"other.nrrd", "other.mha", "other.nii"}) {
    write(scratch.file(name), grid_of(0, {false, true, false}));
    expect_same(plain, result(scratch.file(name), "RAS"), name, 1e-6);
  }
  // Other voxels of the same anatomy.
  write(scratch.file("turned.nii.gz"), grid_of(30, {false, false, false}));
  expect_same(plain, result(scratch.file("turned.nii.gz"), "RAS"), "turned by 30 degrees", 0.02);
}

/// Voxels of an uncompressed NIfTI file of floats.
std::vector<float> voxels_of(const std::string& bytes, std::size_t count) {
  std::vector<float> out(count);
  if (bytes.size() < 352 + 4 * count) return {};
  std::memcpy(out.data(), bytes.data() + 352, 4 * count);
  return out;
}

TEST(DoseImages, LieOnTheGridOfTheInput) {
  const Scratch scratch;
  const ImageGrid grid = grid_of(30, {true, false, false});
  write(scratch.file("turned.nii.gz"), grid);
  CaseText c = needle_case(scratch.file("turned.nii.gz"), "RAS");
  c.dose = "[temperature_extremes, freeze_kill]";
  c.output = "{isotherms: [0 degC, -20 degC], images: nii}";
  const RunSummary s = run_in(scratch, read(c));
  const auto voxels = voxels_of(scratch.read("out/images/dose_t_min_degC.nii"), grid.voxels());
  ASSERT_EQ(voxels.size(), grid.voxels());
  const auto alive =
      voxels_of(scratch.read("out/images/dose_survival_logistic.nii"), grid.voxels());
  ASSERT_EQ(alive.size(), grid.voxels());
  double frozen = 0;
  Vec3 centroid{};
  std::size_t n = 0;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i, ++n) {
        const Vec3 p = grid.point({double(i), double(j), double(k)}, ImageFrame::ras);
        if (std::abs(p[0]) > 31e-3) {
          EXPECT_EQ(voxels[n], 37) << "outside the domain";
          EXPECT_EQ(alive[n], 1) << "nothing was done there";
        }
        if (!(voxels[n] < 0)) continue;
        ++frozen;
        for (std::size_t d = 0; d < 3; ++d) centroid[d] += p[d];
      }
  // The ice of a steady freeze is largest at its end.
  const double volume = isotherm(s, 240, 0).volume;
  EXPECT_NEAR(frozen * grid.voxel_volume(), volume, 0.1 * volume);
  EXPECT_NEAR(centroid[0] / frozen, 3e-3, 0.5e-3) << "where the needle is";
  EXPECT_NEAR(centroid[1] / frozen, -2e-3, 0.5e-3);
  EXPECT_LT(scratch.read("out/surfaces/target_tumour.stl").find("SPACE=RAS"), 80U);
}

TEST(DoseImages, AreLeftOutOnRequestAndWithoutAnImage) {
  const Scratch scratch;
  write(scratch.file("plain.nii.gz"), grid_of(0, {false, false, false}));
  run_in(scratch, read(needle_case(scratch.file("plain.nii.gz"), "RAS")));
  EXPECT_FALSE(std::filesystem::exists(scratch.file("out/images"))) << "images: none";
  const Scratch other;
  run_in(other, read(CaseText{}));
  EXPECT_FALSE(std::filesystem::exists(other.file("out/images")));
}

/// Coldest point and volume of the vein's voxels in a linear field, exactly: corners of voxels.
struct Exact {
  double coldest = 1e300, hottest = -1e300, volume = 0;
};
double linear(const Vec3& p) { return 310 + 900 * p[0] - 700 * p[1] + 1100 * p[2]; }
Exact exact_vein(const ImageGrid& grid) {
  Exact e;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i) {
        const Vec3 c = grid.point({double(i), double(j), double(k)}, ImageFrame::ras);
        if (label_at({1e3 * c[0], 1e3 * c[1], 1e3 * c[2]}) != 2) continue;
        e.volume += grid.voxel_volume();
        for (unsigned n = 0; n < 8; ++n) {
          const double value =
              linear(grid.point({i + ((n & 1U) != 0 ? 0.5 : -0.5), j + ((n & 2U) != 0 ? 0.5 : -0.5),
                                 k + ((n & 4U) != 0 ? 0.5 : -0.5)},
                                ImageFrame::ras));
          e.coldest = std::min(e.coldest, value);
          e.hottest = std::max(e.hottest, value);
        }
      }
  return e;
}

TEST(ImagePose, OrgansReachToTheCornersOfTheirVoxels) {
  // Cells of 2.9 mm: no voxel lies as they do.
  NodeGeometry g;
  g.origin = {-45e-3, -45e-3, -45e-3};
  g.spacing = 2.9e-3;
  g.nodes = {32, 32, 32};
  std::vector<float> values;
  for (std::size_t n = 0; n < g.size(); ++n)
    values.push_back(float(linear(evaluation::node_position(g, n))));
  const evaluation::FieldSampler sampler(g);
  for (const double degrees : {0.0, 30.0})
    for (const std::array<bool, 3> flipped :
         {std::array{false, false, false}, std::array{true, false, true}}) {
      const Scratch scratch;
      const ImageGrid grid = grid_of(degrees, flipped);
      write(scratch.file("vein.nii.gz"), grid);
      const CaseSpec spec = read(needle_case(scratch.file("vein.nii.gz"), "RAS"));
      const Model model = make_model(spec, 0.05);
      StructureMaker maker(model);
      evaluation::OrganWatch watch(maker.make({}, "vein"), sampler, {283.15, 318.15});
      watch.instant(1, values.data());
      const evaluation::OrganReport r = watch.report(values.data(), values.data());
      const Exact e = exact_vein(grid);
      EXPECT_NEAR(r.coldest.value, e.coldest, 1e-3) << degrees;
      EXPECT_NEAR(r.hottest.value, e.hottest, 1e-3) << degrees;
      // Exact where the faces of voxels are normal to the axes.
      EXPECT_NEAR(r.volume, e.volume, (degrees == 0 ? 1e-4 : 5e-3) * e.volume) << degrees;
    }
}

// A case in LPS has x and y with the other sign; its maps are on the same voxels of the image.
TEST(DoseImages, AreTheSameForACaseInTheOtherFrame) {
  const Scratch scratch;
  const ImageGrid grid = grid_of(0, {false, true, false});
  write(scratch.file("plain.nii.gz"), grid);
  std::vector<std::vector<float>> maps;
  for (const char* frame : {"RAS", "LPS"}) {
    CaseText c = needle_case(scratch.file("plain.nii.gz"), frame);
    c.output = "{isotherms: [0 degC, -20 degC], images: nii}";
    run_in(scratch, read(c));
    maps.push_back(voxels_of(scratch.read("out/images/dose_t_min_degC.nii"), grid.voxels()));
    ASSERT_EQ(maps.back().size(), grid.voxels());
  }
  // Points that sample a cut cell lie otherwise in a mirror image: single voxels at borders.
  double frozen = 0, unlike = 0;
  for (std::size_t n = 0; n < grid.voxels(); ++n) {
    frozen += maps[0][n] < 0 ? 1 : 0;
    unlike += std::abs(maps[0][n] - maps[1][n]) > 1 ? 1 : 0;
  }
  EXPECT_GT(frozen, 100);
  EXPECT_LT(unlike, 0.05 * frozen);
}

TEST(ImagePose, CaveatsAreThoseOfTissuesInTheDomain) {
  const Scratch scratch;
  write(scratch.file("plain.nii.gz"), grid_of(0, {false, false, false}));
  CaseText c = needle_case(scratch.file("plain.nii.gz"), "RAS");
  const auto told_of_blood = [&] {
    const CaseSpec spec = read(c);
    const Model model = make_model(spec, 0.05);
    return std::any_of(model.caveats.begin(), model.caveats.end(),
                       [](const auto& text) { return text.rfind("blood: ", 0) == 0; });
  };
  EXPECT_TRUE(told_of_blood());
  c.domain = "box: {center: 12 0 0 mm, size: 34 40 48 mm}";  // the vein lies at x = -14 mm
  EXPECT_FALSE(told_of_blood());
}

TEST(ImagePose, TheOtherFrameMirrorsTheCase) {
  const Scratch scratch;
  write(scratch.file("plain.nii.gz"), grid_of(0, {false, false, false}));
  expect_same(result(scratch.file("plain.nii.gz"), "RAS"),
              result(scratch.file("plain.nii.gz"), "LPS"), "LPS", 0.01);
}

}  // namespace
}  // namespace thermodose::run_test
