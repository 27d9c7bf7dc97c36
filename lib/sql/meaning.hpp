#pragma once

#include <string>
#include <string_view>

namespace penholder::sql {

/// A statement's text without what means nothing to PostgreSQL: its tokens, words in lower case, which PostgreSQL folds
/// too, the rest as it was given; comments, space between tokens and semicolons at the end are left out. Two texts with
/// one meaning are one statement; some that PostgreSQL takes for the same have two. A text that ends inside a string,
/// an identifier or a comment is its own meaning. Never changes for the same text: databases hold fingerprints of it.
/// Pure.
std::string meaning_of(std::string_view sql);

}  // namespace penholder::sql
