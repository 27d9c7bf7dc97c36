#pragma once

#include "answer.hpp"
#include "model/ticket.hpp"
#include "tcp/listener.hpp"

#include <penholder/completion.hpp>
#include <penholder/leadership.hpp>
#include <penholder/receipt.hpp>

#include <cstdint>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace penholder {

/// Who waits for an answer of the group's machine, by ticket: this node's callers and its peers. Owned by the group's
/// shell.
class call_table {
public:
    template <class Waiting>
    ticket add(Waiting whom) {
        const ticket given{++last_};
        table_of<Waiting>().emplace(given.value, std::move(whom));
        return given;
    }

    /// Answers whoever waits under the ticket, if anybody still does.
    void answer(ticket to, receipt what) { answer<completion<receipt>>(to, std::move(what)); }
    void answer(ticket to, result<std::optional<receipt>> what) {
        answer<penholder::answer<std::optional<receipt>>>(to, std::move(what));
    }
    void answer(ticket to, result<leadership> what) { answer<penholder::answer<leadership>>(to, std::move(what)); }
    void answer(ticket to, wire::reply_body what) { answer<tcp::responder>(to, std::move(what)); }

private:
    template <class Waiting>
    using table = std::unordered_map<std::uint64_t, Waiting>;

    template <class Waiting>
    table<Waiting>& table_of() noexcept {
        return std::get<table<Waiting>>(tables_);
    }

    template <class Waiting, class Answer>
    void answer(ticket to, Answer what) {
        if (auto found = table_of<Waiting>().extract(to.value)) found.mapped()(std::move(what));
    }

    std::tuple<table<completion<receipt>>, table<penholder::answer<std::optional<receipt>>>,
               table<penholder::answer<leadership>>, table<tcp::responder>>
        tables_;
    std::uint64_t last_ = 0;
};

}  // namespace penholder
