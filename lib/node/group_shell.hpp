#pragma once

#include "answer.hpp"
#include "call_table.hpp"
#include "database_shell.hpp"
#include "ensemble_shell.hpp"
#include "group/event_queue.hpp"
#include "group/group_machine.hpp"
#include "link_shell.hpp"
#include "node_context.hpp"

#include <penholder/completion.hpp>
#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder {

/// The shell of one group at one node: tells the group's machine what happens and carries out what it decides. Decides
/// nothing. Owned by the node's core; every call is made on the node's strand. `start` comes first, once; after `stop`
/// has completed, or after `close`, every caller has its answer.
class group_shell : public std::enable_shared_from_this<group_shell> {
public:
    group_shell(node_context context, const group_options& settings, std::shared_ptr<zookeeper::session> session,
                std::shared_ptr<postgres::workers> threads);
    ~group_shell();
    group_shell(const group_shell&) = delete;
    group_shell& operator=(const group_shell&) = delete;

    void start();
    /// Takes no new writes, gives up leadership, answers what is left, and then calls `done`.
    void retire();
    void stop(std::function<void()> done);
    void close();

    ticket submit(write what, completion<receipt> done);
    /// The caller of that write waits no longer.
    void withdraw(ticket which);
    void find(std::string write_id, answer<std::optional<receipt>> done);
    void forget(std::string key, std::string by, answer<std::optional<receipt>> done);
    void handover(std::string heir, std::chrono::milliseconds within, answer<leadership> done);
    void resign(std::chrono::milliseconds within, answer<leadership> done);
    void pause(bool paused, answer<> done) { ensemble_->pause(paused, std::move(done)); }
    void history(answer<std::vector<term_record>> done) { ensemble_->history(std::move(done)); }

    /// What a follower asks of this node as its leader.
    void serve(wire::request_body asked, tcp::responder respond);
    /// How many followers are connected to this node for this group has changed.
    void followers_linked(std::size_t links);
    /// Not between its election and serving: followers that come early wait for their welcome until the fence is
    /// raised.
    bool accepts_links() const noexcept { return machine_.accepts_links(); }

    /// `links`: how many followers are connected to this node for this group.
    group_status status(std::size_t links) const;

private:
    void on(group::any_event what);
    std::function<void(const std::vector<member>&)> tell_members() const;
    void arm();

    // What concerns the ensemble, the database or the link is theirs.
    void carry_out(group::action::answer_write& what) { calls_.answer(what.to, std::move(what.what)); }
    void carry_out(group::action::answer_find& what) { calls_.answer(what.to, std::move(what.what)); }
    void carry_out(group::action::answer_handover& what) { calls_.answer(what.to, std::move(what.what)); }
    void carry_out(group::action::answer_peer& what) { calls_.answer(what.to, std::move(what.what)); }
    void carry_out(const group::action::report& what);
    void carry_out(const group::action::accept_links& what);
    void carry_out(const group::action::log& what);
    void carry_out(const group::action::stopped& what);
    template <class Action>
    requires group::carries_out<ensemble_shell, Action>
    void carry_out(Action& what) { ensemble_->carry_out(what); }
    template <class Action>
    requires group::carries_out<database_shell, Action>
    void carry_out(Action& what) { database_->carry_out(what); }
    template <class Action>
    requires group::carries_out<link_shell, Action>
    void carry_out(Action& what) { link_.carry_out(what); }

    node_context context_;
    std::string group_;
    group::group_machine machine_;
    group::event_queue<group::any_event> events_;
    std::shared_ptr<ensemble_shell> ensemble_;
    std::shared_ptr<database_shell> database_;
    link_shell link_;
    call_table calls_;
    boost::asio::steady_timer timer_;
    std::optional<group::time_point> armed_;
    std::function<void()> on_stopped_;
};

}  // namespace penholder
