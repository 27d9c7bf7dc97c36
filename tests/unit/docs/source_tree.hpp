#pragma once

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace penholder::testing {

/// One text file of the project, by its path from the project's root.
struct source_file {
    std::string path;
    std::vector<std::string> lines;
};

/// The file at this path; throws std::runtime_error when it is not there.
source_file read_source(const std::string& path);

/// Every file of the project below `folder` (empty: all of it) with one of these endings. Builds and git's own files
/// are left out.
std::vector<source_file> sources_below(const std::string& folder, const std::set<std::string>& endings);

/// What the first group of `pattern` matched, anywhere in the file.
std::set<std::string> all_matches(const source_file& file, const std::regex& pattern);

}  // namespace penholder::testing
