// Implements: dose model "lethal_heat": CEM43 (cem43.cc) as a share of the threshold of the tissue,
//   x = CEM43 / CEM43_lethal,   dead where x >= 1.
// 240 min is the usual threshold of ablation. Thresholds by tissue are the user's: none with a
// source was at hand.
#include "base/names_tissues.h"
#include "base/registry.h"
#include "dose/cem43.h"
#include "dose/tissue_thresholds.h"

namespace thermodose {

namespace {

constexpr double kMinute = 60;

class LethalHeat : public Cem43, public NamesTissues {
 public:
  void keys(Keys& k) override {
    lethal_.keys(k,
                 key("default", "min", "CEM43 from which tissue that `tissues` does not name dies.")
                     .range(0.01, 1e4)
                     .optional()
                     .source("usual threshold of ablation"),
                 key("threshold", "min", "CEM43 from which it dies.").range(0.01, 1e4));
    Cem43::keys(k);
  }

  std::vector<TissueName> named_tissues() const override { return lethal_.named_tissues(); }

  void start(std::size_t nodes, const std::vector<SegmentLaw>& laws,
             const std::vector<NodeRun>& all, EnthalpyView initial, double time) override {
    all_ = all;
    threshold_ = lethal_.of(laws);
    for (double& threshold : threshold_) threshold /= kMinute;
    Cem43::start(nodes, laws, all, initial, time);
  }

  std::vector<DoseField> fields() const override {
    return {{"cem43_over_lethal", "1",
             "CEM43 divided by the threshold of the tissue; 1 or more is dead."}};
  }

  std::vector<float> values(std::size_t index, double time) const override {
    std::vector<float> out = Cem43::values(index, time);
    divide(all_, out);
    return out;
  }
  void look(std::size_t index, double time, const std::vector<NodeRun>& runs,
            std::vector<float>& field) const override {
    Cem43::look(index, time, runs, field);
    divide(runs, field);
  }

 private:
  void divide(const std::vector<NodeRun>& runs, std::vector<float>& field) const {
    for (const NodeRun& run : runs) {
      const auto threshold = static_cast<float>(threshold_[static_cast<std::size_t>(run.law)]);
      for (std::size_t i = run.begin; i < run.end; ++i) field[i] /= threshold;
    }
  }

  dose::TissueThresholds lethal_{240 * kMinute};  // s
  std::vector<double> threshold_;                 ///< of each law
  std::vector<NodeRun> all_;
};

THERMODOSE_REGISTER("dose", "lethal_heat", LethalHeat,
                    "CEM43 as a share of the threshold of each tissue; 1 or more is dead.");

}  // namespace
}  // namespace thermodose
