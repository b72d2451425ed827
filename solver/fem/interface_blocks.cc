// Implements: lanes of blocks (see interface_blocks.h).
#include "fem/interface_blocks.h"

#include <algorithm>
#include <tuple>

namespace thermodose {

CellTissues::CellTissues(LawIndex law_of_cell, const CutCell* cut_cell) : cut(cut_cell != nullptr) {
  law[0] = law_of_cell;
  if (cut_cell == nullptr) return;
  count = cut_cell->shares.count;
  auto* end = law.begin();
  for (int m = 0; m < count; ++m, ++end) {
    const LawIndex next = cut_cell->shares.material[static_cast<std::size_t>(m)];
    auto* at = std::upper_bound(law.begin(), end, next);
    std::copy_backward(at, end, end + 1);
    *at = next;
  }
}

bool CellTissues::operator<(const CellTissues& o) const {
  return std::tie(cut, count, law) < std::tie(o.cut, o.count, o.law);
}

void set_cut(InterfaceBlock& block, InterfacePart* parts, const CellTissues& tissues, std::size_t c,
             const CutCell& cut) {
  for (std::size_t d = 0; d < 3; ++d) block.normal[d][c] = cut.normal[d];
  for (std::size_t q = 0; q < block.parts; ++q)
    for (std::uint32_t m = 0; m < block.parts; ++m) {
      if (tissues.law[m] != cut.shares.material[q]) continue;
      parts[m].share[c] = cut.shares.share[q];
      for (std::size_t e = 0; e < 16; ++e) parts[m].set_line(e, c, cut.line[e][q]);
    }
}

}  // namespace thermodose
