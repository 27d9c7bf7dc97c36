#include "source_classes.hpp"

#include <boost/json.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <regex>
#include <stdexcept>

namespace penholder::testing {
namespace {

namespace json = boost::json;

/// One line of ctags' answer.
struct tag {
    std::string kind;
    std::string name;  ///< With its scope.
    std::string scope;
    std::string file;
    std::size_t first_line = 0;
    std::size_t last_line = 0;
    std::string type;
    bool is_static = false;

    std::size_t lines() const { return last_line - first_line + 1; }
};

std::string output_of(const std::string& command) {
    const auto closes = [](std::FILE* stream) { ::pclose(stream); };
    const std::unique_ptr<std::FILE, decltype(closes)> stream(::popen(command.c_str(), "r"), closes);
    if (!stream) throw std::runtime_error("cannot run " + command);
    std::string output;
    std::array<char, 65536> part;
    while (const auto size = std::fread(part.data(), 1, part.size(), stream.get())) output.append(part.data(), size);
    if (output.empty()) throw std::runtime_error("no answer from " + command + "; is universal-ctags installed?");
    return output;
}

std::string text(const json::object& from, std::string_view key) {
    const auto* found = from.if_contains(key);
    return found != nullptr ? std::string(found->as_string()) : std::string();
}

/// ctags gives every unnamed namespace a name of its own.
std::string without_unnamed(const std::string& name) {
    static const std::regex unnamed("__anon[0-9a-f]+(::)?");
    return std::regex_replace(name, unnamed, "");
}

tag parse(std::string_view line) {
    const auto fields = json::parse(line).as_object();
    tag read{.kind = text(fields, "kind"),
             .name = text(fields, "name"),
             .scope = without_unnamed(text(fields, "scope")),
             .file = text(fields, "path"),
             .first_line = fields.at("line").to_number<std::size_t>(),
             .last_line = 0,
             .type = text(fields, "typeref"),
             .is_static = text(fields, "properties").find("static") != std::string::npos};
    const auto* end = fields.if_contains("end");
    read.last_line = end != nullptr ? end->to_number<std::size_t>() : read.first_line;
    if (!read.scope.empty() && !read.scope.ends_with("::")) read.scope += "::";
    read.name = read.scope + without_unnamed(read.name);
    if (!read.scope.empty()) read.scope.resize(read.scope.size() - 2);
    return read;
}

std::vector<tag> tags_below(const std::vector<std::string>& folders) {
    std::string command = "cd '" PENHOLDER_SOURCE_DIR
                          "' && ctags --quiet=yes --options=NONE --output-format=json --languages=C++ "
                          "--langmap=C++:.cpp.hpp --kinds-C++=cfms --fields=+neKZ --fields-C++=+{properties} -R -f -";
    for (const auto& folder : folders) command += " '" + folder + "'";
    const auto output = output_of(command);
    std::vector<tag> tags;
    for (std::size_t at = 0; at < output.size();) {
        const auto end = output.find('\n', at);
        tags.push_back(parse(std::string_view(output).substr(at, end - at)));
        at = end == std::string::npos ? output.size() : end + 1;
    }
    return tags;
}

bool stands_in(const tag& inner, const tag& outer) {
    return inner.file == outer.file && inner.first_line >= outer.first_line && inner.last_line <= outer.last_line;
}

}  // namespace

source_classes classes_below(const std::vector<std::string>& folders) {
    const auto tags = tags_below(folders);
    source_classes found;
    std::multimap<std::string, tag> definitions;
    for (const auto& each : tags) {
        if (each.kind != "class" && each.kind != "struct") continue;
        definitions.emplace(each.name, each);
        found.classes[each.name].lines += each.lines();
    }
    for (const auto& each : tags) {
        const auto owner = found.classes.find(each.scope);
        if (each.kind == "member" && owner != found.classes.end() && !each.is_static) {
            ++owner->second.members;
            if (each.type == "typename:bool") ++owner->second.bools;
        }
        if (each.kind != "function") continue;
        found.functions.push_back({each.name, each.file + ":" + std::to_string(each.first_line), each.lines()});
        if (owner == found.classes.end()) continue;
        const auto [first, last] = definitions.equal_range(each.scope);
        const bool inside = std::any_of(first, last, [&](const auto& body) { return stands_in(each, body.second); });
        if (!inside) owner->second.lines += each.lines();
    }
    return found;
}

}  // namespace penholder::testing
