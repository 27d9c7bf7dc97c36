#include "source_tree.hpp"

#include <fstream>
#include <stdexcept>

namespace penholder::testing {
namespace {

namespace fs = std::filesystem;

const fs::path root = PENHOLDER_SOURCE_DIR;

bool left_out(const fs::path& folder) {
    const auto name = folder.filename().string();
    return name == "build" || name == ".git" || name == ".cache";
}

}  // namespace

source_file read_source(const std::string& path) {
    std::ifstream in(root / path);
    if (!in) throw std::runtime_error(path + " is not there");
    source_file file{path, {}};
    for (std::string line; std::getline(in, line);) file.lines.push_back(line);
    return file;
}

std::vector<source_file> sources_below(const std::string& folder, const std::set<std::string>& endings) {
    std::vector<source_file> found;
    for (auto entry = fs::recursive_directory_iterator(root / folder); entry != fs::end(entry); ++entry) {
        if (entry->is_directory() && left_out(entry->path())) entry.disable_recursion_pending();
        if (entry->is_regular_file() && endings.contains(entry->path().extension().string()))
            found.push_back(read_source(fs::relative(entry->path(), root).string()));
    }
    return found;
}

std::set<std::string> all_matches(const source_file& file, const std::regex& pattern) {
    std::set<std::string> found;
    for (const auto& line : file.lines)
        for (std::sregex_iterator match(line.begin(), line.end(), pattern), none; match != none; ++match)
            found.insert((*match)[1]);
    return found;
}

}  // namespace penholder::testing
