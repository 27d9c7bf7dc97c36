#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::bench {

/// A picture as SVG, drawn in the order of the calls, without a background: readable on light and dark ground.
/// Coordinates run from the upper left corner. Texts are escaped.
class svg {
public:
    enum class anchor { start, middle, end };
    struct position {
        double x = 0;
        double y = 0;
    };
    static constexpr std::string_view ink = "#888";         ///< Of texts.
    static constexpr std::string_view faint = "#88888855";  ///< Of grids and frames.

    svg(double width, double height) : width_(width), height_(height) {}

    void text(position at, std::string_view words, anchor how = anchor::start, std::string_view colour = ink);
    void title(position at, std::string_view words);
    void line(position from, position to, std::string_view colour);
    /// A filled box; `hint` shows where a pointer rests on it.
    void box(position corner, double width, double height, std::string_view colour, std::string_view hint = {});
    void curve(const std::vector<position>& through, std::string_view colour);

    std::string document() const;

private:
    double width_;
    double height_;
    std::string drawn_;
};

/// The colour of the series of that number, in every picture.
std::string_view series_colour(std::size_t number);

}  // namespace penholder::bench
