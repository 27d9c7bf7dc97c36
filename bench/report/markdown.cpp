#include "text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace penholder::bench {
namespace {

constexpr std::string_view marker = "<!-- results -->\n";

using row = std::vector<std::string>;

/// How many columns of a terminal a text takes: UTF-8's continuation bytes take none.
std::size_t columns_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The first column to the left, all others to the right.
std::string table(const std::vector<row>& rows) {
    std::vector<std::size_t> widths(rows.front().size(), 0);
    for (const auto& one : rows) {
        for (std::size_t at = 0; at < one.size(); ++at)
            widths[at] = std::max({widths[at], columns_of(one[at]), std::size_t{3}});
    }
    std::string text;
    for (std::size_t line = 0; line < rows.size(); ++line) {
        for (std::size_t at = 0; at < rows[line].size(); ++at) {
            const auto& cell = rows[line][at];
            text += at == 0 ? fmt::format("| {:<{}} |", cell, widths[at]) : fmt::format(" {:>{}} |", cell, widths[at]);
        }
        text += '\n';
        if (line > 0) continue;
        for (std::size_t at = 0; at < widths.size(); ++at) {
            text += (at == 0 ? "|" : "") + std::string(widths[at] + 1, '-') + (at == 0 ? "-|" : ":|");
        }
        text += '\n';
    }
    return text;
}

std::string with_commas(double value) {
    const auto digits = fmt::format("{:.0f}", value);
    std::string text;
    for (std::size_t at = 0; at < digits.size(); ++at) {
        if (at > 0 && (digits.size() - at) % 3 == 0) text += ',';
        text += digits[at];
    }
    return text;
}

row table_row(const cell& one, double base) {
    const auto latency = one.latency();
    row made{one.contender, with_commas(one.rate()), fmt::format("{:.0f} %", 100 * one.spread()),
             base > 0 ? fmt::format("{:.1f}×", one.rate() / base) : std::string()};
    for (const auto q : {0.5, 0.99, 0.999}) made.push_back(with_commas(latency.quantile_us(q)));
    const auto share = one.session_share();
    made.push_back(share ? fmt::format("{:.0f} %", 100 * *share) : std::string());
    made.push_back(one.problem().empty() ? "exact" : "WRONG");
    return made;
}

std::string point_table(const point_result& found) {
    std::vector<row> rows{
        {"contender", "writes/s", "noise", "ratio", "p50 µs", "p99 µs", "p99.9 µs", "sessions", "result"}};
    for (const auto& one : found.cells) rows.push_back(table_row(one, found.cells.front().rate()));
    return fmt::format("**{}**\n\n{}\n", found.where.title(), table(rows));
}

std::string series_text(const series_result& found, const std::string& plots) {
    auto text = fmt::format("### {}\n\nOne small commit by itself took {:.0f} µs.\n\n", found.title, found.commit_us);
    if (!plots.empty()) text += fmt::format("![{}]({}/{}.svg)\n\n", found.title, plots, found.name);
    for (const auto& one : found.points) text += point_table(one);
    return text;
}

std::string amount(double value, const std::string& unit) {
    return (value >= 1000 ? with_commas(value) : fmt::format("{:.2f}", value)) + unit;
}

std::string goals_text(const results& found) {
    std::vector<row> rows{{"goal", "wanted", "measured", ""}};
    for (const auto& one : judge(found)) {
        rows.push_back({one.what, one.wanted, one.measured ? amount(*one.measured, one.unit) : "not in this run",
                        !one.measured ? ""
                        : one.reached ? "reached"
                                      : "not reached"});
    }
    return "### Goals\n\n" + table(rows) + "\n";
}

std::string pairs_text(const std::string& title, const std::vector<row>& rows) {
    return rows.size() < 2 ? std::string() : "### " + title + "\n\n" + table(rows) + "\n";
}

}  // namespace

std::string to_markdown(const results& found, const std::string& plots) {
    std::vector<row> machine{{"machine", ""}};
    for (const auto& [name, value] : found.machine) machine.push_back({name, value});
    std::vector<row> figures{{"figure", "measured"}};
    for (const auto& one : found.figures) figures.push_back({one.name, amount(one.value, one.unit)});
    auto text = pairs_text("Where", machine) + goals_text(found);
    for (const auto& one : found.series) text += series_text(one, plots);
    return text + pairs_text("Other figures", figures);
}

void replace_results(const std::string& file, const std::string& tables) {
    std::ifstream before(file);
    std::string text((std::istreambuf_iterator<char>(before)), std::istreambuf_iterator<char>());
    const auto at = text.find(marker);
    if (at == std::string::npos) throw std::runtime_error(file + " has no line '<!-- results -->' to put them after");
    std::ofstream(file) << text.substr(0, at + marker.size()) << '\n' << tables;
}

}  // namespace penholder::bench
