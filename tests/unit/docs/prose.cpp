#include "source_tree.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cctype>
#include <string_view>

using namespace penholder::testing;

namespace {

constexpr std::size_t widest_line = 120;
constexpr std::size_t widest_cell = 200;

// Words that the design replaced by the field's own, at word boundaries.
const char* const replaced_words =
    R"(\b(reigns?|mandates?|tenures?|obituar(?:y|ies)|death[- ]watch|wish(?:es|ed)?|glanc(?:e|es|ed|ing)|sights?)"
    R"(|strangers?|renounc(?:e|es|ed|ing)|tid(?:ies|ied|ying)|campaigns?|standing|comebacks?|tardy|errands?|deeds?)"
    R"(|testimony|whole looks?|looks? at everything)\b)";

std::vector<source_file> documents() {
    auto pages = sources_below("", {".md"});
    pages.push_back(read_source("config/penholderd.toml"));
    return pages;
}

// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t width(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

bool opens_or_closes_code(const std::string& line) {
    return line.find_first_not_of(' ') != std::string::npos &&
           line.substr(line.find_first_not_of(' ')).starts_with("```");
}

bool is_table_row(const std::string& line) {
    return line.starts_with("|");
}

bool has_link(const std::string& line) {
    return line.find("](") != std::string::npos || line.find("://") != std::string::npos;
}

// The lines of a page outside its blocks of code, each with its number.
std::vector<std::pair<std::size_t, std::string>> prose(const source_file& page) {
    std::vector<std::pair<std::size_t, std::string>> lines;
    bool code = false;
    for (std::size_t i = 0; i < page.lines.size(); ++i) {
        if (opens_or_closes_code(page.lines[i])) {
            code = !code;
        } else if (!code) {
            lines.emplace_back(i + 1, page.lines[i]);
        }
    }
    return lines;
}

// What stands between the bars of a table's row; `\|` is a bar inside a cell.
std::vector<std::string> cells(const std::string& row) {
    std::vector<std::string> found(1);
    for (std::size_t i = 1; i < row.size(); ++i) {
        if (row[i] == '|' && row[i - 1] != '\\') {
            found.emplace_back();
        } else {
            found.back() += row[i];
        }
    }
    return found;
}

std::size_t widest(const std::vector<std::string>& texts) {
    std::size_t most = 0;
    for (const auto& text : texts) most = std::max(most, width(text));
    return most;
}

bool is_there(const std::string& path) {
    return std::filesystem::exists(std::filesystem::path(PENHOLDER_SOURCE_DIR) / path);
}

// Where ARCHITECTURE.md says `wire/frame.hpp` or `lib/wire/frame.hpp`, both are lib/wire/frame.hpp.
bool names_a_file(const std::string& path) {
    return is_there(path) || is_there("lib/" + path);
}

// GitHub's name for a heading: lower case, blanks as hyphens, no punctuation.
std::string anchor(const std::string& heading) {
    std::string name;
    for (const char c : heading.substr(heading.find_first_not_of("# "))) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) || c == '-' || c == '_' || byte >= 0x80) name += static_cast<char>(std::tolower(byte));
        if (c == ' ') name += '-';
    }
    return name;
}

std::set<std::string> anchors(const source_file& page) {
    std::set<std::string> names;
    for (const auto& [number, line] : prose(page))
        if (line.starts_with("#")) names.insert(anchor(line));
    return names;
}

}  // namespace

TEST_CASE("no line of a document is wider than 120 characters, but for tables, code and links") {
    for (const auto& page : documents()) {
        for (const auto& [number, line] : prose(page)) {
            if (is_table_row(line) || has_link(line)) continue;
            INFO(page.path << ":" << number << ": " << line);
            CHECK(width(line) <= widest_line);
        }
    }
}

TEST_CASE("no cell of a table is a paragraph") {
    for (const auto& page : documents()) {
        for (const auto& [number, line] : prose(page)) {
            if (!is_table_row(line)) continue;
            INFO(page.path << ":" << number << ": " << line);
            CHECK(widest(cells(line)) <= widest_cell);
        }
    }
}

TEST_CASE("no document says a word that the design replaced by the field's own") {
    const std::regex replaced(replaced_words, std::regex::icase);
    for (const auto& page : documents()) {
        for (const auto& word : all_matches(page, replaced)) {
            INFO(page.path << " says " << word);
            CHECK(word.empty());
        }
    }
}

TEST_CASE("every file and folder that ARCHITECTURE.md names is there") {
    static const std::regex path(R"(`([a-z0-9_.-]+(?:/[a-z0-9_.-]+)*(?:/|\.(?:hpp|cpp|proto|toml|md|patch))))");
    static const std::regex planned(R"(^\| planned \|.*)");
    std::size_t named = 0;
    for (const auto& line : read_source("ARCHITECTURE.md").lines) {
        if (std::regex_match(line, planned)) continue;
        for (const auto& name : all_matches({"", {line}}, path)) {
            INFO(name);
            CHECK(names_a_file(name));
            ++named;
        }
    }
    CHECK(named > 25);
}

TEST_CASE("every link to a heading of the same page leads to one") {
    static const std::regex link(R"(\]\(#([^)]+)\))");
    for (const auto& page : sources_below("", {".md"})) {
        const auto headings = anchors(page);
        for (const auto& target : all_matches(page, link)) {
            INFO(page.path << " links to #" << target);
            CHECK(headings.contains(target));
        }
    }
}

TEST_CASE("docs/glossary.md explains each term once") {
    static const std::regex row(R"(^\| ([^|]+) \| [^|]+ \| [^|]* \|$)");
    std::set<std::string> terms;
    for (const auto& line : read_source("docs/glossary.md").lines) {
        std::smatch found;
        if (!std::regex_match(line, found, row) || found[1] == "term") continue;
        INFO(found[1]);
        CHECK(terms.insert(found[1]).second);
    }
    CHECK(terms.size() > 50);
}

TEST_CASE("README.md links to every page of docs") {
    static const std::regex link(R"(\]\((docs/[a-z_-]+\.md)\))");
    const auto linked = all_matches(read_source("README.md"), link);
    for (const auto& entry : std::filesystem::directory_iterator(PENHOLDER_SOURCE_DIR "/docs")) {
        if (entry.path().extension() != ".md") continue;
        INFO(entry.path());
        CHECK(linked.contains("docs/" + entry.path().filename().string()));
    }
}

TEST_CASE("no two decisions have one number, and each has its number in its title") {
    std::set<std::string> numbers;
    for (const auto& page : sources_below("docs/decisions", {".md"})) {
        const auto name = std::filesystem::path(page.path).filename().string();
        if (name == "README.md") continue;
        INFO(page.path);
        const auto number = name.substr(0, 4);
        CHECK(numbers.insert(number).second);
        CHECK(page.lines.at(0).starts_with("# " + number + ": "));
    }
    CHECK(numbers.size() >= 15);
}
