#include "node_tree.hpp"

#include <charconv>
#include <cstddef>

namespace penholder::sql {

/// Reads one text. Tokens end at white space and at ( ) { }, unless a backslash is before these.
class tree_reader {
public:
    tree_reader(std::string_view text, node_tree& into) : text_(text), into_(into) {}

    bool run() {
        next();
        into_.root_ = read_value(0);
        return !failed_ && token_.empty() && (into_.root_.of != nullptr || into_.root_.is_list);
    }

private:
    static constexpr int max_depth = 3000;

    static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }
    static bool is_mark(char c) { return c == '(' || c == ')' || c == '{' || c == '}'; }

    void next() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
        const auto begin = at_;
        if (at_ < text_.size() && is_mark(text_[at_])) {
            ++at_;
        } else {
            while (at_ < text_.size() && !is_space(text_[at_]) && !is_mark(text_[at_])) {
                at_ += text_[at_] == '\\' && at_ + 1 < text_.size() ? 2 : 1;
            }
        }
        token_ = text_.substr(begin, at_ - begin);
    }

    node_tree::value read_value(int depth) {
        node_tree::value read;
        if (depth > max_depth || token_.empty() || token_ == ")" || token_ == "}") return failed_ = true, read;
        if (token_ == "{") {
            read.of = read_node(depth);
        } else if (token_ == "(") {
            read.is_list = true;
            for (next(); !failed_ && token_ != ")";) read.items.push_back(read_value(depth + 1));
            next();
        } else {
            read.atom = token_;
            next();
        }
        return read;
    }

    /// A field has one value at least, whatever that begins with; of a constant's bytes the first is kept.
    const node_tree::node* read_node(int depth) {
        auto& made = into_.nodes_.emplace_back();
        next();
        made.tag = token_;
        for (next(); !failed_ && token_ != "}";) {
            if (token_.empty() || token_.front() != ':') return failed_ = true, &made;
            const auto name = token_.substr(1);
            next();
            made.fields.emplace_back(name, read_value(depth + 1));
            while (!failed_ && token_ != "}" && !token_.empty() && token_.front() != ':') read_value(depth + 1);
        }
        next();
        return &made;
    }

    std::string_view text_;
    node_tree& into_;
    std::size_t at_ = 0;
    std::string_view token_;
    bool failed_ = false;
};

const node_tree::value* node_tree::node::find(std::string_view name) const noexcept {
    for (const auto& [field, held] : fields) {
        if (field == name) return &held;
    }
    return nullptr;
}

std::string_view node_tree::node::atom(std::string_view name) const noexcept {
    const auto* found = find(name);
    return found ? found->atom : std::string_view();
}

std::int64_t node_tree::node::number(std::string_view name) const noexcept {
    return number_of(atom(name)).value_or(0);
}

result<node_tree> node_tree::parse(std::string_view text) {
    node_tree made;
    if (!tree_reader(text, made).run()) {
        return error{errc::internal, "PostgreSQL's node tree cannot be read"};
    }
    return made;
}

std::optional<std::int64_t> number_of(std::string_view atom) noexcept {
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(atom.data(), atom.data() + atom.size(), number);
    if (failed != std::errc() || end != atom.data() + atom.size()) return std::nullopt;
    return number;
}

}  // namespace penholder::sql
