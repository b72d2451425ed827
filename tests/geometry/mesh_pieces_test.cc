// Implements: tests of meshes from files that are in pieces or have cavities: pieces that touch at
// nodes only are refused, pieces apart and cavities without a condition of their own are said.
#include "geometry/mesh_pieces.h"

#include <gtest/gtest.h>

#include "geometry/hex_mesh.h"
#include "geometry/ring_mesh.h"
#include "hex_files.h"

namespace thermodose::test {
namespace {

using Strings = std::vector<std::string>;

/// 4 x 4 x 4 cells of 1 mm.
HexPlan cube() {
  HexPlan plan;
  plan.x = plan.y = plan.z = steps(0, 4, 4);
  return plan;
}

/// 4 x 4 cells of 1 mm.
MshPlan square() {
  MshPlan plan;
  plan.x = steps(0, 4, 4);
  plan.y = steps(-2, 2, 4);
  return plan;
}

struct Told {
  Strings problems, notes;
};

Told look(const HexPlan& plan) {
  Told told;
  told.notes = make_hex_mesh(parse_msh("a.msh", HexText(plan).v4()), 1e-3, told.problems).notes;
  return told;
}

Told look(const MshPlan& plan) {
  Told told;
  told.notes = make_ring_mesh(parse_msh("a.msh", MshText(plan).v2()), 1e-3, told.problems).notes;
  return told;
}

TEST(MeshPieces, OnePieceIsNothingToSay) {
  for (const Told& told : {look(cube()), look(square())}) {
    EXPECT_EQ(told.problems, Strings{});
    EXPECT_EQ(told.notes, Strings{});
  }
}

TEST(MeshPieces, PiecesThatAreApartAreSaid) {
  HexPlan plan = cube();
  plan.hole = [](const Vec3& p) { return p[0] > 1 && p[0] < 2; };
  Told told = look(plan);
  EXPECT_EQ(told.problems, Strings{});
  EXPECT_EQ(told.notes, (Strings{"the mesh is in 2 pieces that share no face, so that no heat "
                                 "passes between them: 32 cells from (2, 0, 0) to (4, 4, 4) mm, 16 "
                                 "cells from (0, 0, 0) to (1, 4, 4) mm"}));
  MshPlan flat = square();
  flat.hole = [](const Flat& p) { return p[1] > 0 && p[1] < 1; };
  told = look(flat);
  EXPECT_EQ(told.problems, Strings{});
  EXPECT_EQ(told.notes, (Strings{"the mesh is in 2 pieces that share no edge, so that no heat "
                                 "passes between them: 8 cells from (0, -2) to (4, 0) mm, 4 cells "
                                 "from (0, 1) to (4, 2) mm"}));
}

TEST(MeshPieces, OnlySomeOfManyPiecesAreNamed) {
  HexPlan plan = cube();
  plan.x = steps(0, 15, 15);
  plan.hole = [](const Vec3& p) { return int(p[0]) % 2 == 1; };
  const Strings notes = look(plan).notes;
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].find("the mesh is in 8 pieces"), 0U) << notes[0];
  EXPECT_NE(notes[0].find("from (8, 0, 0) to (9, 4, 4) mm, 3 more"), std::string::npos) << notes[0];
}

TEST(MeshPieces, PiecesThatTouchWithoutAFaceAreRefused) {
  const Strings common{"nodes are all that holds pieces of the mesh together, which share no "};
  HexPlan edge = cube();  // along the line x = y = 2
  edge.hole = [](const Vec3& p) { return (p[0] > 2) != (p[1] > 2); };
  Told told = look(edge);
  ASSERT_EQ(told.problems.size(), 1U);
  EXPECT_EQ(
      told.problems[0],
      "5 " + common[0] +
          "face: join them at faces, or move them apart; the mesh is in 2 pieces: 16 cells "
          "from (0, 0, 0) to (2, 2, 4) mm, 16 cells from (2, 2, 0) to (4, 4, 4) mm; the first "
          "at x = 2, y = 2, z = 0 mm");
  MshPlan corner = square();
  corner.hole = [](const Flat& p) { return (p[0] > 2) != (p[1] > 0); };
  told = look(corner);
  ASSERT_EQ(told.problems.size(), 1U);
  EXPECT_EQ(told.problems[0],
            "1 " + common[0] +
                "edge: join them at edges, or move them apart; the mesh is in 2 pieces: 4 cells "
                "from (0, -2) to (2, 0) mm, 4 cells from (2, 0) to (4, 2) mm; the first at x = 2, "
                "y = 0 mm");
}

TEST(MeshPieces, ACavityWithoutAGroupIsSaid) {
  HexPlan plan = cube();
  plan.hole = [](const Vec3& p) {
    return p[0] > 1 && p[0] < 3 && p[1] > 1 && p[1] < 2 && p[2] > 1 && p[2] < 2;
  };
  Told told = look(plan);
  EXPECT_EQ(told.problems, Strings{});
  EXPECT_EQ(told.notes,
            (Strings{"a cavity inside the mesh has faces in no physical group, which take the "
                     "condition of `all`: 10 faces from (1, 1, 1) to (3, 2, 2) mm; give them a "
                     "group and a condition of their own"}));
  plan.face_group = [](const Vec3& p) { return p[0] == 1 ? "probe" : ""; };  // one face of them
  told = look(plan);
  ASSERT_EQ(told.notes.size(), 1U);
  EXPECT_NE(told.notes[0].find("9 faces from"), std::string::npos) << told.notes[0];
  plan.face_group = [](const Vec3&) { return "all"; };
  EXPECT_EQ(look(plan).notes, Strings{});
}

// A needle on the axis, a ring beside it; what is open to the outside is no cavity.
TEST(MeshPieces, CavitiesOfRingsAreOnTheAxisAsWell) {
  MshPlan plan = square();
  plan.hole = [](const Flat& p) { return p[0] < 1 && std::abs(p[1]) < 1; };
  Told told = look(plan);
  ASSERT_EQ(told.notes.size(), 1U);
  EXPECT_NE(told.notes[0].find("4 edges from (0, -1) to (1, 1) mm"), std::string::npos)
      << told.notes[0];
  plan.hole = [](const Flat& p) {
    return (p[0] < 1 && std::abs(p[1]) < 1) || (p[0] > 2 && p[0] < 3 && p[1] > 0 && p[1] < 1);
  };
  told = look(plan);
  ASSERT_EQ(told.notes.size(), 1U);
  EXPECT_EQ(told.notes[0].find("each of 2 cavities inside the mesh has edges in no"), 0U)
      << told.notes[0];
  plan.hole = [](const Flat& p) { return p[0] < 1 && p[1] > -1; };
  EXPECT_EQ(look(plan).notes, Strings{});
}

// A channel through the block is part of its outside; a cavity in the smaller of two pieces is not.
TEST(MeshPieces, ChannelsAndPiecesWithCavities) {
  HexPlan plan = cube();
  plan.hole = [](const Vec3& p) { return p[0] > 1 && p[0] < 2 && p[1] > 1 && p[1] < 2; };
  EXPECT_EQ(look(plan).notes, Strings{});
  plan.x = steps(0, 10, 10);
  plan.hole = [](const Vec3& p) {
    const bool inside = p[1] > 1 && p[1] < 2 && p[2] > 1 && p[2] < 2;
    return (p[0] > 3 && p[0] < 4) || (inside && p[0] > 1 && p[0] < 2);
  };
  const Strings notes = look(plan).notes;
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0].find("the mesh is in 2 pieces"), 0U) << notes[0];
  EXPECT_NE(notes[1].find("6 faces from (1, 1, 1) to (2, 2, 2) mm"), std::string::npos) << notes[1];
}

}  // namespace
}  // namespace thermodose::test
