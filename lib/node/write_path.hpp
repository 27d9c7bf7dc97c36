#pragma once

#include "answer.hpp"
#include "base/clock.hpp"
#include "base/log_limit.hpp"
#include "group/failure_detector.hpp"
#include "leader_term.hpp"
#include "node_context.hpp"
#include "tcp/link.hpp"
#include "tcp/listener.hpp"
#include "write/router.hpp"

#include <penholder/completion.hpp>
#include <penholder/leadership.hpp>
#include <penholder/receipt.hpp>
#include <penholder/status.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace penholder {

/// What a write path tells its group; all of them are set.
struct path_handlers {
    std::function<void(const leader_hint&)> on_hint;     ///< A reply named a leader with a newer term than ours.
    std::function<void()> on_link_lost;                  ///< The link to the leader was up, and is not any more.
    std::function<void(std::uint64_t term)> on_link_up;  ///< The leader of that term answers (again).
    std::function<void(const election::process_death&)>
        on_process_death;  ///< The link proves that the leader's process is gone.
};

/// The way of a write through one group at one node. The router decides; this carries out what it decided and tells it
/// what came of it: to the leader_term's lane where we lead, on the link where another does, back to the caller with
/// the receipt. Owned by the group; runs on the node's strand.
class write_path : public std::enable_shared_from_this<write_path> {
public:
    write_path(node_context context, const group_options& group, std::shared_ptr<postgres::database> database,
               std::shared_ptr<leader_term> leader_term, path_handlers handlers);

    /// A write of this node's own caller.
    void submit(write what, completion<receipt> done);

    /// A write that another node forwarded to us as the leader.
    void admit(wire::submit_request request, tcp::submit_responder reply);

    /// What our lane answered to writes of either kind.
    void lane_answered(std::vector<lane::lane_answer> answers);

    /// What the ledger knows of a write id, asked where the leader is.
    void find(const std::string& write_id, answer<std::optional<receipt>> done);
    void find_for(const wire::find_request& request, tcp::find_responder reply);

    /// What the election says.
    void lead(std::uint64_t term);
    void follow(std::uint64_t term, const std::string& leader, const std::string& endpoint);
    /// That node was elected and is about to serve: it lets the link in as soon as it does.
    void approach(std::uint64_t term, const std::string& leader, const std::string& endpoint);
    void wait_for_leader();

    /// No new writes; then, tells when those that were sent have their answers, at their deadlines at the latest; then,
    /// answers all that is left and closes the link.
    void refuse_new();
    void when_answered(std::function<void()> then);
    void close();

    std::size_t pending() const noexcept { return router_.pending(); }
    bool linked() const noexcept { return link_ && link_->is_up(); }
    std::optional<std::int64_t> last_contact_ms() const;
    const std::string& link_trouble() const noexcept { return link_trouble_; }
    const write_counters& counters() const noexcept { return counters_; }

private:
    using clock = steady_clock;

    /// Somebody who asked for a receipt, and until when.
    struct finder {
        answer<std::optional<receipt>> done;
        std::unique_ptr<steady_timer> limit;
    };

    void run(actions todo);
    actions carry_out(apply& what);
    actions carry_out(forward& what);
    actions carry_out(answer_caller& what);
    actions carry_out(follow_hint& what);

    void forward_again(const checked_write& what, std::uint32_t deadline_ms, const tcp::submit_responder& reply);
    void link_to(std::uint64_t term, const std::string& leader, const std::string& endpoint);
    void open_link(tcp::link_target target);
    void close_link();
    void link_up(std::uint64_t term);
    void link_replaced();
    void link_lost(const tcp::link_loss& loss);
    void arm();
    void tell_when_answered();
    void find_here(std::string write_id, answer<std::optional<receipt>> done);
    void find_there(const std::string& write_id, answer<std::optional<receipt>> done);
    void expect(std::uint64_t number, answer<std::optional<receipt>> done, error if_late);
    void found(std::uint64_t number, result<std::optional<receipt>> what);
    void count(const receipt& answered);
    void log_refusal(const receipt& told);

    node_context context_;
    std::string group_;
    std::shared_ptr<postgres::database> database_;
    std::shared_ptr<leader_term> leader_term_;
    path_handlers handlers_;
    router router_;
    std::shared_ptr<tcp::link> link_;
    bool approaching_ = false;  ///< The link's leader was elected; it serves when the link comes up.
    std::string link_trouble_;
    std::optional<clock::time_point> replaced_since_;   ///< Another life than the link's answers at its address.
    std::optional<failure_detector> failure_detector_;  ///< Of the leader that the link is to.
    std::function<void()> then_;                        ///< Once what was sent is answered.
    std::unordered_map<std::uint64_t, completion<receipt>> callers_;
    std::unordered_map<std::uint64_t, tcp::submit_responder> peers_;  ///< Of forwarded writes on our lane, by ticket.
    std::unordered_map<std::uint64_t, finder> finders_;
    std::size_t searches_ = 0;  ///< Of this node's own ledger connection, asked for by anybody.
    std::uint64_t last_ticket_ = 0;
    write_counters counters_;
    log_limit overload_lines_;
    steady_timer timer_;
    std::optional<clock::time_point> armed_;
};

}  // namespace penholder
