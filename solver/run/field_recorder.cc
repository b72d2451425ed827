#include "run/field_recorder.h"

#include <algorithm>
#include <utility>

#include "physics/tissue.h"

namespace thermodose {

namespace {

// Ice fraction is tabulated: laws of freezing end above this and are complete below it.
constexpr double kTableLow = 173.15, kTableHigh = 283.15;  // K
constexpr int kTableSize = 4401;                           // every 0.025 K

std::vector<float> ice_table(const Tissue& tissue) {
  std::vector<float> table(kTableSize, 0.0F);
  if (!tissue.freezes()) return table;
  for (int i = 0; i < kTableSize; ++i) {
    const double t = kTableLow + (kTableHigh - kTableLow) * i / (kTableSize - 1);
    table[static_cast<std::size_t>(i)] = static_cast<float>(1 - tissue.unfrozen_fraction(t));
  }
  return table;
}

float ice_at(const float* table, float temperature) {
  constexpr auto low = static_cast<float>(kTableLow);
  constexpr auto scale = static_cast<float>((kTableSize - 1) / (kTableHigh - kTableLow));
  const float x = std::clamp((temperature - low) * scale, 0.0F, float(kTableSize - 2));
  const auto at = static_cast<std::size_t>(x);
  const float f = std::min(x - static_cast<float>(at), 1.0F);
  return table[at] + f * (table[at + 1] - table[at]);
}

NodeIds material_ids(const Model& model, const std::vector<LawShares>& laws,
                     const std::vector<NodeRun>& runs, std::size_t nodes) {
  NodeIds ids;
  ids.info = {"material_id", "1",
              "tissue with the largest share of the node's volume; names are an attribute"};
  ids.values.assign(nodes, 0);
  ids.names = model.law_names;
  for (const auto& run : runs)
    std::fill(ids.values.begin() + static_cast<std::ptrdiff_t>(run.begin),
              ids.values.begin() + static_cast<std::ptrdiff_t>(run.end),
              laws[static_cast<std::size_t>(run.law)].front().first);
  return ids;
}

NodeIds region_ids(const Model& model, const std::vector<int>& node_region, std::size_t nodes) {
  NodeIds ids;
  ids.info = {"region_id", "1", "region of the node, 0 = background; names are an attribute"};
  ids.names = {"background"};
  ids.names.insert(ids.names.end(), model.region_name.begin(), model.region_name.end());
  ids.values.assign(nodes, 0);
  for (std::size_t i = 0; i < node_region.size(); ++i) ids.values[i] = node_region[i] + 1;
  return ids;
}

}  // namespace

template <class Real>
FieldRecorder<Real>::FieldRecorder(FieldWriter& writer, const Model& model,
                                   const std::vector<int>& node_region,
                                   const std::vector<LawShares>& law_shares)
    : writer_(writer), model_(model), node_region_(node_region), laws_(law_shares) {
  if (laws_.empty())
    for (std::size_t l = 0; l < model.tissues.size(); ++l)
      laws_.push_back({{static_cast<LawIndex>(l), 1.0}});
  std::vector<std::vector<float>> pure;
  for (const auto* tissue : model.tissues) pure.push_back(ice_table(*tissue));
  for (const auto& shares : laws_) {
    std::vector<float> table(kTableSize, 0.0F);
    for (const auto& [law, share] : shares)
      for (std::size_t i = 0; i < table.size(); ++i)
        table[i] += static_cast<float>(share) * pure[law][i];
    ice_tables_.push_back(std::move(table));
  }
}

template <class Real>
void FieldRecorder<Real>::begin(const HeatSystem<Real>& system, const Real*) {
  // Nodes that no step reaches stay at the initial temperature, which may be below freezing.
  ice_.resize(system.size());
  const auto rest = static_cast<float>(system.laws()[0].reference_temperature);
  for (const auto& run : system.all_runs())
    std::fill(ice_.begin() + static_cast<std::ptrdiff_t>(run.begin),
              ice_.begin() + static_cast<std::ptrdiff_t>(run.end),
              ice_at(ice_tables_[static_cast<std::size_t>(run.law)].data(), rest));
  std::vector<NodeField> still;
  const std::vector<float> fraction = scale_fraction(system);
  if (!fraction.empty())
    still.push_back({{"cortical_fraction", "1",
                      "volume fraction of " + model_.scale->ends()[1] + " in the node's volume"},
                     fraction.data()});
  writer_.set_mesh(system.geometry(),
                   {material_ids(model_, laws_, system.all_runs(), system.size()),
                    region_ids(model_, node_region_, system.size())},
                   still);
}

// As the run stores it: with the grades of the nodes.
template <class Real>
std::vector<float> FieldRecorder<Real>::scale_fraction(const HeatSystem<Real>& system) const {
  if (model_.scale == nullptr) return {};
  std::vector<float> out(system.size(), 0.0F);
  for (const auto& run : system.all_runs())
    for (const auto& [tissue, share] : laws_[static_cast<std::size_t>(run.law)])
      if (tissue == model_.grade_law.back())
        std::fill(out.begin() + static_cast<std::ptrdiff_t>(run.begin),
                  out.begin() + static_cast<std::ptrdiff_t>(run.end), static_cast<float>(share));
  return out;
}

template <class Real>
void FieldRecorder<Real>::update_ice(const Frame<Real>& frame) {
  const float* temperature = frame.fields->temperature().data();
  for (const auto& run : frame.system->active_runs()) {
    const float* table = ice_tables_[static_cast<std::size_t>(run.law)].data();
    for (std::size_t i = run.begin; i < run.end; ++i) ice_[i] = ice_at(table, temperature[i]);
  }
}

// A run that stops right after an instant shows that instant again: it is written once.
template <class Real>
void FieldRecorder<Real>::instant(const Frame<Real>& frame) {
  if (!frame.instant.fields && !frame.last) return;
  if (written_ != frame.instant.time) {
    update_ice(frame);
    writer_.write_step(
        frame.instant.time,
        {{{"temperature_degC", "degC", "temperature"},
          frame.fields->temperature().data(),
          -kZeroCelsius,
          1},
         {{"ice_fraction", "1", "frozen share of the freezable water"}, ice_.data()}});
    written_ = frame.instant.time;
  }
  if (frame.last && frame.dose != nullptr) write_dose(frame);
}

template <class Real>
void FieldRecorder<Real>::write_dose(const Frame<Real>& frame) {
  for (const auto* model : frame.dose->models()) {
    const auto fields = model->fields();
    for (std::size_t f = 0; f < fields.size(); ++f) {
      const std::vector<float> values = model->values(f, frame.instant.time);
      writer_.add_to_last_step({{{fields[f].name, fields[f].unit, fields[f].help}, values.data()}});
    }
  }
}

template class FieldRecorder<float>;
template class FieldRecorder<double>;

}  // namespace thermodose
