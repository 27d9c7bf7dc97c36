#pragma once

#include "group/action.hpp"
#include "group/event.hpp"
#include "node_context.hpp"
#include "tcp/link.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace penholder {

/// Does what a group's machine asks of the link to the leader, and tells it what becomes of it. Decides nothing. Owned
/// by the group's shell, on the node's strand.
class link_shell {
public:
    link_shell(const node_context& context, std::string group, std::function<void(group::any_event)> tell);
    ~link_shell();
    link_shell(const link_shell&) = delete;
    link_shell& operator=(const link_shell&) = delete;

    void carry_out(const group::action::open_link& what);
    void carry_out(const group::action::hurry_link& what);
    void carry_out(const group::action::close_link& what);
    void carry_out(group::action::send& what);

    /// Since the leader was last heard; nothing without a link.
    std::optional<std::int64_t> last_contact_ms() const;

private:
    const node_context& context_;
    std::string group_;
    std::function<void(group::any_event)> tell_;
    std::shared_ptr<tcp::link> link_;
};

}  // namespace penholder
