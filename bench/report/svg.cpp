#include "svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace penholder::bench {
namespace {

constexpr double width = 900;
constexpr double left = 70;
constexpr double top = 40;
constexpr double plot_height = 300;
constexpr double row_height = 18;
constexpr double columns = 4;
constexpr std::array colours{"#9aa0a6", "#c58b2a", "#7a6fae", "#5c8a9c", "#b05f5f", "#8a9a5b",
                             "#444c56", "#1b7f4d", "#2a9df4", "#8cc63f", "#d0679d", "#3b5bdb"};

std::string escaped(std::string_view text) {
    std::string made;
    for (const char c : text) {
        if (c == '&') {
            made += "&amp;";
        } else if (c == '<') {
            made += "&lt;";
        } else {
            made += c;
        }
    }
    return made;
}

std::string short_number(double value) {
    if (value >= 1e6) return fmt::format("{:g}M", value / 1e6);
    return value >= 1e3 ? fmt::format("{:g}k", value / 1e3) : fmt::format("{:g}", value);
}

/// A scale in whole powers of ten around what is shown.
class scale {
public:
    explicit scale(const plot& what) {
        double least = 1e300;
        double most = 1;
        for (const auto& line : what.lines) {
            for (const auto value : line.values) {
                if (value <= 0) continue;
                least = std::min(least, value);
                most = std::max(most, value);
            }
        }
        low_ = std::floor(std::log10(std::min(least, most)) - 0.3);
        high_ = std::max(std::ceil(std::log10(most)), low_ + 1);
    }

    double y(double value) const { return top + plot_height * (high_ - std::log10(value)) / (high_ - low_); }
    std::vector<double> marks() const {
        std::vector<double> found;
        for (double power = low_; power <= high_; ++power) found.push_back(std::pow(10, power));
        return found;
    }

private:
    double low_ = 0;
    double high_ = 1;
};

std::string grid(const scale& along) {
    std::string text;
    for (const auto mark : along.marks()) {
        text += fmt::format(
            "<line x1='{}' y1='{y:.1f}' x2='{}' y2='{y:.1f}' stroke='#88888855'/>\n"
            "<text x='{}' y='{:.1f}' text-anchor='end'>{}</text>\n",
            left, width - 10, left - 6, along.y(mark) + 4, short_number(mark), fmt::arg("y", along.y(mark)));
    }
    return text;
}

std::string bars(const plot& what, const scale& along) {
    const double group = (width - left - 10) / static_cast<double>(what.places.size());
    const double bar = std::min(group * 0.9 / static_cast<double>(what.lines.size()), 60.0);
    const double used = bar * static_cast<double>(what.lines.size());
    std::string text;
    for (std::size_t place = 0; place < what.places.size(); ++place) {
        const double middle = left + group * (static_cast<double>(place) + 0.5);
        text += fmt::format("<text x='{:.1f}' y='{}' text-anchor='middle'>{}</text>\n", middle, top + plot_height + 18,
                            escaped(what.places[place]));
        for (std::size_t at = 0; at < what.lines.size(); ++at) {
            const auto value = what.lines[at].values[place];
            if (value <= 0) continue;
            text += fmt::format(
                "<rect x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{:.1f}' fill='{}'>"
                "<title>{}: {:.0f} {}</title></rect>\n",
                middle - used / 2 + bar * static_cast<double>(at), along.y(value), bar - 1,
                top + plot_height - along.y(value), colours[at % colours.size()], escaped(what.lines[at].name), value,
                escaped(what.unit));
        }
    }
    return text;
}

std::string key(const plot& what) {
    std::string text;
    for (std::size_t at = 0; at < what.lines.size(); ++at) {
        const double x = left + std::fmod(static_cast<double>(at), columns) * (width - left) / columns;
        const double y = top + plot_height + 42 + std::floor(static_cast<double>(at) / columns) * row_height;
        text += fmt::format(
            "<rect x='{:.1f}' y='{:.1f}' width='10' height='10' fill='{}'/>"
            "<text x='{:.1f}' y='{:.1f}'>{}</text>\n",
            x, y - 9, colours[at % colours.size()], x + 15, y, escaped(what.lines[at].name));
    }
    return text;
}

}  // namespace

std::string to_svg(const plot& what) {
    const scale along(what);
    const double rows = std::ceil(static_cast<double>(what.lines.size()) / columns);
    return fmt::format(
               "<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='{}' font-family='sans-serif' font-size='12' "
               "fill='#888'>\n<text x='{}' y='20' font-size='15'>{} ({})</text>\n",
               width, top + plot_height + 42 + rows * row_height, left, escaped(what.title), escaped(what.unit)) +
           grid(along) + bars(what, along) + key(what) + "</svg>\n";
}

}  // namespace penholder::bench
