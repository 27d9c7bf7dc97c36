#pragma once

#include "command.hpp"
#include "purpose.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace penholder::lane {

/// Which command a reply belongs to.
struct slot {
    purpose what = purpose::other;
    std::size_t write = 0;      ///< Of a statement: of which write.
    std::size_t statement = 0;  ///< Of a statement: which one of it.
};

/// A round while it is put together; afterwards it knows what each command was for, until the next one is begun. Owned
/// by a batch or a session's transaction.
class round_draft {
public:
    /// `keeps`: commands that come again may be kept prepared.
    explicit round_draft(bool keeps = true) : keeps_(keeps) {}

    void begin() {
        commands_.clear();
        slots_.clear();
    }
    void push(purpose what, command sent, std::size_t write = 0, std::size_t statement = 0) {
        sent.reuse = sent.reuse && keeps_;
        ever_.add(what);
        commands_.push_back(std::move(sent));
        slots_.push_back({what, write, statement});
    }

    /// All statements of one write, in order. `reuse`: keep them prepared.
    void push_statements(std::size_t write, const std::vector<statement>& statements, bool reuse) {
        for (std::size_t at = 0; at < statements.size(); ++at) push_statement(write, statements, at, reuse);
    }
    void push_statement(std::size_t write, const std::vector<statement>& statements, std::size_t at, bool reuse) {
        push(purpose::statement, {.sql = statements[at].sql(), .params = statements[at].params(), .reuse = reuse},
             write, at);
    }

    bool empty() const noexcept { return commands_.empty(); }
    round take() { return std::exchange(commands_, {}); }

    /// What the commands of all its rounds were for.
    purposes ever() const noexcept { return ever_; }

    /// For a reply to the round that was taken last, by its place.
    const slot& of_reply(std::size_t at) const { return slots_.at(at); }

private:
    round commands_;
    std::vector<slot> slots_;
    purposes ever_;
    bool keeps_;
};

}  // namespace penholder::lane
