#include "base/printable.hpp"
#include "cli/render/renderer.hpp"

#include <boost/json/serialize.hpp>

namespace penholder::cli {
namespace {

namespace json = boost::json;

std::string json_quoted(std::string_view text) {
    std::string made;
    append_json_string(made, text);
    return made;
}

// Writes one value, indented or on one line.
class writer {
public:
    explicit writer(bool indented) : indented_(indented) {}

    void put(const json::value& what) {
        if (const auto* object = what.if_object(); object != nullptr && !object->empty()) {
            put_object(*object);
        } else if (const auto* array = what.if_array(); array != nullptr && !array->empty()) {
            put_array(*array);
        } else if (const auto* text = what.if_string()) {
            out_ += json_quoted(*text);
        } else {
            out_ += json::serialize(what);
        }
    }
    std::string text() && { return std::move(out_) + "\n"; }

private:
    void put_object(const json::object& object) {
        ++depth_;
        for (char before = '{'; const auto& [key, value] : object) {
            begin_line(std::exchange(before, ','));
            out_ += json_quoted(key) + (indented_ ? ": " : ":");
            put(value);
        }
        end('}');
    }

    void put_array(const json::array& array) {
        ++depth_;
        for (char before = '['; const auto& value : array) {
            begin_line(std::exchange(before, ','));
            put(value);
        }
        end(']');
    }

    void begin_line(char before) {
        out_ += before;
        if (!indented_) return;
        out_ += '\n';
        out_.append(depth_ * 2, ' ');
    }

    void end(char bracket) {
        --depth_;
        if (indented_) out_ += "\n" + std::string(depth_ * 2, ' ');
        out_ += bracket;
    }

    bool indented_;
    std::size_t depth_ = 0;
    std::string out_;
};

std::string render(const document& what, bool indented) {
    writer made(indented);
    made.put(what.data);
    return std::move(made).text();
}

}  // namespace

std::string render_json(const document& what) {
    return render(what, true);
}

std::string render_json_line(const document& what) {
    return render(what, false);
}

}  // namespace penholder::cli
