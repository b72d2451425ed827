// Implements: tests of label maps as anatomies: parts, frames, crops, overrides.
#include <thread>

#include "geometry/image_io.h"
#include "label_fixture.h"

namespace thermodose::test {
namespace {

/// The name of the part at the centre of every voxel.
std::vector<std::string> names_at(const LabelAnatomy& a, const ImageGrid& g, ImageFrame frame) {
  std::vector<std::string> out;
  for (int k = 0; k < g.size[2]; ++k) {
    for (int j = 0; j < g.size[1]; ++j) {
      for (int i = 0; i < g.size[0]; ++i) {
        const int part = a.part_at(g.point({double(i), double(j), double(k)}, frame));
        out.push_back(part < 0 ? "" : a.parts()[static_cast<std::size_t>(part)].name);
      }
    }
  }
  return out;
}

std::vector<std::string> expected_names(const Volume& v) {
  const std::vector<std::string> names{"background", "liver", "kidney", "vein",
                                       "rib",        "colon", "lesion"};
  std::vector<std::string> out;
  for (const int label : v.labels) out.push_back(names[static_cast<std::size_t>(label)]);
  return out;
}

TEST(LabelAnatomy, EveryFormatHasTheSamePartsAtTheSamePoints) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  const Volume v = tilted_volume();
  write_nifti(dir.file("a.nii"), v);
  write_nrrd(dir.file("lps.nrrd"), v, ImageFrame::lps);
  write_nrrd(dir.file("ras.nrrd"), v, ImageFrame::ras);
  write_meta(dir.file("a.mha"), v);
  write_image(dir.file("a.nii.gz"), v.grid,
              std::vector<std::uint16_t>(v.labels.begin(), v.labels.end()), "");
  for (const std::string name : {"a.nii", "a.nii.gz", "lps.nrrd", "ras.nrrd", "a.mha"}) {
    SCOPED_TRACE(name);
    Given g = usual(name);
    EXPECT_EQ(names_at(*load(dir, g), v.grid, ImageFrame::ras), expected_names(v))
        << "default: RAS";
    g.texts["frame"] = "LPS";
    EXPECT_EQ(names_at(*load(dir, g), v.grid, ImageFrame::lps), expected_names(v));
  }
}

TEST(LabelAnatomy, PartsHaveTissuesAndTheVolumeOfTheirVoxels) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  const Volume v = tilted_volume();
  write_nrrd(dir.file("a.nrrd"), v);
  const Loaded a = load(dir, usual("a.nrrd"));
  ASSERT_EQ(a->parts().size(), 7U);
  const std::vector<std::string> tissues{"fat",           "liver", "kidney",      "blood",
                                         "bone_cortical", "air",   "liver_tumour"};
  double total = 0;
  for (std::size_t n = 0; n < 7; ++n) {
    EXPECT_EQ(a->parts()[n].tissue, tissues[n]);
    const auto voxels = std::count(v.labels.begin(), v.labels.end(), static_cast<int>(n));
    EXPECT_NEAR(a->parts()[n].volume, 7e-9 * static_cast<double>(voxels), 1e-18);
    total += a->parts()[n].volume;
  }
  EXPECT_NEAR(total, 120 * 7e-9, 1e-17);
  EXPECT_DOUBLE_EQ(a->resolution(), 1e-3);
  EXPECT_EQ(a->grid().size, v.grid.size);
}

TEST(LabelAnatomy, OutsideTheImageThereIsNoPart) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  write_nrrd(dir.file("a.nrrd"), plain_volume());  // LPS: x -1..7, y -1..5, z -1..3 mm
  const Loaded a = load(dir, usual("a.nrrd"));
  EXPECT_EQ(a->part_at({-6.9e-3, -4.9e-3, 2.9e-3}), 0);
  EXPECT_EQ(a->part_at({-7.1e-3, -4.9e-3, 2.9e-3}), -1);
  EXPECT_EQ(a->part_at({6.9e-3, 4.9e-3, 2.9e-3}), -1) << "LPS, but the case is RAS";
  EXPECT_NEAR(a->bounds().lower[0], -7e-3, 1e-15);
  EXPECT_NEAR(a->bounds().upper[0], 1e-3, 1e-15);
}

TEST(LabelAnatomy, ManyPartsAreToldApart) {
  const Scratch dir;
  Volume v = plain_volume();
  v.grid.size = {20, 10, 3};
  std::string map = "labels:\n";
  v.labels.clear();
  for (int n = 1; n <= 600; ++n) {
    v.labels.push_back(n);
    map += "  " + std::to_string(n) + ": {name: p" + std::to_string(n) + ", tissue: fat}\n";
  }
  dir.write("map.yaml", map);
  write_nrrd(dir.file("a.nrrd"), v, ImageFrame::lps, "int16", raw<std::int16_t>(v.labels));
  const Loaded a = load(dir, usual("a.nrrd"));
  ASSERT_EQ(a->parts().size(), 600U);
  const auto names = names_at(*a, v.grid, ImageFrame::ras);
  for (std::size_t n = 0; n < 600; ++n) ASSERT_EQ(names[n], "p" + std::to_string(n + 1));
}

TEST(LabelAnatomy, ACropUsesTheVoxelsOfItsBoxOnly) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  Volume v = plain_volume();
  v.labels[0] = 0;   // outside the crop: no background is needed
  v.labels[23] = 9;  // outside too: no tissue is needed
  v.labels[5] = 2;   // voxel (1, 1, 0)
  write_nrrd(dir.file("a.nrrd"), v);
  Given g = usual("a.nrrd");
  g.texts.erase("background");
  g.texts["frame"] = "LPS";
  g.sections["crop"].points = {{"around", {3e-3, 2e-3, 0}}, {"size", {3e-3, 1e-3, 1e-3}}};
  const Loaded a = load(dir, g);
  EXPECT_EQ(a->crop().lower, (std::array<int, 3>{1, 1, 0}));
  EXPECT_EQ(a->crop().upper, (std::array<int, 3>{3, 2, 1}));
  ASSERT_EQ(a->parts().size(), 2U);
  EXPECT_NEAR(a->parts()[0].volume, 8e-9, 1e-18);
  EXPECT_EQ(a->parts()[static_cast<std::size_t>(a->part_at({2e-3, 2e-3, 0}))].name, "kidney");
  EXPECT_EQ(a->parts()[static_cast<std::size_t>(a->part_at({4e-3, 2e-3, 0}))].name, "liver");
  EXPECT_EQ(a->part_at({0.9e-3, 2e-3, 0}), -1);
  EXPECT_NEAR(a->bounds().lower[0], 1e-3, 1e-15);
  EXPECT_NEAR(a->bounds().upper[2], 1e-3, 1e-15);
}

TEST(LabelAnatomy, OverridesByNameAndByNumber) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  Volume v = plain_volume();
  v.labels[3] = 200;
  v.labels[4] = 2;
  v.labels[5] = 201;
  write_nrrd(dir.file("a.nrrd"), v);
  Given g = usual("a.nrrd");
  g.named["overrides"] = {{"liver", override_with("liver_cirrhotic")},
                          {"2", override_with("kidney_tumour", "mass")},
                          {"200", override_with("liver_tumour", "hcc")},
                          {"201", override_with("bile")}};
  const Loaded a = load(dir, g);
  ASSERT_EQ(a->parts().size(), 4U);
  const std::vector<std::pair<std::string, std::string>> expected{{"liver", "liver_cirrhotic"},
                                                                  {"mass", "kidney_tumour"},
                                                                  {"hcc", "liver_tumour"},
                                                                  {"label_201", "bile"}};
  for (std::size_t n = 0; n < 4; ++n) {
    EXPECT_EQ(a->parts()[n].name, expected[n].first);
    EXPECT_EQ(a->parts()[n].tissue, expected[n].second);
  }
}

TEST(LabelAnatomy, WithoutAMapTheOverridesNameEverything) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume(7));
  Given g;
  g.texts["file"] = "a.nrrd";
  expect_problems(dir, g,
                  {"overrides: " + dir.file("a.nrrd") + ": 1 label has no tissue: 7 (24 vo"});
  g.named["overrides"] = {{"7", override_with("liver")}};
  EXPECT_EQ(load(dir, g)->parts().at(0).name, "label_7");
  g.named["overrides"] = {{"liver", override_with("liver")}};
  expect_problems(dir, g, {"overrides.liver: found 'liver', expected the number of a label"});
}

TEST(LabelAnatomy, PointsAreLookedUpFromSeveralThreads) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  const Volume v = tilted_volume();
  write_nrrd(dir.file("a.nrrd"), v);
  const Loaded a = load(dir, usual("a.nrrd"));
  std::vector<std::vector<std::string>> found(4);
  std::vector<std::thread> threads;
  for (auto& names : found) {
    threads.emplace_back([&] { names = names_at(*a, v.grid, ImageFrame::ras); });
  }
  for (auto& t : threads) t.join();
  for (const auto& names : found) EXPECT_EQ(names, expected_names(v));
}

}  // namespace
}  // namespace thermodose::test
