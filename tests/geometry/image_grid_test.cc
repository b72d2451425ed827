// Implements: tests of voxels in space: nearest voxel, faces, frames, boxes.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "label_files.h"

namespace thermodose::test {
namespace {

/// Nearest voxel by comparing the distances to all centres; -1 outside the faces.
std::ptrdiff_t nearest(const ImageGrid& g, ImageFrame frame, const Vec3& p) {
  double best = HUGE_VAL;
  std::array<int, 3> at{};
  for (int k = 0; k < g.size[2]; ++k) {
    for (int j = 0; j < g.size[1]; ++j) {
      for (int i = 0; i < g.size[0]; ++i) {
        const Vec3 c = g.point({double(i), double(j), double(k)}, frame);
        if (norm(p - c) < best) {
          best = norm(p - c);
          at = {i, j, k};
        }
      }
    }
  }
  const Vec3 centre = g.point({double(at[0]), double(at[1]), double(at[2])}, frame);
  for (std::size_t d = 0; d < 3; ++d) {
    Vec3 step{};
    step[d] = 1;
    const Vec3 along = g.point(step, frame) - g.point({}, frame);
    if (std::fabs(dot(p - centre, along)) > 0.5 * dot(along, along)) return -1;
  }
  return at[0] + std::ptrdiff_t(g.size[0]) * (at[1] + std::ptrdiff_t(g.size[1]) * at[2]);
}

TEST(ImageGrid, APointBelongsToTheNearestVoxelOfATurnedFlippedAnisotropicImage) {
  const ImageGrid g = tilted_volume().grid;
  std::mt19937 random(3);
  for (const ImageFrame frame : {ImageFrame::ras, ImageFrame::lps}) {
    const VoxelLookup lookup(g, frame, whole(g));
    const BoundingBox box = bounds(g, frame, whole(g));
    int inside = 0;
    for (int n = 0; n < 20000; ++n) {
      Vec3 p{};
      for (std::size_t d = 0; d < 3; ++d) {
        p[d] = std::uniform_real_distribution<double>(box.lower[d] - 1e-3,
                                                      box.upper[d] + 1e-3)(random);
      }
      const auto expected = nearest(g, frame, p);
      ASSERT_EQ(lookup.at(p), expected) << p[0] << " " << p[1] << " " << p[2];
      inside += expected >= 0 ? 1 : 0;
    }
    EXPECT_GT(inside, 2000);
    EXPECT_LT(inside, 15000);
  }
}

TEST(ImageGrid, RoundingOfAHeaderDoesNotMoveVoxels) {
  // Directions with four digits: at the far end of 2000 voxels a transposed matrix is 0.1 voxels
  // off, the inverse is not.
  ImageGrid g = plain_volume().grid;
  g.size = {2000, 2, 2};
  g.axes = {Vec3{1, 5e-5, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  ASSERT_TRUE(grid_problems(g).empty());
  const VoxelLookup lookup(g, ImageFrame::ras, whole(g));
  EXPECT_EQ(lookup.at(g.point({1999, 0.45, 0}, ImageFrame::ras)), 1999);
  EXPECT_EQ(lookup.at(g.point({1999, 0.55, 0}, ImageFrame::ras)), 3999);
}

TEST(ImageGrid, RasAndLpsDifferByTheSignsOfXAndY) {
  const ImageGrid g = tilted_volume().grid;
  const Vec3 lps = g.point({}, ImageFrame::lps), ras = g.point({}, ImageFrame::ras);
  EXPECT_LT(norm(lps - Vec3{-20.5e-3, 31.25e-3, 102e-3}), 1e-15);
  EXPECT_LT(norm(ras - Vec3{20.5e-3, -31.25e-3, 102e-3}), 1e-15);
}

TEST(ImageGrid, FacesBelongToTheImageAndNothingBeyond) {
  ImageGrid g = plain_volume().grid;  // faces at -1 and 7 mm along x
  g.origin = {0.1, 0, 0};
  const VoxelLookup lookup(g, ImageFrame::lps, whole(g));
  EXPECT_EQ(lookup.at({-0.9e-3, 0, 0}), 0);
  EXPECT_EQ(lookup.at({7.1e-3, 0, 0}), 3);
  EXPECT_EQ(lookup.at({-0.901e-3, 0, 0}), -1);
  EXPECT_EQ(lookup.at({7.101e-3, 0, 0}), -1);
  EXPECT_EQ(lookup.at({7.1e-3, 5e-3, 3e-3}), 23);
  EXPECT_EQ(lookup.at({std::nan(""), 0, 0}), -1);
  EXPECT_EQ(lookup.at({0, 0, HUGE_VAL}), -1);
}

TEST(ImageGrid, BoundsAreThoseOfTheOuterFaces) {
  const BoundingBox b = bounds(plain_volume().grid, ImageFrame::ras, {{1, 0, 0}, {3, 3, 1}});
  // i = 1, 2 spans 1 to 5 mm to the left, so -5 to -1 to the right.
  const Vec3 lower{-5e-3, -5e-3, -1e-3}, upper{-1e-3, 1e-3, 1e-3};
  for (std::size_t d = 0; d < 3; ++d) {
    EXPECT_NEAR(b.lower[d], lower[d], 1e-15);
    EXPECT_NEAR(b.upper[d], upper[d], 1e-15);
  }
}

TEST(ImageGrid, ABoxIsRoundedOutwardsToWholeVoxels) {
  const ImageGrid g = plain_volume().grid;
  const auto cut = [&](double lower, double upper) {
    return voxels_around(g, ImageFrame::lps, {{lower, 0, 0}, {upper, 1e-4, 1e-4}});
  };
  EXPECT_EQ(cut(0.9e-3, 1.1e-3).lower[0], 0);
  EXPECT_EQ(cut(0.9e-3, 1.1e-3).upper[0], 2);
  EXPECT_EQ(cut(1e-3, 3e-3).lower[0], 1) << "a face on the border";
  EXPECT_EQ(cut(1e-3, 3e-3).upper[0], 2);
  EXPECT_EQ(cut(-1, 1).size(), (std::array<int, 3>{4, 1, 1}));
  EXPECT_TRUE(cut(8e-3, 9e-3).empty());
  EXPECT_EQ(cut(8e-3, 9e-3).voxels(), 0U);
}

TEST(ImageGrid, ACutHoldsEveryPointOfTheBox) {
  const ImageGrid g = tilted_volume().grid;
  const Vec3 middle = g.point({2, 1.5, 2.5}, ImageFrame::ras), half{1e-3, 1e-3, 2e-3};
  const VoxelBox box = voxels_around(g, ImageFrame::ras, {middle - half, middle + half});
  ASSERT_LT(box.voxels(), g.voxels());
  const VoxelLookup all(g, ImageFrame::ras, whole(g)), some(g, ImageFrame::ras, box);
  std::mt19937 random(4);
  std::uniform_real_distribution<double> unit(-1, 1);
  const auto size = box.size();
  for (int n = 0; n < 5000; ++n) {
    const Vec3 p =
        middle + Vec3{half[0] * unit(random), half[1] * unit(random), half[2] * unit(random)};
    const auto outer = all.at(p), inner = some.at(p);
    ASSERT_GE(inner, 0);
    const auto i = inner % size[0] + box.lower[0], j = inner / size[0] % size[1] + box.lower[1],
               k = inner / size[0] / size[1] + box.lower[2];
    ASSERT_EQ(i + g.size[0] * (j + g.size[1] * k), outer);
  }
}

TEST(ImageGrid, VolumeOfAVoxelHasNoSign) {
  EXPECT_NEAR(tilted_volume().grid.voxel_volume(), 7e-9, 1e-20);
}

TEST(ImageGrid, EveryProblemIsTold) {
  EXPECT_TRUE(grid_problems(tilted_volume().grid).empty());
  ImageGrid g = plain_volume().grid;
  g.spacing = {0, -1, std::nan("")};
  g.size[2] = 0;
  g.origin[0] = std::nan("");
  EXPECT_EQ(grid_problems(g).size(), 5U);
  g = plain_volume().grid;
  g.axes[1] = {0.001, 1, 0};
  ASSERT_EQ(grid_problems(g).size(), 1U);
  EXPECT_NE(grid_problems(g)[0].find("right angles"), std::string::npos);
  g.axes[1] = {1, 0, 0};
  ASSERT_EQ(grid_problems(g).size(), 1U);
  EXPECT_NE(grid_problems(g)[0].find("cannot be inverted"), std::string::npos);
  g.axes[1] = {0, 1 + 1e-3, 0};
  EXPECT_EQ(grid_problems(g).size(), 1U);
  g.axes[1] = {1e-6, 1, 0};  // rounding of a header
  EXPECT_TRUE(grid_problems(g).empty());
}

}  // namespace
}  // namespace thermodose::test
