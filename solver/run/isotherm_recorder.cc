#include "run/isotherm_recorder.h"

#include <utility>

namespace thermodose {

template <class Real>
IsothermRecorder<Real>::IsothermRecorder(std::vector<double> levels, double initial_temperature,
                                         std::vector<Vec3> axes)
    : levels_(std::move(levels)), initial_(initial_temperature) {
  options_.axes = std::move(axes);
}

template <class Real>
void IsothermRecorder<Real>::instant(const Frame<Real>& frame) {
  if (!frame.instant.isotherms && !frame.last) return;
  // A run that stops right after an instant shows that instant again.
  if (!records_.empty() && records_.back().time == frame.instant.time) return;
  // Levels and node values in the Kirchhoff variable, see run/state_fields.h.
  std::vector<IsothermLevel> levels;
  for (const double t : levels_) {
    const auto side = t <= initial_ ? IsothermLevel::Side::below : IsothermLevel::Side::above;
    levels.push_back({frame.fields->measure(t), side});
  }
  const auto measures = measure_isotherms(frame.system->geometry(),
                                          frame.fields->kirchhoff().data(), levels, options_);
  for (std::size_t i = 0; i < levels_.size(); ++i)
    records_.push_back({frame.instant.time, levels_[i],
                        levels[i].side == IsothermLevel::Side::below, measures[i]});
}

template class IsothermRecorder<float>;
template class IsothermRecorder<double>;

}  // namespace thermodose
