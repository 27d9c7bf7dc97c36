#include "mistakes.hpp"

#ifdef PENHOLDER_MUTATIONS
#include "base/mutation.hpp"
#endif

namespace penholder::simulation {

#ifdef PENHOLDER_MUTATIONS

std::vector<std::string_view> known_mistakes() {
    std::vector<std::string_view> names;
    for (const auto& each : all_mutations()) names.push_back(each.name);
    return names;
}

bool make_mistake(std::string_view name) {
    const auto known = name.empty() ? mutation::none : mutation_from_string(name);
    if (known) chosen_mutation() = *known;
    return known.has_value();
}

#else

std::vector<std::string_view> known_mistakes() {
    return {};
}

bool make_mistake(std::string_view name) {
    return name.empty();
}

#endif

}  // namespace penholder::simulation
