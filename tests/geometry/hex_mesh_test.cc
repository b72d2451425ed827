// Implements: tests of meshes of hexahedra from files: volumes, outer faces, which cell a point is
// in, and every reason for which a mesh is refused.
#include "geometry/hex_mesh.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"
#include "geometry/hex_locator.h"
#include "hex_files.h"

namespace thermodose::test {
namespace {

/// A block with a channel through it, skewed in a part, of two tissues.
HexPlan block() {
  HexPlan plan;
  plan.x = steps(0, 4, 8);
  plan.y = steps(-1, 2, 6);
  plan.z = steps(0, 5, 5);
  plan.bend = [inner = skewed_box({1, -1, 0}, {4, 2, 5}, 0.05)](const Vec3& p) {
    return p[0] > 1 ? inner(p) : p;
  };
  plan.hole = [](const Vec3& p) { return p[0] < 1 && p[1] < 0 && p[1] > -0.5; };
  plan.cell_group = [](const Vec3& p) { return p[0] < 1 ? "near" : "far"; };
  plan.face_group = [](const Vec3& p) {
    return p[0] == 4 ? "side" : p[0] == 1 && p[1] > 1.4 ? "inside" : p[0] == 1 ? "end" : "";
  };
  return plan;
}

std::string joined(const std::vector<std::string>& problems) {
  std::string told;
  for (const auto& p : problems) told += (told.empty() ? "" : " | ") + p;
  return told;
}

HexMesh good(const HexPlan& plan, double metres = 1e-3) {
  std::vector<std::string> problems;
  HexMesh mesh = make_hex_mesh(parse_msh("a.msh", HexText(plan).v4()), metres, problems);
  EXPECT_EQ(joined(problems), "");
  return mesh;
}

std::string refusal(const MshFile& file) {
  std::vector<std::string> problems;
  make_hex_mesh(file, 1e-3, problems);
  return joined(problems);
}

MshFile plain() { return parse_msh("a.msh", HexText(block()).v2()); }

TEST(HexMesh, BothVersionsHoldTheSame) {
  const HexText text(block());
  const MshFile old = parse_msh("a.msh", text.v2()), now = parse_msh("a.msh", text.v4());
  EXPECT_EQ(old.points, now.points);
  EXPECT_EQ(old.names, now.names);
  ASSERT_EQ(old.hexes.size(), 8U * 6 * 5 - 2 * 5);
  ASSERT_EQ(now.hexes.size(), old.hexes.size());
  ASSERT_EQ(now.quads.size(), old.quads.size());
  for (std::size_t c = 0; c < old.hexes.size(); ++c) {
    EXPECT_EQ(old.hexes[c].nodes, now.hexes[c].nodes);
    EXPECT_EQ(old.hexes[c].group, now.hexes[c].group);
  }
}

TEST(HexMesh, VolumesAndOuterFacesAreThoseOfTheDrawing) {
  const HexMesh mesh = good(block());
  double all = 0;
  std::map<int, double> part;
  for (std::size_t c = 0; c < mesh.cell_group.size(); ++c) {
    EXPECT_GT(mesh.volume(c), 0);
    all += mesh.volume(c);
    part[mesh.cell_group[c]] += mesh.volume(c);
  }
  EXPECT_NEAR(all, (60 - 2.5) * 1e-9, 1e-20);
  ASSERT_EQ(part.size(), 2U);
  EXPECT_NEAR(std::min(part.begin()->second, part.rbegin()->second), (15 - 2.5) * 1e-9, 1e-20);
  // Faces of a closed body: the normals sum to nothing, and their flux of x is the volume thrice.
  Vec3 normals{};
  std::map<int, int> faces;
  for (const OuterFace& f : mesh.boundary) {
    ++faces[f.group];
    Vec3 middle{};
    std::array<Vec3, 4> c{};
    for (std::size_t i = 0; i < 4; ++i) {
      c[i] = mesh.points[std::size_t(f.nodes[i])];
      middle = middle + 0.25 * c[i];
    }
    const Vec3 a = c[3] - c[0], b = c[2] - c[1];
    const Vec3 n{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    for (std::size_t d = 0; d < 3; ++d) normals[d] += std::abs(0.5 * n[d]);
  }
  // x_min, x_max and the end of the channel; its long walls; the ends of the block.
  EXPECT_NEAR(normals[0], (15 - 2.5 + 15 + 2.5) * 1e-6, 1e-16);
  EXPECT_NEAR(normals[1], (20 + 20 + 2 * 5) * 1e-6, 1e-16);
  EXPECT_NEAR(normals[2], 2 * (12 - 0.5) * 1e-6, 1e-16);
  ASSERT_EQ(faces.size(), 3U) << "side, end of the channel, none";
  EXPECT_EQ(mesh.hidden.size(), 1U) << "a group inside";
  EXPECT_NEAR(mesh.mean_edge(), 1e-3 * std::cbrt(57.5 / 230), 1e-12);
  EXPECT_LT(mesh.shortest_edge(), 0.5e-3);
}

// The map of one cell: its inverse finds what went in, its volume is that of the exact integral.
TEST(Hexahedron, InverseAndVolume) {
  const Corners c{Vec3{0, 0, 0}, {2, 0.1, 0},   {-0.2, 1, 0.1}, {2.1, 1.2, 0},
                  {0, 0.3, 3},   {1.8, 0, 2.9}, {0.1, 1, 3.2},  {2, 1.1, 3.5}};
  std::mt19937 random(3);
  std::uniform_real_distribution<double> value(-0.1, 1.1);
  for (int n = 0; n < 100; ++n) {
    const Vec3 u{value(random), value(random), value(random)};
    const auto w = hex_weights(u);
    Vec3 p{}, back{};
    for (std::size_t i = 0; i < 8; ++i) p = p + w[i] * c[i];
    ASSERT_TRUE(hex_inverse(c, p, back));
    EXPECT_LT(norm(back - u), 1e-12);
  }
  double sum = 0;  // 40^3 middles: second order
  for (int i = 0; i < 64000; ++i)
    sum += hex_jacobian(c, {(i % 40 + 0.5) / 40, (i / 40 % 40 + 0.5) / 40, (i / 1600 + 0.5) / 40}) /
           64000;
  EXPECT_NEAR(hex_volume(c), sum, 1e-4);
  EXPECT_GT(std::abs(hex_volume(c) - 6), 0.1) << "no brick";
  // A frustum of a pyramid: a third of h (A + B + sqrt(A B)).
  const Corners frustum{Vec3{0, 0, 0}, {4, 0, 0}, {0, 4, 0}, {4, 4, 0},
                        {1, 1, 3},     {3, 1, 3}, {1, 3, 3}, {3, 3, 3}};
  EXPECT_NEAR(hex_volume(frustum), 3.0 / 3 * (16 + 4 + 8), 1e-13);
}

TEST(HexMesh, APointIsInItsCell) {
  const HexMesh mesh = good(block());
  const HexLocator in(mesh);
  std::mt19937 random(11);
  std::uniform_real_distribution<double> value(0, 1);
  for (std::size_t c = 0; c < mesh.cell_group.size(); ++c) {
    const auto w = hex_weights({value(random), value(random), value(random)});
    Vec3 p{};
    for (std::size_t i = 0; i < 8; ++i) p = p + w[i] * mesh.corners(c)[i];
    EXPECT_EQ(in.cell_at(p), int(c));
  }
  EXPECT_EQ(in.cell_at({0.5e-3, -0.25e-3, 2e-3}), -1) << "in the channel";
  EXPECT_EQ(in.cell_at({-0.1e-3, 1e-3, 2e-3}), -1);
  EXPECT_EQ(in.cell_at({2e-3, 1e-3, 5.1e-3}), -1);
  EXPECT_EQ(in.cell_at({HUGE_VAL, 0, 0}), -1);
  EXPECT_GE(in.cell_at({4e-3, 2e-3, 5e-3}), 0) << "a corner belongs to it";
}

TEST(HexMesh, WhatCannotBeSolvedIsRefused) {
  EXPECT_EQ(refusal(plain()), "");
  MshFile file = plain();
  for (const std::size_t c : {3U, 7U}) {
    auto& n = file.hexes[c].nodes;
    for (std::size_t i = 0; i < 4; ++i) std::swap(n[i], n[i + 4]);
  }
  std::swap(file.hexes[20].nodes[0], file.hexes[20].nodes[1]);
  file.hexes[30].nodes[4] = file.hexes[30].nodes[0];
  const std::string told = refusal(file);
  EXPECT_NE(told.find("2 cells are flat, folded or twisted: the Jacobian vanishes or changes its "
                      "sign inside; the first at x = "),
            std::string::npos)
      << told;
  EXPECT_NE(told.find("2 cells are numbered inside out: their Jacobian is below zero; in Gmsh, "
                      "turn the volume with ReverseMesh, or extrude the other way; the first at "),
            std::string::npos)
      << told;
  // One node pushed through the opposite corner: all corners but one are right.
  HexPlan one;
  one.x = one.y = one.z = {0, 1};
  one.bend = [](const Vec3& p) { return p[0] + p[1] + p[2] > 2.5 ? Vec3{0.2, 0.2, 0.2} : p; };
  EXPECT_EQ(refusal(parse_msh("a.msh", HexText(one).v2())).substr(0, 44),
            "1 cells are flat, folded or twisted: the Jac");
}

TEST(HexMesh, FacesOfNoCellOrOfTwoGroupsAreRefused) {
  MshFile file = plain();
  const int side =
      1 +
      int(std::max_element(file.quads.begin(), file.quads.end(), [](const auto& a, const auto& b) {
            return a.group < b.group;
          })->group);
  MshElement<4> again{};
  for (const auto& quad : file.quads)
    if (quad.group != 0) again = quad;
  again.group = side;
  file.quads.push_back(again);
  std::swap(again.nodes[0], again.nodes[1]);
  again.nodes[0] = 0;
  file.quads.push_back(again);
  file.hexes.push_back(file.hexes[100]);
  const std::string told = refusal(file);
  EXPECT_NE(told.find("1 faces are in two physical groups; the first at"), std::string::npos)
      << told;
  EXPECT_NE(told.find("1 quadrilaterals are no face of a cell; the first at"), std::string::npos);
  EXPECT_NE(told.find("faces belong to more than two cells: cells lie on one another, or are in "
                      "two physical groups; the first at"),
            std::string::npos);
}

/// Two blocks side by side at x = 2 with `a` and `b` cells along each edge.
MshFile two_blocks(int a, int b, double shift = 0) {
  HexPlan one, two;
  one.x = steps(0, 2, 2);
  two.x = steps(2, 4, 2);
  one.y = one.z = steps(0, 2, a);
  two.y = two.z = steps(0, 2, b);
  two.bend = [shift](const Vec3& p) { return Vec3{p[0], p[1] + shift, p[2]}; };
  MshFile file = parse_msh("a.msh", HexText(one).v2());
  const MshFile more = parse_msh("a.msh", HexText(two).v2());
  const int first = int(file.points.size());
  file.points.insert(file.points.end(), more.points.begin(), more.points.end());
  for (auto hex : more.hexes) {
    for (int& n : hex.nodes) n += first;
    file.hexes.push_back(hex);
  }
  return file;
}

TEST(HexMesh, CracksAndHangingNodesAreFound) {
  EXPECT_EQ(refusal(two_blocks(2, 2)).substr(0, 52),
            "9 nodes lie where another one lies, so that heat can");
  // Nodes of the finer part on faces of the coarser: 25 of 5 x 5, less the 9 that are doubled.
  const std::string told = refusal(two_blocks(2, 4));
  EXPECT_EQ(told.substr(0, 28), "9 nodes lie where another on");
  const std::string moved = refusal(two_blocks(2, 2, 0.1));
  EXPECT_EQ(
      moved.substr(0, 97),
      "12 outer nodes lie on the face of another cell, so that heat cannot pass: the parts of "
      "the mesh m")
      << moved;
  EXPECT_NE(moved.find("x = 2, y = "), std::string::npos);
  EXPECT_EQ(refusal(two_blocks(2, 2, 5)), "") << "apart from one another";
}

TEST(HexMesh, BrokenFilesAreRefusedOrRead) {
  std::mt19937 random(9);
  HexPlan plan = block();
  plan.x = steps(0, 4, 2);
  plan.y = steps(-1, 2, 2);
  plan.z = steps(0, 5, 1);
  int fine = 0, refused = 0;
  for (const std::string& whole : {HexText(plan).v2(), HexText(plan).v4()})
    for (int n = 0; n < 3000; ++n) {
      std::string bytes = whole;
      for (unsigned hits = 1 + random() % 4; hits > 0; --hits)
        bytes[random() % bytes.size()] =
            random() % 2 == 0 ? char(random()) : char('0' + random() % 10);
      try {
        const MshFile file = parse_msh("a.msh", bytes);
        ++(file.hexes.empty() || !refusal(file).empty() ? refused : fine);
      } catch (const InputError&) {
        ++refused;
      }
    }
  EXPECT_GT(fine, 200);
  EXPECT_GT(refused, 2000);
}

TEST(MshReader, OtherSolidsAreNamedWithAWayOut) {
  std::string text = HexText(block()).v2();
  const auto replace = [&](const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
  };
  const std::size_t count = std::stoul(text.substr(text.find("$Elements\n") + 10));
  replace("$Elements\n" + std::to_string(count), "$Elements\n" + std::to_string(count + 3));
  replace("$EndElements",
          "900 4 2 1 1 1 2 3 4\n901 2 2 1 1 1 2 3\n902 6 2 1 1 1 2 3 4 5 6\n$EndElements");
  try {
    parse_msh("a.msh", text);
    FAIL();
  } catch (const InputError& e) {
    ASSERT_EQ(e.problems().size(), 3U);
    EXPECT_EQ(e.problems()[0].message.substr(0, 60),
              "it holds 1 triangles; in 3-D only hexahedra are solved: in G");
    EXPECT_EQ(e.problems()[1].message,
              "it holds 1 tetrahedra; in 3-D only hexahedra are solved: in Gmsh, use Transfinite "
              "Volume with Recombine Surface, Extrude with Layers and Recombine, or "
              "Mesh.SubdivisionAlgorithm = 2");
    EXPECT_EQ(e.problems()[2].message.substr(0, 18), "it holds 1 prisms;");
  }
}

TEST(MshReader, AVolumeIsInOneGroupAtMost) {
  std::string text = HexText(block()).v4();
  const std::size_t end = text.find("\n$EndEntities");
  const std::size_t line = text.rfind('\n', end - 1) + 1;  // the last one: a volume
  text.replace(line, end - line, "49 0 0 0 1 1 1 2 1 2 0 ");
  try {
    parse_msh("a.msh", text);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_EQ(e.problems()[0].message, "volume 49 is in 2 physical groups, expected one at most");
  }
}

}  // namespace
}  // namespace thermodose::test
