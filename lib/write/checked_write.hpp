#pragma once

#include "model/write_id.hpp"

#include <penholder/write.hpp>

#include <cstddef>
#include <memory>
#include <string>
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

    /// Of its statements, one each; see sql::screened.
    const std::vector<std::string>& shapes() const noexcept { return shapes_; }

    /// The same write under another id.
    void rename(write_id id) { id_ = std::move(id); }

    /// For the end of its way: what it holds, moved out of it.
    std::string take_id_text() && { return std::move(id_).take_text(); }
    std::shared_ptr<const write> take_write() && { return std::move(what_); }

private:
    friend class write_check;
    checked_write(write_id id, std::shared_ptr<const write> what, std::size_t bytes, std::vector<std::string> shapes)
        : id_(std::move(id)), what_(std::move(what)), bytes_(bytes), shapes_(std::move(shapes)) {}

    write_id id_;
    std::shared_ptr<const write> what_;
    std::size_t bytes_;
    std::vector<std::string> shapes_;
};

}  // namespace penholder
