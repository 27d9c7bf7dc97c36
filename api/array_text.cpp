#include "api/array_text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace penholder::api {
namespace {

namespace json = boost::json;

using element_maker = std::function<json::value(std::string_view)>;

constexpr int most_dimensions = 6;  // PostgreSQL's MAXDIM.

/// Reads what PostgreSQL's array_out writes: no space but inside of elements, NULL in capitals.
class array_reader {
public:
    array_reader(std::string_view text, char delimiter, const element_maker& element)
        : text_(text), delimiter_(delimiter), element_(element) {}

    std::optional<json::value> read() {
        if (!text_.empty() && text_.front() == '[')
            text_.remove_prefix(std::min(text_.find('='), text_.size() - 1) + 1);
        json::array made;
        if (!read_list(made, 1) || !text_.empty()) return std::nullopt;
        return json::value(std::move(made));
    }

private:
    bool take(char c) {
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }

    bool read_list(json::array& into, int dimension) {
        if (dimension > most_dimensions || !take('{')) return false;
        if (take('}')) return true;
        do {
            if (!read_one(into, dimension)) return false;
        } while (take(delimiter_));
        return take('}');
    }

    bool read_one(json::array& into, int dimension) {
        if (text_.empty()) return false;
        if (text_.front() == '{') return read_list(into.emplace_back(json::array()).get_array(), dimension + 1);
        return text_.front() == '"' ? read_quoted(into) : read_bare(into);
    }

    bool read_quoted(json::array& into) {
        std::string value;
        text_.remove_prefix(1);
        while (!take('"')) {
            take('\\');
            if (text_.empty()) return false;
            value += text_.front();
            text_.remove_prefix(1);
        }
        into.push_back(element_(value));
        return true;
    }

    bool read_bare(json::array& into) {
        const char ends[] = {delimiter_, '}'};
        const auto length = text_.find_first_of(std::string_view(ends, sizeof ends));
        if (length == std::string_view::npos || length == 0) return false;
        const auto value = text_.substr(0, length);
        text_.remove_prefix(length);
        into.push_back(value == "NULL" ? json::value() : element_(value));
        return true;
    }

    std::string_view text_;
    char delimiter_;
    const element_maker& element_;
};

}  // namespace

std::optional<json::value> read_array_text(std::string_view text, char delimiter, const element_maker& element) {
    return array_reader(text, delimiter, element).read();
}

}  // namespace penholder::api
