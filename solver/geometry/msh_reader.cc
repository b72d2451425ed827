// Implements: geometry/msh_reader.h.
#include "geometry/msh_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "geometry/file_bytes.h"
#include "geometry/msh_words.h"

namespace thermodose {

namespace {

constexpr int kLine = 1, kQuad = 3, kHex = 5, kPoint = 15;
constexpr std::size_t kMostNodes = std::numeric_limits<int>::max();

/// Names of element types that are refused.
const std::map<int, const char*>& refused_types() {
  static const std::map<int, const char*> names{{2, "triangles"},
                                                {4, "tetrahedra"},
                                                {6, "prisms"},
                                                {7, "pyramids"},
                                                {8, "lines of second order"},
                                                {9, "triangles of second order"},
                                                {10, "quadrilaterals of second order"},
                                                {11, "tetrahedra of second order"},
                                                {12, "hexahedra of second order"},
                                                {16, "quadrilaterals of second order"},
                                                {17, "hexahedra of second order"}};
  return names;
}

/// `solid`: the file has hexahedra.
std::string advice(int type, bool solid) {
  if (type == 2 && !solid)
    return "only quadrilaterals are solved: in Gmsh, set Mesh.RecombineAll = 1 and "
           "Mesh.SubdivisionAlgorithm = 1, or use Transfinite Surface with Recombine Surface";
  if (type == 2 || (type >= 4 && type <= 7))
    return "in 3-D only hexahedra are solved: in Gmsh, use Transfinite Volume with Recombine "
           "Surface, Extrude with Layers and Recombine, or Mesh.SubdivisionAlgorithm = 2";
  return "only lines, quadrilaterals and hexahedra of first order are solved: in Gmsh, set "
         "Mesh.ElementOrder = 1";
}

class MshParser {
 public:
  MshParser(const std::string& path, const std::string& bytes) : path_(path), words_(path, bytes) {}

  MshFile parse() {
    for (std::string_view word = words_.next(); !word.empty(); word = words_.next()) {
      const std::string name(word);
      if (name.size() < 2 || name[0] != '$')
        words_.fail("found " + text::quoted(name) +
                    ", expected a section such as $Nodes: it is broken or no Gmsh mesh");
      if (!known_version_ && name != "$MeshFormat" && name != "$Comments")
        words_.fail("found " + text::quoted(name) + ", expected $MeshFormat first");
      section(name);
    }
    if (!known_version_) fail("it is no Gmsh mesh: it has no section $MeshFormat");
    if (!has_nodes_ || !has_elements_)
      fail(std::string("it has no section ") + (has_nodes_ ? "$Elements" : "$Nodes"));
    refuse_types();
    if (file_.quads.empty() && file_.hexes.empty())
      fail("it holds no quadrilaterals and no hexahedra");
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw InputError(Problem{path_, 0, "", message});
  }

  void section(const std::string& name) {
    const std::string end = "$End" + name.substr(1);
    if (name == "$PartitionedEntities")
      words_.fail(
          "it is a mesh in partitions: save it as one, without Mesh.PartitionSplitMeshFiles");
    if (name == "$MeshFormat") {
      format();
    } else if (name == "$PhysicalNames") {
      physical_names();
    } else if (name == "$Entities") {
      entities();
    } else if (name == "$Nodes") {
      once(has_nodes_, name);
      modern_ ? node_blocks() : nodes();
    } else if (name == "$Elements") {
      if (!has_nodes_) words_.fail("found $Elements before $Nodes");
      once(has_elements_, name);
      modern_ ? element_blocks() : elements();
    } else {  // remarks, periodic nodes, data: not needed
      words_.skip_to(end);
      return;
    }
    words_.require(end);
  }

  void once(bool& had, const std::string& name) {
    if (had) words_.fail("found a second section " + name);
    had = true;
  }

  void format() {
    const std::string version(words_.next());
    if (version != "2.2" && version != "4.1")
      words_.fail("found version " + text::quoted(version) +
                  " of the format, expected 2.2 or 4.1: in Gmsh, set Mesh.MshFileVersion = 4.1 and "
                  "save it again");
    modern_ = version == "4.1";
    if (words_.integer("the kind of file, 0 or 1") != 0)
      words_.fail("it is a binary file: in Gmsh, set Mesh.Binary = 0 and save it again as text");
    words_.integer("the size of a number");
    known_version_ = true;
  }

  void physical_names() {
    for (std::int64_t n = words_.count("the number of physical groups"); n > 0; --n) {
      const int dimension = small("the dimension of a physical group");
      const int number = small("the number of a physical group");
      const std::string line(words_.rest_of_line());
      const std::size_t first = line.find('"'), last = line.rfind('"');
      if (first == std::string::npos || last == first)
        words_.fail("expected the name of a physical group in quotes");
      file_.names[{dimension, number}] = line.substr(first + 1, last - first - 1);
    }
  }

  int small(const char* what) {
    const std::int64_t n = words_.integer(what);
    constexpr std::int64_t kMost = std::numeric_limits<int>::max();
    if (n > kMost || n < -kMost) words_.fail(fmt::format("found {}, expected {}", n, what));
    return static_cast<int>(n);
  }

  // --- version 4.1: elements have the groups of their entities ---

  void entities() {
    if (!modern_) words_.fail("found $Entities in a file of version 2.2");
    std::array<std::int64_t, 4> counts{};
    for (auto& n : counts) n = words_.count("the number of entities");
    for (int dimension = 0; dimension < 4; ++dimension)
      for (std::int64_t n = counts[static_cast<std::size_t>(dimension)]; n > 0; --n)
        entity(dimension);
  }

  void entity(int dimension) {
    const int tag = small("the number of an entity");
    for (int i = 0; i < (dimension == 0 ? 3 : 6); ++i) words_.real("a coordinate");
    const std::int64_t groups = words_.count("the number of physical groups of an entity");
    constexpr const char* kinds[] = {"point", "curve", "surface", "volume"};
    if (groups > 1 && dimension > 0)
      words_.fail(fmt::format("{} {} is in {} physical groups, expected one at most",
                              kinds[dimension], tag, groups));
    for (std::int64_t g = 0; g < groups; ++g)  // below zero where it is turned round
      group_of_[{dimension, tag}] = std::abs(small("the number of a physical group"));
    if (dimension == 0) return;
    for (std::int64_t n = words_.count("the number of bounding entities"); n > 0; --n)
      words_.integer("the number of a bounding entity");
  }

  void node_blocks() {
    std::int64_t blocks = words_.count("the number of blocks of nodes");
    words_.count("the number of nodes");
    words_.integer("the smallest number of a node");
    words_.integer("the largest number of a node");
    for (; blocks > 0; --blocks) {
      words_.integer("the dimension of an entity");
      words_.integer("the number of an entity");
      words_.integer("0 or 1");
      std::vector<std::int64_t> tags;
      for (std::int64_t n = words_.count("the number of nodes of a block"); n > 0; --n)
        tags.push_back(words_.integer("the number of a node"));
      for (const std::int64_t tag : tags) {
        add_node(tag);
        words_.rest_of_line();  // parameters on the entity
      }
    }
  }

  void element_blocks() {
    std::int64_t blocks = words_.count("the number of blocks of elements");
    words_.count("the number of elements");
    words_.integer("the smallest number of an element");
    words_.integer("the largest number of an element");
    for (; blocks > 0; --blocks) {
      const int dimension = small("the dimension of an entity");
      const int tag = small("the number of an entity");
      const int type = small("the type of the elements");
      const auto found = group_of_.find({dimension, tag});
      const int group = found == group_of_.end() ? 0 : found->second;
      for (std::int64_t n = words_.count("the number of elements of a block"); n > 0; --n) {
        words_.integer("the number of an element");
        add_element(type, group);
      }
    }
  }

  // --- version 2.2: every element says its group ---

  void nodes() {
    for (std::int64_t n = words_.count("the number of nodes"); n > 0; --n)
      add_node(words_.integer("the number of a node"));
  }

  void elements() {
    for (std::int64_t n = words_.count("the number of elements"); n > 0; --n) {
      words_.integer("the number of an element");
      const int type = small("the type of an element");
      std::int64_t tags = words_.count("the number of tags of an element");
      int group = 0;
      for (std::int64_t t = 0; t < tags; ++t) {
        const int tag = small("a tag of an element");
        if (t == 0) group = std::abs(tag);
      }
      add_element(type, group);
    }
  }

  // --- both ---

  void add_node(std::int64_t tag) {
    Vec3 p{};
    for (double& x : p) x = words_.real("a coordinate");
    if (file_.points.size() >= kMostNodes) words_.fail("it has more than 2^31 nodes");
    if (!node_.emplace(tag, static_cast<int>(file_.points.size())).second)
      words_.fail(fmt::format("node {} is there twice", tag));
    file_.points.push_back(p);
  }

  int node() {
    const std::int64_t tag = words_.integer("the number of a node");
    const auto found = node_.find(tag);
    if (found == node_.end()) words_.fail(fmt::format("there is no node {}", tag));
    return found->second;
  }

  template <std::size_t N>
  MshElement<N> element(int group) {
    MshElement<N> e;
    for (int& n : e.nodes) n = node();
    e.group = group;
    return e;
  }

  void add_element(int type, int group) {
    if (type == kHex) {
      file_.hexes.push_back(element<8>(group));
    } else if (type == kQuad) {
      file_.quads.push_back(element<4>(group));
    } else if (type == kLine) {
      file_.lines.push_back(element<2>(group));
    } else {
      if (type != kPoint) ++refused_[type];
      words_.rest_of_line();
    }
  }

  void refuse_types() const {
    std::vector<Problem> problems;
    for (const auto& [type, count] : refused_) {
      const auto known = refused_types().find(type);
      problems.push_back(
          {path_, 0, "",
           fmt::format("it holds {} {}; {}", count,
                       known == refused_types().end() ? fmt::format("elements of type {}", type)
                                                      : known->second,
                       advice(type, !file_.hexes.empty()))});
    }
    if (!problems.empty()) throw InputError(std::move(problems));
  }

  const std::string& path_;
  MshWords words_;
  MshFile file_;
  bool known_version_ = false, modern_ = false, has_nodes_ = false, has_elements_ = false;
  std::map<std::pair<int, int>, int> group_of_;  ///< by (dimension, number of the entity)
  std::unordered_map<std::int64_t, int> node_;   ///< by the number of the node
  std::map<int, std::size_t> refused_;           ///< elements by type
};

}  // namespace

MshFile parse_msh(const std::string& path, const std::string& bytes) {
  return MshParser(path, bytes).parse();
}

MshFile read_msh(const std::string& path) {
  const std::string ending = file_ending(path);
  if (ending != ".msh")
    throw InputError(
        Problem{path, 0, "", "found the ending " + text::quoted(ending) + ", expected .msh"});
  return parse_msh(path, read_file_bytes(path));
}

}  // namespace thermodose
