// Implements: tests of run/export.h: what is written is what the case is made of, and reads back as
// the same case.
#include "run/export.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "geometry/anatomy.h"
#include "geometry/image_io.h"
#include "run/small_case.h"

namespace thermodose::run_test {
namespace {

CaseText vein() {
  CaseText c;
  c.domain = "box: {center: 5 -3 0 mm, size: 60 50 40 mm}";
  c.tissue = "liver";
  c.probes = "{}";
  c.protocol = "[]";
  c.thermocouples = "{}";
  c.numerics = "{cell_size: 2 mm, error_estimate: false}";
  c.regions =
      "[{name: core, shape: {sphere: {center: 2 0 0 mm, radius: 3 mm}}, tissue: liver_tumour}]";
  c.more =
      "anatomy: {liver_vein: {lesion: {diameter: 20 mm}, vein: {diameter: 8 mm, distance: 4 mm, "
      "wall: 0.4 mm}}}\nduration: 10 s\n";
  return c;
}

class Export : public ::testing::TestWithParam<const char*> {};

TEST_P(Export, ReadsBackAsTheSameCase) {
  const Scratch scratch;
  ExportOptions options;
  options.directory = scratch.file("ex");
  options.spacing = 0.8e-3;
  options.extension = GetParam();
  const CaseSpec spec = read(vein());
  const auto lines = export_case(spec, options);
  const Model written = make_model(spec, 0.05);

  CaseText again = vein();
  again.regions = "[]";
  again.more = "anatomy: {labels: {file: " + scratch.file("ex/labels." + std::string(GetParam())) +
               ", map: " + scratch.file("ex/labels.yaml") +
               ", background: liver}}\nduration: 10 s\n";
  const CaseSpec second = read(again);
  const Model read_back = make_model(second, 0.05);
  // Names and tissues agree at points that are not beside a border of voxels.
  std::map<std::string, int> met;
  for (int n = 0; n < 20000; ++n) {
    const Vec3 p{(-25 + 60 * std::fmod(n * 0.618034, 1.0)) * 1e-3,
                 (-28 + 50 * std::fmod(n * 0.754878, 1.0)) * 1e-3,
                 (-20 + 40 * std::fmod(n * 0.569840, 1.0)) * 1e-3};
    const int a = written.region_at(p);
    bool inner = true;
    for (const double s : {-0.8e-3, 0.8e-3})
      for (std::size_t d = 0; d < 3; ++d) {
        Vec3 q = p;
        q[d] += s;
        inner = inner && written.region_at(q) == a;
      }
    if (!inner) continue;
    const int b = read_back.region_at(p);
    ASSERT_GE(b, 0);
    const std::string name = a < 0 ? "background" : written.region_name[std::size_t(a)];
    ASSERT_EQ(read_back.region_name[std::size_t(b)], name);
    ASSERT_EQ(read_back.law_names[std::size_t(read_back.law_at(p))],
              written.law_names[std::size_t(written.law_at(p))]);
    ++met[name];
  }
  for (const char* name : {"background", "lesion", "hepatic_vein", "core"})
    EXPECT_GT(met[name], 5) << name;
}
INSTANTIATE_TEST_SUITE_P(Formats, Export, ::testing::Values("nii.gz", "nii", "nrrd", "mha"),
                         [](const auto& format) {
                           std::string name = format.param;
                           return name == "nii.gz" ? std::string("niigz") : name;
                         });

TEST(ExportLines, SayWhatHasNoVoxel) {
  const auto told = [](const std::string& regions) {
    CaseText c = vein();
    c.regions = regions;
    const Scratch scratch;
    ExportOptions options;
    options.directory = scratch.file("ex");
    options.spacing = 0.8e-3;
    std::vector<std::string> found;
    for (const auto& line : export_case(read(c), options))
      if (line.find("left out") == 0) found.push_back(line);
    return found;
  };
  EXPECT_TRUE(told("[]").empty());
  const auto one = told(
      "[{name: seed, shape: {sphere: {center: 20.1 3 1 mm, radius: 0.05 mm}}, tissue: "
      "liver_tumour}]");
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0], "left out, without a voxel: 1 of 4 regions: seed");
  // Parts of the anatomy that a region covers.
  const auto parts = told(
      "[{name: block, shape: {box: {center: 0 0 0 mm, size: 200 200 200 mm}}, tissue: liver}]");
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_NE(parts[0].find("3 of 4 regions: "), std::string::npos) << parts[0];
  for (const char* name : {"lesion", "hepatic_vein", "vein_wall"})
    EXPECT_NE(parts[0].find(name), std::string::npos) << parts[0];
}

TEST(ExportSurfaces, AreWrittenForEveryRegion) {
  const Scratch scratch;
  ExportOptions options;
  options.directory = scratch.file("ex");
  options.surfaces = true;
  const auto lines = export_case(read(vein()), options);
  for (const char* name : {"lesion", "hepatic_vein", "core"}) {
    EXPECT_TRUE(std::filesystem::exists(scratch.file("ex/" + std::string(name) + ".stl"))) << name;
    EXPECT_TRUE(std::filesystem::exists(scratch.file("ex/" + std::string(name) + ".vtp"))) << name;
  }
  bool told = false;
  for (const auto& line : lines)
    told =
        told || (line.find("vein_wall.stl") == 0 && line.find("with holes") != std::string::npos);
  EXPECT_TRUE(told) << "a wall of 0.4 mm at a spacing of 1 mm";
}

TEST(ExportSurfaces, TooManyVoxelsAreRefused) {
  const Scratch scratch;
  ExportOptions options;
  options.directory = scratch.file("ex");
  options.spacing = 1e-6;
  EXPECT_THROW(export_case(read(vein()), options), InputError);
  EXPECT_FALSE(std::filesystem::exists(scratch.file("ex")));
}

}  // namespace
}  // namespace thermodose::run_test
