#pragma once

#include "answer.hpp"
#include "election/paths.hpp"
#include "group/action.hpp"
#include "group/event.hpp"
#include "zookeeper/roster.hpp"
#include "zookeeper/session.hpp"

#include <penholder/status.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace penholder {

/// Does what a group's machine asks of the ensemble, over the node's session, and tells it what the ensemble says.
/// Decides nothing. Owned by the group's shell; every call is made, and everything is told, on the session's executor,
/// never after `leave`. Requests that are under way keep the session.
class ensemble_shell : public std::enable_shared_from_this<ensemble_shell> {
public:
    struct handlers {
        std::function<void(group::any_event)> on_event;
        std::function<void(const std::vector<member>&)> on_members;  ///< May be empty: nobody wants to know.
    };

    ensemble_shell(std::shared_ptr<zookeeper::session> session, std::string root, std::string group, std::string node,
                   handlers told);

    void join();
    void leave();

    void carry_out(const group::action::read_group& asked);
    void carry_out(const group::action::create_znodes& asked);
    void carry_out(const group::action::watch_znode& asked);
    void carry_out(const group::action::change_znodes& asked);
    void carry_out(const group::action::request_handover& asked);
    void carry_out(const group::action::leave_ensemble&) { leave(); }

    /// Errors: unknown_group, ensemble_unreachable.
    void pause(bool paused, answer<> done);
    void history(answer<std::vector<term_record>> done);

    /// From now on the members are read, however many they are.
    void want_members();
    /// As far as they are known; whoever asks wants them.
    const std::vector<member>& members();

private:
    void on_session(const zookeeper::session_event& what);
    void tell(group::any_event what);
    void tell(election::any_event what) { tell(group::any_event(group::event::ensemble{std::move(what)})); }
    void tell_failure(election::ticket ticket, const zookeeper::failure& why);
    template <class T>
    std::function<void(zookeeper::reply<T>)> answer_to(election::ticket ticket);

    std::shared_ptr<zookeeper::session> session_;
    std::string root_;
    std::string group_;
    std::string node_;
    handlers handlers_;
    election::group_paths paths_;
    std::unique_ptr<zookeeper::roster> roster_;
    std::vector<member> members_;
    std::uint64_t subscription_ = 0;
};

}  // namespace penholder
