#pragma once

#include "ids.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace penholder {

/// A place in a server's write-ahead log: every promotion begins a new timeline. Timeline 0 means none is known.
struct log_position {
    std::uint32_t timeline = 0;
    std::uint64_t lsn = 0;

    bool is_known() const noexcept { return timeline != 0; }
    friend auto operator<=>(const log_position&, const log_position&) = default;
};

/// "2@0/3000148": the timeline, and the position as PostgreSQL writes one; empty where none is known.
std::string to_string(const log_position& where);
/// Nothing where the text is no position; an empty one is none known.
std::optional<log_position> parse_log_position(std::string_view text);

/// When and where a fence was raised last.
struct fence_raise {
    penholder::term term;
    log_position at{};

    bool is_known() const noexcept { return at.is_known(); }
    friend bool operator==(const fence_raise&, const fence_raise&) = default;
};

/// "7:2@0/3000148": the term before the position; empty where none is known.
std::string to_string(const fence_raise& what);
std::optional<fence_raise> parse_fence_raise(std::string_view text);

/// Which of two raises of a group tells more: terms are ever newer, and one term can be raised again where a standby
/// was promoted.
bool is_newer(const fence_raise& one, const fence_raise& other) noexcept;

/// How a server of a database stands in its history: the timeline that it writes, and the last raise that it holds.
struct lineage {
    std::uint32_t timeline = 0;  ///< 0 where it could not be asked.
    fence_raise last{};

    friend bool operator==(const lineage&, const lineage&) = default;
};

/// What a server is to a group whose fence was raised last as is known. Only servers of one identity are compared.
enum class descent : std::uint8_t {
    current,         ///< It holds the last raise, or none is known.
    set_back,        ///< The same, but its fence was set to an older term.
    promoted,        ///< A newer timeline that holds the last raise: a failover.
    promoted_early,  ///< A newer timeline that begins before the last raise: a failover that lost it, or a restore.
    older_timeline,  ///< An old primary that came back.
    older_raise,     ///< The same timeline without the last raise: a copy, or a disk that went back.
    left,  ///< Its last raise lies behind the known one and is of an older term: operators moved the group away.
};

descent descent_of(const lineage& server, const fence_raise& known) noexcept;

/// Whether the group may write there. Where not, somebody wrote elsewhere since, and keys would be used twice.
bool may_be_written(descent what) noexcept;
/// It may, and its fence is older than the last raise: writes that were answered may be lost with it.
bool lost_the_last_raise(descent what) noexcept;

/// Which server to take where both may be written: the newer timeline, then the later raise.
bool precedes(const lineage& one, const lineage& other) noexcept;

/// For people: why `host`, which is there, is not written to while `newer` is.
std::string outdone(const std::string& host, const lineage& server, const std::string& newer, const lineage& by);

/// As the schema's functions answer: the timeline now, and the term, timeline and position of the last raise.
lineage lineage_of(const std::string& timeline, const std::string& term, const std::string& raised_timeline,
                   const std::string& raised_at);

/// For people: why `host` is not written to, and what to do. Requires that it may not be.
std::string refusal(const std::string& host, const lineage& server, const fence_raise& known);

}  // namespace penholder
