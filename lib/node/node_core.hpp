#pragma once

#include "answer.hpp"
#include "group_shell.hpp"
#include "inbox.hpp"
#include "model/ids.hpp"
#include "postgres/workers.hpp"
#include "tcp/listener.hpp"
#include "zookeeper/session.hpp"

#include <penholder/completion.hpp>
#include <penholder/options.hpp>
#include <penholder/status.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace penholder {

/// A write that its caller may stop waiting for, as the core finds it again. On the strand only.
struct submitted_write {
    std::string group;
    std::optional<ticket> which;  ///< Once the group has it.
    bool is_withdrawn = false;
};

/// What a node is made of: one session with the ensemble, one listener for links, and its groups. It owns them, wires
/// them together, and answers for all of them. All of it runs on `strand()`; only the constructor, the two
/// executors and `submissions()` may be used from elsewhere.
class node_core : public std::enable_shared_from_this<node_core> {
public:
    node_core(boost::asio::any_io_executor outer, options settings);
    ~node_core();
    node_core(const node_core&) = delete;
    node_core& operator=(const node_core&) = delete;

    const boost::asio::any_io_executor& strand() const noexcept { return strand_; }
    const boost::asio::any_io_executor& outer_executor() const noexcept { return outer_; }
    node_hooks& hooks() noexcept { return hooks_; }

    void start(completion<std::exception_ptr> done);
    void retire();
    void reload();
    void stop(std::function<void()> done);

    /// What is left when the host lets go of the node without stopping it: everything is closed where it stands, and
    /// the executor kept busy until the last of it has ended.
    void abandon();

    /// A write that the host has submitted, on its way to the strand.
    struct submission {
        std::string group;
        write what;
        completion<receipt> done;
        std::shared_ptr<submitted_write> withdrawable;  ///< Null where its caller never stops waiting.
    };
    inbox<submission>& submissions() noexcept { return submissions_; }
    void take_submissions();
    void withdraw(submitted_write& which);

    /// Completes at once: with nothing where the write was taken, else with the receipt that it has already.
    void accept(std::string group, write what, completion<std::optional<receipt>> done);

    void find(const std::string& group, const std::string& write_id, answer<std::optional<receipt>> done);
    void forget(const std::string& group, const std::string& key, const std::string& by,
                answer<std::optional<receipt>> done);
    void handover(const std::string& group, const std::string& heir, std::chrono::milliseconds within,
                  answer<leadership> done);
    void resign(const std::string& group, std::chrono::milliseconds within, answer<leadership> done);
    void pause(const std::string& group, bool paused, answer<> done);
    void history(const std::string& group, answer<std::vector<term_record>> done);
    node_status status() const;

private:
    enum class stage { created, running, stopping, stopped };

    void warn_of_open_znodes() const;
    result<> open_listener();
    tcp::listener_handlers listen_to_links();
    void open_groups();
    void stop_groups();
    void close();
    void stopped();
    void submit(submission one);
    result<group_shell*> running_group(const std::string& name) const;

    boost::asio::any_io_executor outer_;
    boost::asio::any_io_executor strand_;
    options settings_;
    incarnation life_ = incarnation::random();
    std::string started_at_;
    std::string binding_;
    node_hooks hooks_;
    inbox<submission> submissions_;
    stage stage_ = stage::created;
    std::shared_ptr<postgres::workers> workers_;
    std::shared_ptr<zookeeper::session> session_;
    tcp::kept_link_security link_security_;
    std::shared_ptr<tcp::listener> listener_;
    std::map<std::string, std::shared_ptr<group_shell>> groups_;
    std::vector<std::function<void()>> on_stopped_;
};

}  // namespace penholder
