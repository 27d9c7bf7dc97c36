#pragma once

#include <penholder/error.hpp>

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace penholder::zookeeper {

/// What the ensemble, or the client library in its place, answered other than success.
enum class reason : std::uint8_t {
    no_node,
    node_exists,
    bad_version,
    not_empty,
    no_children_for_ephemerals,
    connection_loss,  ///< The request may or may not have been carried out.
    session_expired,
    not_authorized,
    bad_arguments,
    other,
};

std::string_view to_string(reason what) noexcept;

/// Why an operation has no result: the reason to decide by, the client library's own code and the znode for people.
struct failure {
    reason why = reason::other;
    int native = 0;  ///< A ZOO_ERRORS value.
    std::string path;

    /// True when nothing proves that the operation was not carried out.
    bool lost() const noexcept { return why == reason::connection_loss || why == reason::session_expired; }
    error to_error() const;
    friend bool operator==(const failure&, const failure&) = default;
};

/// Reading a value that is not there is a mistake in the program.
[[noreturn]] void throw_exception_from_error(const failure& why, const boost::source_location&);

/// The value, or what the ensemble answered instead.
template <class T = void>
using reply = boost::system::result<T, failure>;

/// What every znode has.
struct stat {
    std::int32_t version = 0;
    std::int64_t owner = 0;    ///< The session of an ephemeral znode, else 0.
    std::int64_t created = 0;  ///< The transaction that created it.
    std::int32_t children = 0;
    std::int32_t child_changes = 0;  ///< How many children were ever created here or removed.
};

/// A znode's data as it was read.
struct znode {
    std::string data;
    zookeeper::stat stat;
};

/// A znode's children as they were listed.
struct listing {
    std::vector<std::string> names;
    zookeeper::stat stat;  ///< The parent's.
};

enum class create_mode : std::uint8_t { persistent, ephemeral, ephemeral_sequential };

/// One step of a transaction.
struct operation {
    enum class kind : std::uint8_t { create, set, remove, check };
    kind what = kind::check;
    std::string path;
    std::string data;
    std::int32_t version = -1;  ///< -1 for any.
    create_mode mode = create_mode::persistent;

    static operation create(std::string path, std::string data, create_mode mode);
    static operation set(std::string path, std::string data, std::int32_t version);
    static operation remove(std::string path, std::int32_t version = -1);
    static operation check(std::string path, std::int32_t version);
};

}  // namespace penholder::zookeeper
