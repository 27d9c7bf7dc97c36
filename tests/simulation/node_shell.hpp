#pragma once

#include "database_client.hpp"
#include "follower_link.hpp"
#include "group/event_queue.hpp"
#include "group/group_machine.hpp"
#include "network.hpp"
#include "session.hpp"
#include "timeline.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace penholder::simulation {

/// The simulation's shell of one group at one node: tells the product's own machine what happens and carries out what
/// it decides, as lib/node/group_shell does, at the simulated ensemble, database and network. Owned by the fleet, one
/// for each life of a process.
class node_shell : public std::enable_shared_from_this<node_shell> {
public:
    using responder = std::function<void(wire::reply_body)>;
    using receipt_taker = std::function<void(const receipt&)>;
    using finding_taker = std::function<void(const result<std::optional<receipt>>&)>;

    node_shell(location where, group::machine_options options, std::shared_ptr<session> ensemble);

    void start();
    void stop(std::function<void()> done);

    void submit(write what, receipt_taker done);
    void find(const std::string& id, finding_taker done);
    void resign(std::chrono::milliseconds within);
    void retire() { on(group::event::retire{}); }
    void serve(const wire::request_body& asked, responder respond);
    /// A follower has linked to this node.
    void take_link(const network::connection& over);

    const leadership& current() const noexcept { return machine_.current(); }
    bool accepts_links() const noexcept { return machine_.accepts_links(); }
    group_status status() const;

    /// Told of each change of leadership.
    std::function<void(const leadership&)> on_leadership;

private:
    void on(group::any_event what);
    void arm();
    group::instant now() const;
    database_client::teller teller();
    ticket next_ticket() noexcept { return {++tickets_}; }

    void carry_out(const group::action::read_group& what) { read_group(session_, what, node_); }
    void carry_out(const group::action::request_handover& what);
    void carry_out(const group::action::leave_ensemble&) { session_->tell_to({}); }
    void carry_out(const group::action::open_link& what);
    void carry_out(const group::action::hurry_link& what);
    void carry_out(const group::action::close_link& what);
    void carry_out(group::action::send& what);
    void carry_out(const group::action::answer_write& what);
    void carry_out(const group::action::answer_find& what);
    void carry_out(const group::action::answer_handover&) {}
    void carry_out(group::action::answer_peer& what);
    void carry_out(const group::action::report& what) { on_leadership(what.now); }
    void carry_out(const group::action::accept_links&) {}
    void carry_out(const group::action::log& what);
    void carry_out(const group::action::stopped& what);
    template <class Action>
    requires group::carries_out<session, Action>
    void carry_out(Action& what) { session_->carry_out(what); }
    template <class Action>
    requires group::carries_out<database_client, Action>
    void carry_out(Action& what) { database_.carry_out(what); }

    location where_;
    std::string node_;
    std::size_t window_ = 0;
    std::uint64_t seed_ = 0;
    group::group_machine machine_;
    group::event_queue<group::any_event> events_;
    std::shared_ptr<session> session_;
    database_client database_;
    std::shared_ptr<follower_link> link_;
    std::map<ticket, receipt_taker> callers_;
    std::map<ticket, finding_taker> finders_;
    std::map<ticket, responder> peers_;
    std::uint64_t tickets_ = 0;
    std::size_t links_ = 0;  ///< Of others, to this node.
    std::optional<time_point> armed_;
    std::function<void()> on_stopped_;
};

}  // namespace penholder::simulation
