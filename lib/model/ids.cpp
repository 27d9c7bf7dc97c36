#include "ids.hpp"

#include <algorithm>
#include <cstdio>
#include <random>

namespace penholder {

bool is_name_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

incarnation incarnation::random() {
    std::random_device device;
    return {(std::uint64_t{device()} << 32U) | device()};
}

std::string incarnation::text() const {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
    return text;
}

std::string make_origin(std::string_view node, incarnation life) {
    return std::string(node) + "." + life.text();
}

result<> check_name(std::string_view what, std::string_view name) {
    if (name.empty() || name.size() > 64 || name == "." || name == ".." ||
        !std::ranges::all_of(name, is_name_character)) {
        return error{errc::invalid_argument, std::string(what) + " '" + std::string(name) +
                                                 "' is no valid name: use 1 to 64 letters, digits, '.', '_' or '-'"};
    }
    return {};
}

}  // namespace penholder
