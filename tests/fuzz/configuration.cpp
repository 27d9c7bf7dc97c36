// A configuration file. Whatever it says, it is read or refused with a reason, and what was read can be shown.
#include "config/configuration.hpp"

#include "config/timeouts.hpp"
#include "fuzz.hpp"

using namespace penholder;
using fuzz::require;

namespace {

std::optional<std::string> variable(const std::string& name) {
    if (name == "NODE") return "orders-1";
    if (name == "ODD") return "\n\"${NODE}\xff";
    return std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto settings = config::parse(fuzz::text_of(data, size), "fuzzed.toml", variable);
    if (settings) {
        require(!settings->node.name.empty() && !settings->node.groups.empty(), "a node has a name and a group");
        require(!config::render_timeouts(*settings).empty(), "its time-outs can be shown");
    } else {
        require(!settings.error().message.empty(), "a refusal says why");
    }
    return 0;
}
