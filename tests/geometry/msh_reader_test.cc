// Implements: tests of the reader of Gmsh meshes on what Gmsh wrote (meshes/) and on files broken
// in every way: bad input, never a crash.
#include "geometry/msh_reader.h"

#include <gtest/gtest.h>

#include <random>

#include "base/error.h"
#include "msh_files.h"
#include "output/scratch.h"

namespace thermodose::test {
namespace {

/// Twelve cells of two groups, a part of the rim named.
MshPlan two_groups() {
  MshPlan plan;
  plan.x = steps(0, 3, 4);
  plan.y = steps(-1, 1, 3);
  plan.cell_group = [](const Flat& p) { return p[0] < 1.5 ? "in side" : "outside"; };
  plan.edge_group = [](const Flat& p) { return p[0] > 2.999 ? "rim" : ""; };
  return plan;
}

/// What is wrong with the bytes of a file, with its line; "" when nothing is.
std::string refusal(const std::string& bytes) {
  std::string told;
  try {
    parse_msh("a.msh", bytes);
  } catch (const InputError& e) {
    for (const Problem& p : e.problems())
      told += (told.empty() ? "" : " | ") + (p.line > 0 ? std::to_string(p.line) + ": " : "") +
              p.message;
  }
  return told;
}

std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  const std::size_t at = bytes.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) bytes.replace(at, from.size(), to);
  return bytes;
}

TEST(MshReader, BothVersionsHoldTheSame) {
  const MshText text(two_groups());
  const MshFile old = parse_msh("a.msh", text.v2()), now = parse_msh("a.msh", text.v4());
  for (const MshFile* file : {&old, &now}) {
    ASSERT_EQ(file->points.size(), 20U);
    ASSERT_EQ(file->quads.size(), 12U);
    ASSERT_EQ(file->lines.size(), 14U);
    EXPECT_EQ(file->points[7][0], 1.5);
    EXPECT_DOUBLE_EQ(file->points[7][1], -1.0 / 3);
    EXPECT_EQ(file->names.size(), 3U);
  }
  EXPECT_EQ(old.points, now.points);
  EXPECT_EQ(old.names, now.names);
  std::map<std::string, int> cells, lines;
  for (std::size_t c = 0; c < 12; ++c) {
    EXPECT_EQ(old.quads[c].nodes, now.quads[c].nodes);
    EXPECT_EQ(old.quads[c].group, now.quads[c].group);
    ++cells[now.names.at({2, now.quads[c].group})];
  }
  for (const auto& line : now.lines) ++lines[line.group == 0 ? "" : now.names.at({1, line.group})];
  EXPECT_EQ(cells, (std::map<std::string, int>{{"in side", 6}, {"outside", 6}}));
  EXPECT_EQ(lines, (std::map<std::string, int>{{"", 11}, {"rim", 3}}));
}

// Every beginning of a file is refused, every file with bytes changed at random read or refused.
TEST(MshReader, BrokenFilesAreRefusedOrRead) {
  std::mt19937 random(5);
  for (const std::string& whole : {MshText(two_groups()).v2(), MshText(two_groups()).v4()}) {
    ASSERT_EQ(refusal(whole), "");
    for (std::size_t size = 0; size + 1 < whole.size(); ++size)
      EXPECT_NE(refusal(whole.substr(0, size)), "") << size;
    int read = 0;
    for (int n = 0; n < 5000; ++n) {
      std::string bytes = whole;
      for (unsigned hits = 1 + random() % 4; hits > 0; --hits)
        bytes[random() % bytes.size()] =
            random() % 2 == 0 ? char(random()) : char('0' + random() % 10);
      read += refusal(bytes).empty() ? 1 : 0;
    }
    EXPECT_GT(read, 100);
    EXPECT_LT(read, 4000);
  }
}

TEST(MshReader, CountsThatTheFileCannotHoldAreRefusedAtOnce) {
  const std::string v2 = MshText(two_groups()).v2(), v4 = MshText(two_groups()).v4();
  const auto starts = [](const std::string& told, const std::string& with) {
    EXPECT_EQ(told.substr(0, with.size()), with);
  };
  starts(refusal(replaced(v2, "$Nodes\n20", "$Nodes\n9000000000000000000")),
         "11: found 9000000000000000000 as the number of nodes, but the file has only ");
  starts(refusal(replaced(v2, "$Nodes\n20", "$Nodes\n-1")), "11: found -1 as the number of nodes");
  starts(refusal(replaced(v2, "$Nodes\n20", "$Nodes\n99999999999999999999")),
         "11: found '99999999999999999999', expected the number of nodes");
  starts(refusal(replaced(v2, "$Elements\n26", "$Elements\n4000000000")),
         "34: found 4000000000 as the number of elements");
  starts(refusal(replaced(v2, " 3 2 ", " 3 2000000000 ")),
         "49: found 2000000000 as the number of tags of an element");
  starts(refusal(replaced(v4, "$Entities\n1 ", "$Entities\n3000000000 ")),
         "11: found 3000000000 as the number of entities");
  starts(refusal(replaced(v4, "2 41 1 10", "2 41 1 1000000000")),
         "20: found 1000000000 as the number of nodes of a block");
}

TEST(MshReader, WhatCannotBeSolvedIsNamedWithAWayOut) {
  const std::string v2 = MshText(two_groups()).v2(), v4 = MshText(two_groups()).v4();
  const std::string triangle =
      replaced(replaced(v2, "$Elements\n26", "$Elements\n28"), "$EndElements",
               "27 2 2 1 1 1 2 3\n28 4 2 1 1 1 2 3 4\n$EndElements");
  EXPECT_EQ(refusal(triangle),
            "it holds 1 triangles; only quadrilaterals are solved: in Gmsh, set Mesh.RecombineAll "
            "= 1 and Mesh.SubdivisionAlgorithm = 1, or use Transfinite Surface with Recombine "
            "Surface | it holds 1 tetrahedra; in 3-D only hexahedra are solved: in Gmsh, use "
            "Transfinite Volume with Recombine Surface, Extrude with Layers and Recombine, or "
            "Mesh.SubdivisionAlgorithm = 2");
  const std::string second =
      replaced(replaced(v2, "$Elements\n26", "$Elements\n27"), "$EndElements",
               "27 10 2 1 1 1 2 3 4 5 6 7 8 9\n$EndElements");
  EXPECT_EQ(refusal(second),
            "it holds 1 quadrilaterals of second order; only lines, quadrilaterals and hexahedra "
            "of first order are solved: in Gmsh, set Mesh.ElementOrder = 1");
  EXPECT_EQ(refusal(replaced(v2, "2.2 0 8", "2.2 1 8")),
            "2: it is a binary file: in Gmsh, set Mesh.Binary = 0 and save it again as text");
  EXPECT_EQ(refusal(replaced(v2, "2.2 0 8", "4 0 8")),
            "2: found version '4' of the format, expected 2.2 or 4.1: in Gmsh, set "
            "Mesh.MshFileVersion = 4.1 and save it again");
  EXPECT_EQ(refusal(replaced(v4, "41 0 0 0 1 1 0 1 1 ", "41 0 0 0 1 1 0 2 1 2 ")),
            "15: surface 41 is in 2 physical groups, expected one at most");
  EXPECT_EQ(refusal(replaced(v4, "$Entities", "$PartitionedEntities")),
            "10: it is a mesh in partitions: save it as one, without Mesh.PartitionSplitMeshFiles");
}

TEST(MshReader, BrokenTextSaysItsLine) {
  const std::string v2 = MshText(two_groups()).v2();
  EXPECT_EQ(refusal(""), "it is no Gmsh mesh: it has no section $MeshFormat");
  EXPECT_EQ(refusal("solid a\n"),
            "1: found 'solid', expected a section such as $Nodes: it is broken or no Gmsh mesh");
  EXPECT_EQ(refusal("$Nodes\n"), "1: found '$Nodes', expected $MeshFormat first");
  EXPECT_EQ(refusal("$MeshFormat\n2.2 0 8\n$EndMeshFormat\n"), "it has no section $Nodes");
  EXPECT_EQ(refusal(replaced(v2, "$EndNodes", "$EndNode")),
            "32: found '$EndNode', expected '$EndNodes'");
  EXPECT_EQ(refusal(replaced(v2, "\n2 0.75 -1 0", "\n1 0.75 -1 0")), "13: node 1 is there twice");
  EXPECT_EQ(refusal(replaced(v2, "\n2 0.75 -1 0", "\n2 nan -1 0")),
            "13: found 'nan', expected a coordinate");
  EXPECT_EQ(refusal(replaced(v2, "\n2 0.75 -1 0", "\n2 0,75 -1 0")),
            "13: found '0,75', expected a coordinate");
  EXPECT_EQ(refusal(replaced(v2, "\n20 3 1 0", "\n30 3 1 0")), "45: there is no node 20");
  EXPECT_EQ(refusal(replaced(v2, "\"rim\"", "rim")),
            "6: expected the name of a physical group in quotes");
  EXPECT_EQ(refusal(v2 + v2.substr(v2.find("$Nodes"))), "62: found a second section $Nodes");
  const std::string more =
      "$Comments\n$ anything\n$EndComments\n" + v2 + "$Periodic\n0\n$EndPeriodic\n";
  EXPECT_EQ(refusal(more), "");
  EXPECT_EQ(refusal(v2 + "$NodeData\n1\n"),
            "64: the file ends before '$EndNodeData': it is cut short");
}

TEST(MshReader, TheEndingIsMsh) {
  const output_test::Scratch dir;
  dir.write("a.vtk", "x");
  EXPECT_THROW(read_msh(dir.file("a.vtk")), InputError);
  EXPECT_THROW(read_msh(dir.file("none.msh")), InputError);
  dir.write("a.MSH", MshText(two_groups()).v4());
  EXPECT_EQ(read_msh(dir.file("a.MSH")).quads.size(), 12U);
}

}  // namespace
}  // namespace thermodose::test
