// Implements: tests of the problems of label maps, and of the shipped maps.
#include <filesystem>

#include "base/log.h"
#include "label_fixture.h"

namespace thermodose::test {
namespace {

TEST(LabelProblems, EveryLabelWithoutATissueIsNamedWithItsVoxels) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  Volume v = plain_volume();
  for (int n = 0; n < 12; ++n) v.labels[static_cast<std::size_t>(n)] = 100 + n / 3;
  write_nrrd(dir.file("a.nrrd"), v);
  expect_problems(
      dir, usual("a.nrrd"),
      {"4 labels have no tissue in the map './map.yaml': 100 (3 voxels), 101 (3 voxels), "
       "102 (3 voxels), 103 (3 voxels)"});
}

TEST(LabelProblems, BackgroundIsNeededWhenThereIsSome) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  Volume v = plain_volume();
  for (std::size_t n = 0; n < 6; ++n) v.labels[n] = 0;
  write_nrrd(dir.file("a.nrrd"), v);
  Given g = usual("a.nrrd");
  g.texts.erase("background");
  expect_problems(dir, g, {"background: missing: 6 voxels (25 %) carry label 0"});
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  EXPECT_EQ(load(dir, g)->parts().size(), 1U);
}

TEST(LabelProblems, AllOfACaseAtOnce) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  Volume v = plain_volume();
  v.labels[0] = 0;
  v.labels[1] = 77;
  write_nrrd(dir.file("a.nrrd"), v);
  Given g = usual("a.nrrd");
  g.texts.erase("background");
  g.named["overrides"] = {{"livr", override_with("liver")}, {"0", override_with("fat")}};
  expect_problems(dir, g,
                  {"overrides.livr: the map './map.yaml' has no structure 'livr'; did you mean "
                   "'liver'?",
                   "overrides.0: the tissue of label 0 is the key 'background'"});
  g.named.clear();
  expect_problems(dir, g, {"background: missing: 1 voxels", "map: " + dir.file("a.nrrd")});
  g.texts["file"] = "no.nrrd";
  g.texts["map"] = "totalsegmentatr";
  expect_problems(dir, g,
                  {"map: unknown map 'totalsegmentatr'; known: totalsegmentator",
                   "file: " + dir.file("no.nrrd") + ": there is no such file"});
}

TEST(LabelProblems, OfOverrides) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  Given g = usual("a.nrrd");
  g.named["overrides"] = {{"liver", override_with("fat")},
                          {"1", override_with("bile")},
                          {"2", override_with("fat", "liver")},
                          {"3", override_with("fat", "a vein")},
                          {"4", override_with("fat", "background")}};
  expect_problems(dir, g,
                  {"overrides.1: label 1 is overridden twice",
                   "overrides.2.name: label 1 is named 'liver' already",
                   "overrides.3.name: found 'a vein', expected letters",
                   "overrides.4.name: label 0 is named 'background'"});
}

TEST(LabelProblems, AnOverrideOfALabelThatDoesNotOccurIsSaid) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  Given g = usual("a.nrrd");
  g.named["overrides"] = {{"liver", override_with("fat")},
                          {"kidney", override_with("fat")},
                          {"8", override_with("fat", "lesion_2")}};
  std::vector<std::string> said;
  log::to_console(log::Level::warning,
                  [&](log::Level, const std::string& line) { said.push_back(line); });
  load(dir, g);
  log::to_console(log::Level::warning, {});
  ASSERT_EQ(said.size(), 2U);
  EXPECT_NE(said[0].find("no voxel carries label 2 (kidney)"), std::string::npos) << said[0];
  EXPECT_NE(said[1].find("no voxel carries label 8 (lesion_2)"), std::string::npos) << said[1];
}

TEST(LabelProblems, LabelsOfTheMapWithoutVoxelsAreKnown) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  Volume v = plain_volume();
  v.labels[23] = 2;  // (3, 2, 1)
  write_nrrd(dir.file("a.nrrd"), v);
  Given g = usual("a.nrrd");
  Loaded whole = load(dir, g);
  EXPECT_EQ(whole->why_absent("liver"), "");
  EXPECT_EQ(whole->why_absent("kidney"), "");
  EXPECT_EQ(whole->why_absent("spleen"), "") << "no label at all";
  EXPECT_EQ(whole->why_absent("vein"),
            "'vein' is label 3 of the map './map.yaml', but no voxel of "
            "the image " +
                dir.file("a.nrrd") + " carries it");
  g.sections["crop"].points = {{"around", {0, 0, 0}}, {"size", {0.006, 0.006, 0.002}}};
  const Loaded cut = load(dir, g);
  EXPECT_EQ(cut->part_names(), (std::vector<std::string>{"liver"}));
  EXPECT_EQ(cut->why_absent("kidney"),
            "'kidney' is label 2 of the map './map.yaml', but no voxel of the crop (there are some "
            "outside of it) carries it");
}

TEST(LabelProblems, OfTheCrop) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  Given g = usual("a.nrrd");
  g.sections["crop"].points = {{"around", {0.1, 0, 0}}, {"size", {0.02, 0.02, 0.02}}};
  expect_problems(dir, g,
                  {"crop: the box from 90 -10 -10 mm to 110 10 10 mm lies outside the image, which "
                   "reaches from -7 -5 -1 mm to 1 1 3 mm (RAS)"});
}

TEST(LabelProblems, OfTheMapFile) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume());
  const Given g = usual("a.nrrd");
  expect_problems(dir, g, {"map: there is no file " + dir.file("map.yaml")});
  const auto with = [&](const std::string& map, const std::vector<std::string>& expected) {
    SCOPED_TRACE(map.substr(0, 100));
    dir.write("map.yaml", map);
    expect_problems(dir, g, expected);
  };
  with("labels: [1, 2]\n", {"map.yaml:1: labels: missing; expected a map"});
  with("labels: " + std::string(5000, '[') + "\n", {"nested too deeply; expected a map such as"});
  with("- 1\n", {"map.yaml:1: expected a map with the key 'labels'"});
  with("title: x\nlabels: {1: {name: a\n", {"map.yaml:3: not YAML"});
  with(
      "titel: x\n"
      "labels:\n"
      "  0: {name: a, tissue: fat}\n"
      "  1.5: {name: b, tissue: fat}\n"
      "  2: liver\n"
      "  3: {name: c, tisue: fat}\n"
      "  4: {name: 'a b', tissue: fat}\n"
      "  5: {name: d, tissue: fat}\n"
      "  6: {name: d, tissue: fat}\n"
      "  5: {name: e, tissue: fat}\n"
      "  7: {name: background, tissue: fat}\n",
      {"map.yaml:1: titel: unknown key; allowed here: title, source and labels; did you mean "
       "'title'?",
       "map.yaml:3: labels.0: label 0 is what no structure owns",
       "map.yaml:4: labels.1.5: found '1.5', expected a whole number",
       "map.yaml:5: labels.2: expected {name: ..., tissue: ...}",
       "map.yaml:6: labels.3.tisue: unknown key", "map.yaml:6: labels.3.tissue: missing",
       "map.yaml:7: labels.4.name: found 'a b', expected letters",
       "map.yaml:9: labels.6.name: a second label is named 'd'",
       "map.yaml:10: labels.5: the label appears twice",
       "map.yaml:11: labels.7.name: a second label is named 'background'"});
}

TEST(LabelProblems, OfTheImageComeWithTheKeyOfTheFile) {
  const Scratch dir;
  dir.write("map.yaml", kMap);
  dir.write("a.nii.gz", "no image");
  expect_problems(dir, usual("a.nii.gz"),
                  {"file: " + dir.file("a.nii.gz") + ": it is no NIfTI-1 file"});
}

// --- the shipped map -------------------------------------------------------------------------

TEST(ShippedMaps, TotalSegmentatorHasATissueOfTheLibraryForEachOfIts117Classes) {
  const std::string materials = std::string(THERMODOSE_SOURCE_DIR) + "/materials/";
  std::vector<Problem> found;
  const LabelMap map = read_label_map(materials + "maps/totalsegmentator.yaml", found);
  for (const auto& p : found) ADD_FAILURE() << p.text();
  ASSERT_EQ(map.labels.size(), 117U);
  std::int64_t next = 1;
  for (const auto& [label, entry] : map.labels) {
    EXPECT_EQ(label, next++);
    EXPECT_TRUE(std::filesystem::exists(materials + entry.tissue + ".yaml"))
        << entry.name << ": " << entry.tissue;
  }
  // Landmarks of the class list of version 2, from its beginning to its end.
  const std::vector<std::pair<int, std::string>> classes{{1, "spleen"},
                                                         {5, "liver"},
                                                         {16, "trachea"},
                                                         {20, "colon"},
                                                         {25, "sacrum"},
                                                         {27, "vertebrae_L5"},
                                                         {50, "vertebrae_C1"},
                                                         {51, "heart"},
                                                         {52, "aorta"},
                                                         {63, "inferior_vena_cava"},
                                                         {64, "portal_vein_and_splenic_vein"},
                                                         {79, "spinal_cord"},
                                                         {90, "brain"},
                                                         {91, "skull"},
                                                         {92, "rib_left_1"},
                                                         {104, "rib_right_1"},
                                                         {116, "sternum"},
                                                         {117, "costal_cartilages"}};
  for (const auto& [label, name] : classes) EXPECT_EQ(map.labels.at(label).name, name);
}

TEST(ShippedMaps, AreFoundByName) {
  const Scratch dir;
  write_nrrd(dir.file("a.nrrd"), plain_volume(63));
  Given g;
  g.texts = {{"file", "a.nrrd"}, {"map", "totalsegmentator"}};
  const Loaded a = load(dir, g);
  EXPECT_EQ(a->parts().at(0).name, "inferior_vena_cava");
  EXPECT_EQ(a->parts().at(0).tissue, "blood");
}

}  // namespace
}  // namespace thermodose::test
