#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace penholder::sql {

/// What is known of statements by their texts, so that a text that comes again and again is looked at once. Bounded: it
/// forgets everything when it knows too many texts, and remembers no long ones. Owned by whoever asks; one thread.
template <class Note>
class text_notes {
public:
    /// The note of `sql`, made by `make(sql)` where there is none. Good until the next call.
    template <class Make>
    Note& of(const std::string& sql, Make make) {
        if (const auto found = notes_.find(sql); found != notes_.end()) return found->second;
        if (sql.size() > longest_text) return passing_.emplace(make(sql));
        if (notes_.size() >= most_notes) notes_.clear();
        return notes_.emplace(sql, make(sql)).first->second;
    }

    std::size_t size() const noexcept { return notes_.size(); }

private:
    static constexpr std::size_t most_notes = 1024;
    static constexpr std::size_t longest_text = 4096;

    std::unordered_map<std::string, Note> notes_;
    std::optional<Note> passing_;
};

}  // namespace penholder::sql
