#include "run/dose_set.h"

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace thermodose {

namespace {

// All models look at these nodes before the next ones: the state is read from memory once.
constexpr std::size_t kNodesInCache = 4096;

EnthalpyView view(const float* y) { return {y, nullptr}; }
EnthalpyView view(const double* y) { return {nullptr, y}; }

}  // namespace

DoseSet::DoseSet(const CaseSpec& spec, std::shared_ptr<ThreadTeam> team)
    : owners_(spec.dose), team_(std::move(team)) {
  for (std::size_t i = 0; i < owners_.size(); ++i) {
    auto* model = dynamic_cast<DoseModel*>(owners_[i].get());
    if (model == nullptr)
      throw InputError(Problem{spec.file, 0, "dose", spec.dose_names[i] + " is no dose model"});
    models_.push_back(model);
  }
}

template <class Real>
void DoseSet::start(const HeatSystem<Real>& system, const Real* y, double time) {
  for (auto* model : models_)
    model->start(system.size(), system.laws(), system.all_runs(), view(y), time);
}

template <class Real>
void DoseSet::advance(const HeatSystem<Real>& system, const AcceptedStep<Real>& step) {
  const auto& runs = system.active_runs();
  team_->run([&](int member, int members) {
    const auto n = static_cast<std::ptrdiff_t>(runs.size());
    std::vector<NodeRun> some;
    std::size_t nodes = 0;
    const auto advance_some = [&] {
      const DoseStep part{step.begin, step.end, view(step.before), view(step.after), &some};
      for (auto* model : models_) model->advance(part);
      some.clear();
      nodes = 0;
    };
    for (auto r = n * member / members; r < n * (member + 1) / members; ++r) {
      const NodeRun& run = runs[static_cast<std::size_t>(r)];
      for (std::size_t begin = run.begin; begin < run.end; begin += kNodesInCache) {
        some.push_back({begin, std::min(run.end, begin + kNodesInCache), run.law});
        nodes += some.back().end - begin;
        if (nodes >= kNodesInCache) advance_some();
      }
    }
    if (!some.empty()) advance_some();
  });
}

template void DoseSet::start<float>(const HeatSystem<float>&, const float*, double);
template void DoseSet::start<double>(const HeatSystem<double>&, const double*, double);
template void DoseSet::advance<float>(const HeatSystem<float>&, const AcceptedStep<float>&);
template void DoseSet::advance<double>(const HeatSystem<double>&, const AcceptedStep<double>&);

}  // namespace thermodose
