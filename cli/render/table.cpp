#include "base/printable.hpp"
#include "cli/render/renderer.hpp"
#include "cli/text.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace penholder::cli {
namespace {

std::string_view escape_of(tone how) {
    switch (how) {
        case tone::strong: return "\x1b[1m";
        case tone::good: return "\x1b[32m";
        case tone::warning: return "\x1b[33m";
        case tone::bad: return "\x1b[31m";
        case tone::faint: return "\x1b[2m";
        case tone::plain: break;
    }
    return "";
}

std::string paint(const std::string& text, tone how, bool colour) {
    const auto escape = escape_of(how);
    if (!colour || escape.empty() || text.empty()) return text;
    return std::string(escape) + text + "\x1b[0m";
}

std::string title(const std::string& name) {
    std::string text = name;
    std::ranges::transform(text, text.begin(), [](char c) {
        return c == '_' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    });
    return text;
}

// Lays out the columns that the page shows; which they are and how wide is the same for all rows of a section.
class grid {
public:
    grid(const std::vector<column>& columns, const std::vector<row>& rows, bool colour) : colour_(colour) {
        row header;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i].in_heading || is_empty(rows, i)) continue;
            shown_.push_back(i);
            right_.push_back(columns[i].number);
        }
        for (const column& each : columns) header.emplace_back(title(each.name), tone::faint);
        lines_.push_back(std::move(header));
        lines_.insert(lines_.end(), rows.begin(), rows.end());
        measure();
    }

    std::string text() const {
        std::string out;
        for (const row& line : lines_) out += line_text(line) + "\n";
        return out;
    }

private:
    static std::string text_of(const row& line, std::size_t index) {
        return index < line.size() ? printable(line[index].text) : "";
    }

    // A column that says nothing in any row is left out.
    static bool is_empty(const std::vector<row>& rows, std::size_t index) {
        return std::ranges::all_of(rows, [&](const row& line) { return text_of(line, index).empty(); });
    }

    void measure() {
        widths_.assign(shown_.size(), 0);
        for (const row& line : lines_) {
            for (std::size_t i = 0; i < shown_.size(); ++i) {
                widths_[i] = std::max(widths_[i], width(text_of(line, shown_[i])));
            }
        }
    }

    std::string line_text(const row& line) const {
        std::string out;
        for (std::size_t i = 0; i < shown_.size(); ++i) {
            const std::string text = text_of(line, shown_[i]);
            const std::string space(widths_[i] - width(text), ' ');
            const std::string painted =
                paint(text, shown_[i] < line.size() ? line[shown_[i]].tone : tone::plain, colour_);
            out += (i == 0 ? "" : "  ") + (right_[i] ? space + painted : painted + space);
        }
        out.erase(out.find_last_not_of(' ') + 1);
        return out;
    }

    bool colour_;
    std::vector<std::size_t> shown_;
    std::vector<bool> right_;
    std::vector<row> lines_;
    std::vector<std::size_t> widths_;
};

std::string heading_text(const row& heading, bool colour) {
    std::string out;
    for (const cell& each : heading) {
        if (!out.empty()) out += "  ";
        out += paint(printable(each.text), each.tone, colour);
    }
    return out + "\n";
}

}  // namespace

std::string render_table(const document& what, bool colour) {
    if (what.text) return *what.text;
    const bool has_table = !std::ranges::all_of(what.columns, &column::in_heading);
    std::string out;
    for (const section& each : what.sections) {
        if (!out.empty()) out += "\n";
        for (const row& heading : each.heading) out += heading_text(heading, colour);
        if (has_table && !each.rows.empty()) out += grid(what.columns, each.rows, colour).text();
    }
    return out;
}

}  // namespace penholder::cli
