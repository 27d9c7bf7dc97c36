#pragma once

#include <cassert>
#include <cstdint>

namespace penholder::election {

/// The node's session with the ensemble, as its events tell. Callbacks of a handle that was replaced may come late:
/// they carry an older generation and are not fresh. A suspended session, and its znodes, may still live; of one that
/// is overdue nobody can tell.
class session_state {
public:
    bool is_fresh(std::uint64_t generation) const noexcept { return generation >= generation_; }
    bool is_up() const noexcept { return connection_ == connection::up; }
    bool exists() const noexcept { return connection_ != connection::none; }
    bool is_overdue() const noexcept { return connection_ == connection::overdue; }
    std::int64_t id() const noexcept { return id_; }

    void up(std::uint64_t generation, std::int64_t id) noexcept {
        generation_ = generation;
        id_ = id;
        connection_ = connection::up;
    }
    void suspend() noexcept {
        assert(exists());
        if (is_up()) connection_ = connection::suspended;
    }
    void be_overdue() noexcept {
        assert(exists());
        connection_ = connection::overdue;
    }
    void expire(std::uint64_t generation) noexcept {
        generation_ = generation;
        id_ = 0;
        connection_ = connection::none;
    }

private:
    enum class connection : std::uint8_t { none, overdue, suspended, up };

    connection connection_ = connection::none;
    std::uint64_t generation_ = 0;
    std::int64_t id_ = 0;
};

}  // namespace penholder::election
