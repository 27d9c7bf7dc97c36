#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace penholder::sql {

/// What a statement may leave in its session for those that come after it.
enum class residue : std::uint8_t {
    /// Nothing, or what only session functions tell, such as a sequence's last value; it calls none of those itself, so
    /// statements that leave nothing do not notice each other.
    nothing,
    cleanable,  ///< DISCARD ALL takes it away.
    unclean,    ///< Only a new connection is without it.
};

/// What PostgreSQL's catalogue says of every statement of one shape (see shape.hpp), and so which way to the database
/// it takes. A statement is plain if nothing but PostgreSQL's own harmless code can run by it and nobody could tell
/// that others were in its transaction; what is not known to be plain is not. True only while the catalogue is as it
/// was.
struct plainness {
    bool plain = false;
    std::string why_not;  ///< One word for metrics where it is not plain: "volatile_function", "row_security", …
    std::string detail;   ///< What exactly, for a person: "trigger audit on public.orders calls audit()".
    /// How many the statement that was asked about takes; others of its shape may have more rows. Whether a write gave
    /// as many as its text takes is write_check's to know: where it did not, its shape is empty.
    std::uint16_t parameters = 0;
    /// The tables ("schema.name", sorted) in whose changed rows it stores the transaction's time: it shares a batch
    /// with no other such change of one of them.
    std::vector<std::string> stamped_tables;
    /// The tables into which it inserts rows with the transaction's time: it shares a batch with such inserts, and with
    /// no change that makes a table a stamped one.
    std::vector<std::string> new_stamped_tables;
    /// The tables from which it deletes rows: it shares a batch with no such insert into one of them.
    std::vector<std::string> deleted_tables = {};
    residue leaves = residue::unclean;

    friend bool operator==(const plainness&, const plainness&) = default;
};

/// A counter in the database that every change of its catalogue raises, in the same transaction; 0 where there is none,
/// and then nothing is plain.
struct catalogue_stamp {
    std::uint64_t value = 0;

    explicit operator bool() const noexcept { return value != 0; }
    friend bool operator==(const catalogue_stamp&, const catalogue_stamp&) = default;
};

/// A shape's plainness, and the stamp that the catalogue had when it was read.
struct judgement {
    sql::plainness plainness;
    catalogue_stamp as_of;
};

}  // namespace penholder::sql
