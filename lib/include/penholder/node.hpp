#pragma once

#include <penholder/completion.hpp>
#include <penholder/error.hpp>
#include <penholder/leadership.hpp>
#include <penholder/options.hpp>
#include <penholder/receipt.hpp>
#include <penholder/status.hpp>
#include <penholder/write.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder {

class node_core;
struct submitted_write;

/// One instance's place in its groups: it takes part in their elections, applies writes where it leads, and forwards
/// them where it does not. Every call may be made from any thread. Asynchronous calls take any Asio completion token
/// and complete on the handler's own executor. Calls that complete with `std::exception_ptr` throw
/// `penholder::exception` under `use_awaitable` and `use_future`; `submit` never throws, its receipt is the answer.
///
/// Each call of those that take time can be cancelled by the handler's cancellation slot. That ends the wait at once
/// and takes nothing back: a cancelled `submit` completes with what is then true of the write, all others with
/// in_progress.
class node {
public:
    using executor_type = boost::asio::any_io_executor;

    /// Nothing is opened before `start`. Throws `exception` (invalid_configuration) when the options contradict
    /// themselves.
    node(executor_type executor, options settings);

    /// Stops at once where `stop` was not awaited; its session is ended as soon as that can be.
    ~node();
    node(const node&) = delete;
    node& operator=(const node&) = delete;

    executor_type get_executor() const noexcept;

    /// Called for every change of role, term or leader of any group, in order, never from inside the election.
    /// Set it before `start`. It runs on the node's executor.
    void on_leadership(std::function<void(const leadership&)> callback);

    /// Called when the members of a group changed. Set it before `start`.
    void on_members(std::function<void(const std::string& group, const std::vector<member>&)> callback);

    /// Opens the link listener and begins to enroll. Completes when links are accepted; ensemble and database may come
    /// up later. Errors: invalid_argument (address in use, bad address).
    template <class Token = boost::asio::use_awaitable_t<>>
    auto start(Token&& token = {}) {
        return initiate<>(&node::start_now, std::forward<Token>(token));
    }

    /// To be called some time before `stop`, where the application goes on writing for a moment: from now on the node
    /// gives the leadership of each group to whoever can take it, stands for none any more, and takes and forwards
    /// writes as before. Completes at once; what comes of it is told by `on_leadership`. Idempotent.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto retire(Token&& token = {}) {
        return initiate<>(&node::retire_now, std::forward<Token>(token));
    }

    /// Reads the files of secrets and certificates again, which the node does by itself every few seconds. Completes at
    /// once; the log tells what comes of it.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto reload(Token&& token = {}) {
        return initiate<>(&node::reload_now, std::forward<Token>(token));
    }

    /// Gives up leadership first, answers or hands back every write, then closes. Idempotent.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto stop(Token&& token = {}) {
        return initiate<>(&node::stop_now, std::forward<Token>(token));
    }

    /// Submits a write to the group's leader, wherever that is, and completes with the receipt. Where it is cancelled
    /// before the write was sent, that is `rejected` (deadline_expired): it did not happen and will not. Later it is
    /// `unknown`: the write goes on, and `find` tells by its write id what became of it.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto submit(std::string group, write what, Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(receipt)>(
            [this](auto handler, std::string to, write w) {
                std::shared_ptr<submitted_write> withdrawable;
                if (auto slot = boost::asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
                    withdrawable = make_withdrawable();
                    slot.assign(
                        [withdraw = withdrawal_of(withdrawable)](boost::asio::cancellation_type) { withdraw(); });
                }
                submit_now(std::move(to), std::move(w), completion<receipt>(std::move(handler), get_executor()),
                           std::move(withdrawable));
            },
            token, std::move(group), std::move(what));
    }

    /// Hands a write in without waiting for its receipt. Completes as soon as the node has looked at the write: with
    /// nothing where it has taken it, and now sees to it as to a submitted one; with the receipt where it has answered
    /// it on the spot, mostly by a rejection (malformed, overloaded, unknown group, stopping). What became of a write
    /// that was taken is asked by its id: see `find`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto accept(std::string group, write what, Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(std::optional<receipt>)>(
            [this](auto handler, std::string to, write w) {
                accept_now(std::move(to), std::move(w),
                           completion<std::optional<receipt>>(std::move(handler), get_executor()));
            },
            token, std::move(group), std::move(what));
    }

    /// The receipt that the ledger keeps for a write id. Where it keeps none and the write is in flight at this node or
    /// at the leader: an `unknown` one, for the reason in_flight. Else nothing, which does not say that the write will
    /// not happen: another node may hold it. Errors: unknown_group, no_leader, database_unreachable, overloaded.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto find(std::string group, std::string write_id, Token&& token = {}) {
        return initiate<std::optional<receipt>>(&node::find_now, std::forward<Token>(token), std::move(group),
                                                std::move(write_id));
    }

    /// Has the ledger forget an application's key whose write was rejected, so that the key can be used anew; `by`
    /// names who wants it, for the leader's log. Completes with the receipt that is forgotten, with nothing where the
    /// ledger keeps none. Errors: refused (its write was committed), in_flight, invalid_argument (an id that a node
    /// gave), and those of `find`.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto forget(std::string group, std::string key, std::string by, Token&& token = {}) {
        return initiate<std::optional<receipt>>(&node::forget_now, std::forward<Token>(token), std::move(group),
                                                std::move(key), std::move(by));
    }

    /// Hands the leadership of a group over to `heir`, or to the next in succession where `heir` is empty. May be
    /// called on any node. Completes with the new leadership once it is serving, with the present one where the heir
    /// leads already. Errors: unknown_group, no_leader, node_not_found, refused, in_progress (still under way when
    /// `within` ended), ensemble_unreachable.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto handover(std::string group, std::string heir, std::chrono::milliseconds within, Token&& token = {}) {
        return initiate<leadership>(&node::handover_now, std::forward<Token>(token), std::move(group), std::move(heir),
                                    within);
    }

    /// As `handover` without an heir; only on the leader itself. Errors: not_leader too.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto resign(std::string group, std::chrono::milliseconds within, Token&& token = {}) {
        return initiate<leadership>(&node::resign_now, std::forward<Token>(token), std::move(group), within);
    }

    /// While a group is paused nobody is elected: a sitting leader stays, a vacancy stays. Operators' wish, kept in the
    /// ensemble. Errors: unknown_group, ensemble_unreachable.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto pause(std::string group, bool paused, Token&& token = {}) {
        return initiate<>(&node::pause_now, std::forward<Token>(token), std::move(group), paused);
    }

    /// The node as it sees itself, without asking anybody.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto status(Token&& token = {}) {
        return boost::asio::async_initiate<Token, void(node_status)>(
            [this](auto handler) { status_now(completion<node_status>(std::move(handler), get_executor())); }, token);
    }

    /// The last 64 terms of a group, oldest first. Errors: unknown_group, ensemble_unreachable.
    template <class Token = boost::asio::use_awaitable_t<>>
    auto history(std::string group, Token&& token = {}) {
        return initiate<std::vector<term_record>>(&node::history_now, std::forward<Token>(token), std::move(group));
    }

private:
    template <class... Results, class Start, class Token, class... Arguments>
    auto initiate(Start begin, Token&& token, Arguments... arguments) {
        return boost::asio::async_initiate<Token, void(std::exception_ptr, Results...)>(
            [this, begin](auto handler, Arguments... given) {
                auto slot = boost::asio::get_associated_cancellation_slot(handler);
                completion<std::exception_ptr, Results...> done(std::move(handler), get_executor());
                if (slot.is_connected()) {
                    slot.assign([end = done.ending()](boost::asio::cancellation_type) {
                        end(waits_no_longer(), Results()...);
                    });
                }
                (this->*begin)(std::move(given)..., std::move(done));
            },
            token, std::move(arguments)...);
    }

    using failed = std::exception_ptr;
    void start_now(completion<failed> done);
    void retire_now(completion<failed> done);
    void reload_now(completion<failed> done);
    void stop_now(completion<failed> done);
    static std::exception_ptr waits_no_longer();
    static std::shared_ptr<submitted_write> make_withdrawable();
    std::function<void()> withdrawal_of(std::shared_ptr<submitted_write> which) const;
    void submit_now(std::string group, write what, completion<receipt> done,
                    std::shared_ptr<submitted_write> withdrawable);
    void accept_now(std::string group, write what, completion<std::optional<receipt>> done);
    void find_now(std::string group, std::string write_id, completion<failed, std::optional<receipt>> done);
    void forget_now(std::string group, std::string key, std::string by,
                    completion<failed, std::optional<receipt>> done);
    void handover_now(std::string group, std::string heir, std::chrono::milliseconds within,
                      completion<failed, leadership> done);
    void resign_now(std::string group, std::chrono::milliseconds within, completion<failed, leadership> done);
    void pause_now(std::string group, bool paused, completion<failed> done);
    void status_now(completion<node_status> done);
    void history_now(std::string group, completion<failed, std::vector<term_record>> done);

    std::shared_ptr<node_core> core_;
};

}  // namespace penholder
