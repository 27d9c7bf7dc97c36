#include "configuration.hpp"

#include "checks.hpp"
#include "http_files.hpp"
#include "problems.hpp"
#include "table_reader.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace penholder::config {
namespace {

result<configuration> checked(const toml::table& root, const std::string& source, const environment& variables) {
    configuration settings;
    problems found(source);
    table_reader reader(settings, found, variables);
    reader.read(root);
    check(settings, reader, found);
    if (!found.none()) return found.summary();
    const auto& http = settings.http;
    settings.node.http_endpoint = published(http, http.advertise.empty() ? http.listen : http.advertise);
    settings.warnings = found.warnings();
    return settings;
}

}  // namespace

result<configuration> read(const std::string& path, const environment& variables) {
    if (std::error_code unknown; std::filesystem::is_directory(path, unknown)) {
        return error{errc::invalid_configuration,
                     fmt::format("{}: is a directory; give the file in it with --config", path)};
    }
    std::ifstream file(path, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file.is_open() || file.bad()) {
        return error{errc::invalid_configuration,
                     fmt::format("{}: cannot be read: {}; give the file with --config", path, std::strerror(errno))};
    }
    return parse(text, path, variables);
}

result<configuration> parse(std::string_view text, const std::string& source, const environment& variables) {
    try {
        return checked(toml::parse(text, source), source, variables);
    } catch (const toml::parse_error& failed) {
        problems found(source);
        found.add({failed.source().begin.line, failed.source().begin.column},
                  fmt::format("this is no TOML: {}", failed.description()));
        return found.summary();
    }
}

}  // namespace penholder::config
