#include "api/exact_json.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>
#include <fmt/format.h>

#include <unordered_set>
#include <utility>
#include <vector>

namespace penholder::api {
namespace {

namespace json = boost::json;
using boost::system::error_code;

/// Marks a string in a tree as JSON's own text. No JSON string holds this byte: it is never valid UTF-8, and the parser
/// refuses what is not.
constexpr char verbatim_mark = '\xFF';

constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

/// What `json::basic_parser` calls: builds the tree, numbers beyond 64-bit integers as marked text.
struct tree_builder {
    static constexpr std::size_t max_object_size = 65536;
    static constexpr std::size_t max_array_size = 1024 * 1024;
    static constexpr std::size_t max_key_size = 65536;
    static constexpr std::size_t max_string_size = 1024 * 1024 * 1024;

    json::value_stack stack;
    std::string number{verbatim_mark};
    std::string key;
    std::vector<std::unordered_set<std::string>> members;  ///< Of the objects that are open.
    std::string twice;                                     ///< A member that is in its object twice.

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return members.emplace_back(), true; }
    bool on_object_end(std::size_t size, error_code&) {
        members.pop_back();
        return stack.push_object(size), true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t size, error_code&) { return stack.push_array(size), true; }
    bool on_key_part(json::string_view text, std::size_t, error_code&) {
        key.append(text.data(), text.size());
        return stack.push_chars(text), true;
    }
    bool on_key(json::string_view text, std::size_t, error_code& failed) {
        key.append(text.data(), text.size());
        stack.push_key(text);
        const bool is_first = members.back().insert(key).second;
        if (!is_first) {
            twice = key;
            failed = json::error::syntax;
        }
        key.clear();
        return !failed;
    }
    bool on_string_part(json::string_view text, std::size_t, error_code&) { return stack.push_chars(text), true; }
    bool on_string(json::string_view text, std::size_t, error_code&) { return stack.push_string(text), true; }
    bool on_number_part(json::string_view text, error_code&) { return number.append(text.data(), text.size()), true; }
    bool on_int64(std::int64_t value, json::string_view text, error_code& failed) {
        const bool is_negative_zero = value == 0 && (number.size() > 1 ? number[1] : text.front()) == '-';
        if (is_negative_zero) return on_double(-0.0, text, failed);
        number.resize(1);
        return stack.push_int64(value), true;
    }
    bool on_uint64(std::uint64_t value, json::string_view, error_code&) {
        number.resize(1);
        return stack.push_uint64(value), true;
    }
    bool on_double(double, json::string_view text, error_code&) {
        number.append(text.data(), text.size());
        stack.push_string(number);
        number.resize(1);
        return true;
    }
    bool on_bool(bool value, error_code&) { return stack.push_bool(value), true; }
    bool on_null(error_code&) { return stack.push_null(), true; }
    bool on_comment_part(json::string_view, error_code&) { return true; }
    bool on_comment(json::string_view, error_code&) { return true; }
};

/// Takes a tree's text and hands it on in pieces.
class text_writer {
public:
    explicit text_writer(const std::function<void(std::string_view)>& into) : into_(into) {}

    void write(const json::value& value) {
        if (const auto* object = value.if_object()) {
            write_members(*object);
        } else if (const auto* array = value.if_array()) {
            write_elements(*array);
        } else if (is_verbatim(value)) {
            text_ += verbatim_text(value);
        } else {
            text_ += json::serialize(value);
        }
        if (text_.size() >= piece_bytes) flush();
    }

    void flush() {
        into_(text_);
        text_.clear();
    }

private:
    void write_members(const json::object& object) {
        char separator = '{';
        for (const auto& [key, member] : object) {
            text_.append(1, separator).append(json::serialize(json::string(key))).append(1, ':');
            write(member);
            separator = ',';
        }
        text_.append(object.empty() ? "{}" : "}");
    }

    void write_elements(const json::array& array) {
        char separator = '[';
        for (const auto& element : array) {
            text_.append(1, separator);
            write(element);
            separator = ',';
        }
        text_.append(array.empty() ? "[]" : "]");
    }

    const std::function<void(std::string_view)>& into_;
    std::string text_;
};

}  // namespace

result<json::value> parse_exactly(std::string_view text) {
    json::basic_parser<tree_builder> parser{json::parse_options{}};
    parser.handler().stack.reset();
    error_code failed;
    const auto consumed = parser.write_some(false, text.data(), text.size(), failed);
    if (!failed && consumed < text.size()) failed = json::error::extra_data;
    if (const auto& twice = parser.handler().twice; !twice.empty()) {
        return error{errc::malformed_write,
                     fmt::format("the body has the member '{}' twice in one object; which of them counts?", twice)};
    }
    if (failed) {
        return error{errc::malformed_write,
                     fmt::format("the body is no JSON: {} at byte {}", failed.message(), consumed)};
    }
    return parser.handler().stack.release();
}

json::value verbatim(std::string_view text) {
    json::string marked(1, verbatim_mark);
    marked.append(json::string_view(text.data(), text.size()));
    return marked;
}

bool is_verbatim(const json::value& value) {
    const auto* text = value.if_string();
    return text != nullptr && !text->empty() && text->front() == verbatim_mark;
}

std::string_view verbatim_text(const json::value& value) {
    const auto& text = value.get_string();
    return std::string_view(text.data(), text.size()).substr(1);
}

std::string write_exactly(const json::value& value) {
    std::string text;
    write_exactly(value, [&](std::string_view piece) { text += piece; });
    return text;
}

void write_exactly(const json::value& value, const std::function<void(std::string_view)>& into) {
    text_writer writer(into);
    writer.write(value);
    writer.flush();
}

}  // namespace penholder::api
