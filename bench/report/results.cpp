#include "results.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace penholder::bench {
namespace {

std::vector<double> rates(const cell& of) {
    std::vector<double> rates;
    for (const auto& one : of.rounds) rates.push_back(one.writes_per_second);
    return rates;
}

}  // namespace

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::string point::title() const {
    auto text = fmt::format("{}, {} writer{}", what->name(), shape.writers, shape.writers == 1 ? "" : "s");
    if (shape.keyed) text += ", keyed";
    if (shape.rate > 0) text += fmt::format(", {:.0f} writes/s offered", shape.rate);
    if (commit_delay.count() > 0) text += fmt::format(", commits take {} ms longer", commit_delay.count());
    return text;
}

double cell::rate() const {
    return median(rates(*this));
}

double cell::spread() const {
    const auto all = rates(*this);
    const auto middle = rate();
    return all.empty() || middle == 0 ? 0 : (std::ranges::max(all) - std::ranges::min(all)) / middle;
}

histogram cell::latency() const {
    histogram all;
    for (const auto& one : rounds) all.merge(one.latencies);
    return all;
}

std::optional<double> cell::session_share() const {
    std::vector<double> known;
    for (const auto& one : rounds) {
        if (one.session_share) known.push_back(*one.session_share);
    }
    return known.empty() ? std::nullopt : std::optional(median(std::move(known)));
}

std::string cell::problem() const {
    for (const auto& one : rounds) {
        if (!one.problem.empty()) return one.problem;
    }
    return {};
}

std::vector<std::string> results::problems() const {
    std::vector<std::string> found;
    for (const auto& one : series) {
        for (const auto& at : one.points) {
            for (const auto& what : at.cells) {
                const auto wrong = what.problem();
                if (!wrong.empty()) found.push_back(fmt::format("{}: {}: {}", at.where.title(), what.contender, wrong));
            }
        }
    }
    return found;
}

std::optional<double> results::value(std::string_view name) const {
    const auto found = std::ranges::find(figures, name, &figure::name);
    return found == figures.end() ? std::nullopt : std::optional(found->value);
}

}  // namespace penholder::bench
