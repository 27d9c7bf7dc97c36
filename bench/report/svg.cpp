#include "report/svg.hpp"

#include <fmt/format.h>

#include <array>

namespace penholder::bench {
namespace {

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

std::string_view name_of(svg::anchor how) {
    if (how == svg::anchor::middle) return "middle";
    return how == svg::anchor::end ? "end" : "start";
}

}  // namespace

void svg::text(position at, std::string_view words, anchor how, std::string_view colour) {
    drawn_ += fmt::format("<text x='{:.1f}' y='{:.1f}' text-anchor='{}' fill='{}'>{}</text>\n", at.x, at.y,
                          name_of(how), colour, escaped(words));
}

void svg::title(position at, std::string_view words) {
    drawn_ += fmt::format("<text x='{:.1f}' y='{:.1f}' font-size='15'>{}</text>\n", at.x, at.y, escaped(words));
}

void svg::line(position from, position to, std::string_view colour) {
    drawn_ += fmt::format("<line x1='{:.1f}' y1='{:.1f}' x2='{:.1f}' y2='{:.1f}' stroke='{}'/>\n", from.x, from.y, to.x,
                          to.y, colour);
}

void svg::box(position corner, double width, double height, std::string_view colour, std::string_view hint) {
    const auto inner = hint.empty() ? std::string() : fmt::format("<title>{}</title>", escaped(hint));
    drawn_ += fmt::format("<rect x='{:.1f}' y='{:.1f}' width='{:.1f}' height='{:.1f}' fill='{}'>{}</rect>\n", corner.x,
                          corner.y, width, height, colour, inner);
}

void svg::curve(const std::vector<position>& through, std::string_view colour) {
    std::string points;
    for (const auto& each : through) points += fmt::format("{:.1f},{:.1f} ", each.x, each.y);
    drawn_ += fmt::format("<polyline points='{}' fill='none' stroke='{}' stroke-width='2'/>\n", points, colour);
}

std::string svg::document() const {
    return fmt::format(
               "<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='{}' font-family='sans-serif' font-size='12' "
               "fill='{}'>\n",
               width_, height_, ink) +
           drawn_ + "</svg>\n";
}

std::string_view series_colour(std::size_t number) {
    return colours[number % colours.size()];
}

}  // namespace penholder::bench
