#include "base/printable.hpp"
#include "cli/render/renderer.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace penholder::cli {
namespace {

namespace json = boost::json;

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Words that some reader of YAML takes for something else than text.
bool is_reserved(std::string_view text) {
    constexpr auto words =
        std::to_array<std::string_view>({"true", "false", "null", "yes", "no", "on", "off", "y", "n"});
    const auto same = [](char a, char b) { return (a | 0x20) == b; };
    return std::ranges::any_of(words, [&](auto word) { return std::ranges::equal(text, word, same); });
}

bool is_plain(std::string_view text) {
    const auto fits = [](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/';
    };
    return !text.empty() && is_letter(text.front()) && std::ranges::all_of(text, fits) && !is_reserved(text);
}

// A JSON string is a YAML one, except that YAML wants DEL and the C1 controls escaped.
std::string yaml_quoted(std::string_view text) {
    const std::string made = json::serialize(json::value(valid_utf8(text)));
    std::string out;
    for (std::size_t i = 0; i < made.size(); ++i) {
        const auto byte = static_cast<unsigned char>(made[i]);
        const bool c1 = byte == 0xC2 && static_cast<unsigned char>(made[i + 1]) < 0xA0;
        if (byte == 0x7F) {
            out += "\\x7f";
        } else if (c1) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(made[++i]));
        } else {
            out += made[i];
        }
    }
    return out;
}

std::string scalar(const json::value& what) {
    const auto* text = what.if_string();
    if (text == nullptr) return json::serialize(what);
    return is_plain(*text) ? std::string(*text) : yaml_quoted(*text);
}

bool is_nested(const json::value& what) {
    if (const auto* object = what.if_object()) return !object->empty();
    const auto* array = what.if_array();
    return array != nullptr && !array->empty();
}

void put(std::string& out, const json::value& what, std::size_t depth);

// A list's element stands behind its dash: an object's first line continues that line.
void put_element(std::string& out, const json::value& what, std::size_t depth) {
    if (!is_nested(what)) {
        out += "- " + scalar(what) + "\n";
        return;
    }
    std::string inner;
    put(inner, what, depth + 1);
    out += "- " + inner.substr((depth + 1) * 2);
}

void put(std::string& out, const json::value& what, std::size_t depth) {
    const std::string space(depth * 2, ' ');
    if (!is_nested(what)) {
        out += space + scalar(what) + "\n";
    } else if (const auto* object = what.if_object()) {
        for (const auto& [key, value] : *object) {
            out += space + scalar(json::value(key)) + ":";
            if (is_nested(value)) {
                out += "\n";
                put(out, value, depth + 1);
            } else {
                out += " " + scalar(value) + "\n";
            }
        }
    } else {
        for (const auto& value : what.get_array()) {
            out += space;
            put_element(out, value, depth);
        }
    }
}

}  // namespace

std::string render_yaml(const document& what) {
    std::string out;
    put(out, what.data, 0);
    return out;
}

}  // namespace penholder::cli
