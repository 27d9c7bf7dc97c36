#include "link_shell.hpp"

#include <chrono>
#include <utility>

namespace penholder {

namespace event = group::event;

link_shell::link_shell(const node_context& context, std::string group, std::function<void(group::any_event)> tell)
    : context_(context), group_(std::move(group)), tell_(std::move(tell)) {}

link_shell::~link_shell() {
    if (link_) link_->close();
}

void link_shell::carry_out(const group::action::open_link& what) {
    tcp::link_target target{group_,
                            context_.node,
                            context_.life,
                            what.target.term,
                            what.target.leader,
                            what.target.leader_life,
                            what.target.endpoint,
                            what.target.patience};
    tcp::link_handlers handlers;
    handlers.on_up = [this, which = what.link] {
        tell_(event::link_up{which, *link_->target().leader_life, link_->window()});
    };
    handlers.on_down = [this, which = what.link](const wire::link_loss& how) { tell_(event::link_lost{which, how}); };
    handlers.on_reply = [this](wire::reply got) { tell_(event::link_replied{std::move(got)}); };
    link_ = std::make_shared<tcp::link>(context_.strand, std::move(target), context_.link, context_.protection,
                                        std::move(handlers));
    link_->start();
}

void link_shell::carry_out(const group::action::hurry_link&) {
    if (link_) link_->hurry();
}

void link_shell::carry_out(const group::action::close_link&) {
    if (const auto old = std::exchange(link_, nullptr)) old->close();
}

void link_shell::carry_out(group::action::send& what) {
    if (link_ && link_->send(what.what)) return;
    tell_(event::not_sent{std::move(what.what), link_ && link_->is_up()});
}

std::optional<std::int64_t> link_shell::last_contact_ms() const {
    const auto heard = link_ ? link_->last_contact() : std::nullopt;
    if (!heard) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - *heard).count();
}

}  // namespace penholder
