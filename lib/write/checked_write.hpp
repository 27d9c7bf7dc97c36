#pragma once

#include "model/write_id.hpp"

#include <penholder/write.hpp>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace penholder {

/// A write that may be sent: it has a write id, its form and size are right and nothing in it is forbidden. Only a
/// write_check makes one, at the node that received the write, so whatever takes one checks, parses and measures
/// nothing again. The write itself is shared and never changes; an attempt costs a copy of the id.
class checked_write {
public:
    const write_id& id() const noexcept { return id_; }
    const write& what() const noexcept { return *what_; }
    const std::vector<statement>& statements() const noexcept { return what_->statements(); }

    /// About what it takes on a link or in memory.
    std::size_t bytes() const noexcept { return bytes_; }

    /// It changes settings of its transaction, so it shares a batch with no other write.
    bool alone() const noexcept { return alone_; }

    /// The same write under another id.
    void rename(write_id id) { id_ = std::move(id); }

    /// For the end of its way: what it holds, moved out of it.
    std::string take_id_text() && { return std::move(id_).take_text(); }
    std::shared_ptr<const write> take_write() && { return std::move(what_); }

private:
    friend class write_check;
    checked_write(write_id id, std::shared_ptr<const write> what, std::size_t bytes, bool alone)
        : id_(std::move(id)), what_(std::move(what)), bytes_(bytes), alone_(alone) {}

    write_id id_;
    std::shared_ptr<const write> what_;
    std::size_t bytes_;
    bool alone_;
};

}  // namespace penholder
