// Fields for ParaView.
// Implements: temperature and ice fraction at the field instants, dose fields at the last one,
// material and region once, and the share of cortical bone where a CT scales it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fem/grid_tissues.h"
#include "output/field_writer.h"
#include "run/model.h"
#include "run/observer.h"

namespace thermodose {

template <class Real>
class FieldRecorder final : public Observer<Real> {
 public:
  /// All references outlive the recorder. `node_region`: empty = all background.
  /// `law_shares`: see run/engine.h.
  FieldRecorder(FieldWriter& writer, const Model& model, const std::vector<int>& node_region,
                const std::vector<LawShares>& law_shares);
  void begin(const HeatSystem<Real>& system, const Real* state) override;
  void instant(const Frame<Real>& frame) override;

 private:
  std::vector<float> scale_fraction(const HeatSystem<Real>& system) const;
  void update_ice(const Frame<Real>& frame);
  void write_dose(const Frame<Real>& frame);
  FieldWriter& writer_;
  const Model& model_;
  const std::vector<int>& node_region_;
  std::vector<LawShares> laws_;
  std::vector<std::vector<float>> ice_tables_;  ///< per law, ice fraction against temperature
  std::vector<float> ice_;
  std::optional<double> written_;  ///< s, the last instant in the file
};

}  // namespace thermodose
