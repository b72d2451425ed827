// Implements: tests of bone between cancellous and cortical by the grey values of a CT: the law at,
// below, above and between its thresholds, files of every kind and pose, and what is refused.
#include "geometry/bone_scale.h"

#include <cmath>
#include <limits>

#include "base/log.h"
#include "label_fixture.h"

namespace thermodose::test {
namespace {

const std::string kBones =
    "labels:\n"
    "  1: {name: body, tissue: bone_cancellous}\n"
    "  2: {name: rib, tissue: bone_cortical}\n"
    "  3: {name: liver, tissue: liver}\n";

/// A case with a CT whose thresholds are 200 and 1200 HU.
Given with_ct(const std::string& ct = "ct.nrrd") {
  Given g;
  g.texts = {{"file", "labels.nrrd"}, {"map", "./bones.yaml"}, {"frame", "LPS"}};
  Given& section = g.sections["ct"];
  section.texts["file"] = ct;
  section.reals = {{"cancellous", 200}, {"cortical", 1200}};
  return g;
}

/// The label map of all of these tests, and a CT beside it.
struct Files {
  explicit Files(Volume labels) : labels_(std::move(labels)) {
    dir.write("bones.yaml", kBones);
    write_nrrd(dir.file("labels.nrrd"), labels_);
  }
  void ct(const std::vector<int>& hu, const ImageGrid& grid) const {
    write_nrrd(dir.file("ct.nrrd"), {grid, hu}, ImageFrame::lps, "int16", raw<std::int16_t>(hu));
  }
  void ct(const std::vector<int>& hu) const { ct(hu, labels_.grid); }

  Scratch dir;
  Volume labels_;
};

/// Grey values that differ in every voxel, from -100 to 1400 HU.
std::vector<int> different(std::size_t voxels) {
  std::vector<int> out;
  for (std::size_t n = 0; n < voxels; ++n)
    out.push_back(static_cast<int>(n * 1500 / (voxels - 1)) - 100);
  return out;
}

double law(double hu) { return std::min(std::max((hu - 200) / 1000, 0.0), 1.0); }

/// Calls work(voxel, centre) for a grid in LPS.
template <class Work>
void for_voxels(const ImageGrid& g, const Work& work) {
  std::size_t n = 0;
  for (int k = 0; k < g.size[2]; ++k)
    for (int j = 0; j < g.size[1]; ++j)
      for (int i = 0; i < g.size[0]; ++i, ++n)
        work(n, g.point({double(i), double(j), double(k)}, ImageFrame::lps));
}

constexpr double kStored = 1.0 / 65535;

TEST(BoneScale, TheLawAtBelowAboveAndBetweenTheThresholds) {
  const Files f(plain_volume());
  std::vector<int> hu(24, 700);
  const std::vector<std::pair<int, double>> expected{{-1000, 0},    {199, 0},    {200, 0},
                                                     {201, 0.001},  {450, 0.25}, {700, 0.5},
                                                     {1199, 0.999}, {1200, 1},   {3071, 1}};
  for (std::size_t n = 0; n < expected.size(); ++n) hu[n] = expected[n].first;
  f.ct(hu);
  const Loaded a = load(f.dir, with_ct());
  ASSERT_NE(a->scale(), nullptr);
  for_voxels(f.labels_.grid, [&](std::size_t n, const Vec3& p) {
    const double wanted = n < expected.size() ? expected[n].second : 0.5;
    EXPECT_NEAR(a->scale()->fraction(p), wanted, kStored) << hu[n];
    if (wanted == 0 || wanted == 1) {
      EXPECT_EQ(a->scale()->fraction(p), wanted) << hu[n];
    }
  });
  EXPECT_EQ(a->scale()->grades(), 8);
  EXPECT_EQ(a->scale()->detail(), 2e-3);
  EXPECT_EQ(a->parts().size(), 1U) << "it stays one part";
  ASSERT_EQ(a->caveats().size(), 1U);
  EXPECT_NE(a->caveats()[0].find("cancellous at 200 HU and cortical at 1200 HU"),
            std::string::npos);
  EXPECT_EQ(a->tissues(), (std::vector<std::string>{"bone_cancellous", "bone_cortical"}));
}

TEST(BoneScale, WithoutACtNothingIsScaled) {
  const Files f(plain_volume());
  Given g = with_ct();
  g.sections.clear();
  const Loaded a = load(f.dir, g);
  EXPECT_EQ(a->scale(), nullptr);
  EXPECT_TRUE(a->caveats().empty());
  EXPECT_EQ(a->tissues(), (std::vector<std::string>{"bone_cancellous"}));
}

TEST(BoneScale, BonesAreScaledUnlessTheyAreLeftOut) {
  Volume v = plain_volume();
  for (std::size_t n = 0; n < 24; ++n) v.labels[n] = 1 + static_cast<int>(n % 3);
  const Files f(v);
  f.ct(different(24));
  const Loaded all = load(f.dir, with_ct());
  Given g = with_ct();
  g.sections["ct"].lists["parts"] = {"rib"};
  const Loaded rib = load(f.dir, g);
  const std::vector<std::string> names = all->part_names();
  for (int n = 0; n < 3; ++n) {
    const std::string& name = names[static_cast<std::size_t>(n)];
    EXPECT_EQ(all->scale()->scales(n), name != "liver") << name;
    EXPECT_EQ(rib->scale()->scales(n), name == "rib") << name;
  }
  EXPECT_FALSE(all->scale()->scales(-1)) << "outside";
  EXPECT_FALSE(all->scale()->scales(3)) << "a region of the case";
}

// The same world in files whose axes are flipped, exchanged and turned: the same fractions.
TEST(BoneScale, TheHeaderOfTheCtIsItsOwn) {
  Volume v = tilted_volume();
  v.labels.assign(v.labels.size(), 1);
  const Files f(v);
  const ImageGrid& g = v.grid;
  const std::vector<int> hu = different(g.voxels());
  // Axis d of the other file is axis `from[d]` of the first, backwards where `flip[d]`.
  const std::array<std::size_t, 3> from{2, 0, 1};
  const std::array<bool, 3> flip{true, false, true};
  Volume other;
  other.grid.origin = g.origin;
  for (std::size_t d = 0; d < 3; ++d) {
    const std::size_t a = from[d];
    other.grid.size[d] = g.size[a];
    other.grid.spacing[d] = g.spacing[a];
    other.grid.axes[d] = (flip[d] ? -1.0 : 1.0) * g.axes[a];
    if (flip[d])
      other.grid.origin = other.grid.origin + ((g.size[a] - 1) * g.spacing[a]) * g.axes[a];
  }
  for (int k = 0; k < other.grid.size[2]; ++k)
    for (int j = 0; j < other.grid.size[1]; ++j)
      for (int i = 0; i < other.grid.size[0]; ++i) {
        const std::array<int, 3> at{i, j, k};
        std::array<int, 3> first{};
        for (std::size_t d = 0; d < 3; ++d)
          first[from[d]] = flip[d] ? other.grid.size[d] - 1 - at[d] : at[d];
        other.labels.push_back(
            hu[static_cast<std::size_t>(first[0] + g.size[0] * (first[1] + g.size[1] * first[2]))]);
      }
  const std::string bytes = raw<std::int16_t>(other.labels);
  write_nrrd(f.dir.file("lps.nrrd"), other, ImageFrame::lps, "int16", bytes);
  write_nrrd(f.dir.file("ras.nrrd"), other, ImageFrame::ras, "int16", bytes);
  write_nifti(f.dir.file("ct.nii"), other, {}, 4, 16, bytes);
  write_meta(f.dir.file("ct.mha"), other, "MET_SHORT", bytes);
  for (const std::string name : {"lps.nrrd", "ras.nrrd", "ct.nii", "ct.mha"}) {
    const Loaded a = load(f.dir, with_ct(name));
    for_voxels(g, [&](std::size_t n, const Vec3& p) {
      EXPECT_NEAR(a->scale()->fraction(p), law(hu[n]), kStored) << name << " " << n;
    });
  }
}

// Coarser labels than grey values, of single precision: a point has the value of its voxel.
TEST(BoneScale, TheCtHasAGridOfItsOwn) {
  const Files f(plain_volume());  // x -1..7, y -1..5, z -1..3 mm
  Volume ct;
  ct.grid.size = {20, 9, 10};
  ct.grid.spacing = {0.5, 1, 0.5};
  ct.grid.origin = {-1.5, -2, -1.25};
  ct.grid.axes = f.labels_.grid.axes;
  const std::vector<int> tenths = different(ct.grid.voxels());
  std::vector<float> hu;
  for (const int v : tenths) hu.push_back(static_cast<float>(v) + 0.3F);
  std::string bytes(hu.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), hu.data(), bytes.size());
  write_nrrd(f.dir.file("ct.nrrd"), ct, ImageFrame::lps, "float", bytes);
  const Loaded a = load(f.dir, with_ct());
  EXPECT_EQ(a->scale()->detail(), 0.5e-3);
  int inside = 0;
  for_voxels(ct.grid, [&](std::size_t n, const Vec3& p) {
    if (a->part_at(p) < 0) return;
    ++inside;
    const Vec3 near{p[0] + 0.24e-3, p[1] - 0.49e-3, p[2] + 0.24e-3};
    EXPECT_NEAR(a->scale()->fraction(p), law(hu[n]), kStored);
    EXPECT_NEAR(a->scale()->fraction(near), law(hu[n]), kStored);
  });
  EXPECT_GT(inside, 500);
}

// Numbers of the detector with the scale and the shift of NIfTI, as converters write them.
TEST(BoneScale, TheScaleOfTheFileCounts) {
  const Files f(plain_volume());
  const std::vector<int> hu = different(24);
  Volume stored{f.labels_.grid, {}};
  for (const int v : hu) stored.labels.push_back(2 * (v + 1024));
  write_nifti(f.dir.file("ct.nii"), stored, {}, 512, 16, raw<std::uint16_t>(stored.labels));
  std::ifstream in(f.dir.file("ct.nii"), std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const float slope = 0.5F, shift = -1024;
  std::memcpy(&bytes[112], &slope, 4);
  std::memcpy(&bytes[116], &shift, 4);
  save(f.dir.file("ct.nii"), bytes);
  const Loaded a = load(f.dir, with_ct("ct.nii"));
  for_voxels(f.labels_.grid, [&](std::size_t n, const Vec3& p) {
    EXPECT_NEAR(a->scale()->fraction(p), law(hu[n]), kStored) << hu[n];
  });
}

TEST(BoneScale, PartsThatCannotBeScaled) {
  Volume v = plain_volume();
  v.labels[0] = 3;
  const Files f(v);
  f.ct(different(24));
  Given g = with_ct();
  g.sections["ct"].lists["parts"] = {"bodi", "liver"};
  expect_problems(f.dir, g,
                  {"ct.parts: the image has no part 'bodi'; did you mean 'body'?",
                   "ct.parts: 'liver' is of liver, expected a part of bone_cancellous or "
                   "bone_cortical"});
  const Files soft(plain_volume(3));
  soft.ct(different(24));
  expect_problems(soft.dir, with_ct(),
                  {"ct: there is nothing to scale: no part of the image is of bone_cancellous or "
                   "bone_cortical"});
}

TEST(BoneScale, EveryBoneOutsideOfTheCtIsNamed) {
  Volume v = plain_volume();
  for (std::size_t n = 0; n < 24; ++n) v.labels[n] = n % 4 < 2 ? 1 : 2;  // x below and above 3 mm
  const Files f(v);
  ImageGrid g = v.grid;
  g.size[0] = 3;  // up to 5 mm
  f.ct(different(18), g);
  expect_problems(f.dir, with_ct(),
                  {"ct.file: " + f.dir.file("ct.nrrd") +
                   ": voxels of bones lie outside this image, which reaches from -1.0 -1.0 -1.0 mm "
                   "to 5.0 5.0 3.0 mm: rib (6 of 12); leave these bones out of `ct.parts`"});
  Given body = with_ct();
  body.sections["ct"].lists["parts"] = {"body"};
  EXPECT_NE(load(f.dir, body)->scale(), nullptr);
}

TEST(BoneScale, ValuesThatAreNoCtNumbersCountInBonesOnly) {
  Volume v = plain_volume();
  v.labels[0] = 3;
  const Files f(v);
  std::vector<int> hu(24, 500);
  hu[0] = -2000;  // padding, in the liver
  hu[1] = -1024;
  hu[2] = 20000;
  f.ct(hu);
  EXPECT_NE(load(f.dir, with_ct())->scale(), nullptr);
  hu[1] = -1025;
  hu[2] = 20001;
  f.ct(hu);
  expect_problems(f.dir, with_ct(),
                  {"voxels of bones hold values outside -1024 to 20000 HU: body (2, the first is "
                   "-1025)"});
  std::vector<float> values(24, 500);
  values[7] = std::numeric_limits<float>::quiet_NaN();
  std::string bytes(values.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  write_nrrd(f.dir.file("ct.nrrd"), v, ImageFrame::lps, "float", bytes);
  write_meta(f.dir.file("ct.mha"), v, "MET_FLOAT", bytes);
  write_nifti(f.dir.file("ct.nii"), v, {}, 16, 32, bytes);
  for (const char* ct : {"ct.nrrd", "ct.mha", "ct.nii"})
    expect_problems(f.dir, with_ct(ct), {"body (1, the first is nan)"});
}

// Numbers of the detector have no -1000.
TEST(BoneScale, AnImageWithoutAirIsToldOf) {
  const Files f(plain_volume());
  for (const int least : {-1000, 24}) {
    std::vector<int> hu(24, 700);
    hu[3] = least;
    f.ct(hu);
    std::vector<std::string> said;
    log::to_console(log::Level::warning,
                    [&](log::Level, const std::string& line) { said.push_back(line); });
    load(f.dir, with_ct());
    log::to_console(log::Level::warning, {});
    ASSERT_EQ(said.size(), least < 0 ? 0U : 1U);
    if (least > 0) {
      EXPECT_NE(said[0].find("no voxel is below -200 HU"), std::string::npos) << said[0];
    }
  }
}

TEST(BoneScale, ProblemsOfTheFileAndOfTheThresholds) {
  const Files f(plain_volume());
  expect_problems(f.dir, with_ct("no.nrrd"),
                  {"ct.file: " + f.dir.file("no.nrrd") + ": there is no such file"});
  save(f.dir.file("ct.nrrd"), "NRRD0004\n");
  const auto broken = problems(f.dir, with_ct());
  EXPECT_FALSE(broken.empty());
  for (const auto& p : broken)
    EXPECT_EQ(p.rfind("ct.file: " + f.dir.file("ct.nrrd") + ": ", 0), 0U) << p;
  for (const double cortical : {200.0, 199.0, 201.0}) {
    BoneScale scale;
    Given g = with_ct().sections["ct"];
    g.reals["cortical"] = cortical;
    GivenKeys keys(g);
    scale.keys(keys);
    EXPECT_EQ(scale.check().size(), cortical > 200 ? 0U : 1U) << cortical;
  }
}

}  // namespace
}  // namespace thermodose::test
