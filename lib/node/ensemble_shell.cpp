#include "ensemble_shell.hpp"

#include "zookeeper/group_view.hpp"
#include "zookeeper/snapshot_reader.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace penholder {
namespace {

using election::ensemble_reply;
using zookeeper::create_mode;
using zookeeper::operation;

ensemble_reply to_reply(zookeeper::reason why) {
    switch (why) {
        case zookeeper::reason::no_node: return ensemble_reply::no_node;
        case zookeeper::reason::node_exists: return ensemble_reply::exists;
        case zookeeper::reason::bad_version: return ensemble_reply::bad_version;
        case zookeeper::reason::connection_loss:
        case zookeeper::reason::session_expired: return ensemble_reply::lost;
        default: return ensemble_reply::failed;
    }
}

create_mode to_mode(group::znode_step::mode from) {
    return from == group::znode_step::mode::ephemeral ? create_mode::ephemeral : create_mode::ephemeral_sequential;
}

operation to_operation(const group::znode_step& from) {
    using kind = group::znode_step::kind;
    switch (from.what) {
        case kind::create: return operation::create(from.path, from.data, to_mode(from.how));
        case kind::set: return operation::set(from.path, from.data, from.version);
        case kind::remove: return operation::remove(from.path, from.version);
        case kind::check: break;
    }
    return operation::check(from.path, from.version);
}

}  // namespace

ensemble_shell::ensemble_shell(std::shared_ptr<zookeeper::session> session, std::string root, std::string group,
                               std::string node, handlers told)
    : session_(std::move(session)),
      root_(std::move(root)),
      group_(std::move(group)),
      node_(std::move(node)),
      handlers_(std::move(told)),
      paths_(root_, group_) {}

void ensemble_shell::join() {
    subscription_ =
        session_->subscribe({paths_.group, [this](const auto& what) { on_session(what); },
                             [this](const auto& what) {
                                 tell(group::any_event(group::event::znode_changed{what.generation, what.path}));
                             }});
    roster_ = std::make_unique<zookeeper::roster>(*session_, paths_, [this](std::vector<member> now) {
        members_ = std::move(now);
        if (handlers_.on_members) handlers_.on_members(members_);
        tell(group::any_event(group::event::members_changed{members_}));
    });
    if (handlers_.on_members) want_members();
    if (session_->connected()) tell(election::event::session_up{session_->generation(), session_->id()});
}

void ensemble_shell::leave() {
    if (subscription_ != 0) session_->unsubscribe(std::exchange(subscription_, 0));
    roster_.reset();
}

void ensemble_shell::want_members() {
    if (roster_) roster_->want();
}

const std::vector<member>& ensemble_shell::members() {
    want_members();
    return members_;
}

void ensemble_shell::on_session(const zookeeper::session_event& what) {
    switch (what.what) {
        case zookeeper::session_event::kind::connected:
            return tell(election::event::session_up{what.generation, what.session_id});
        case zookeeper::session_event::kind::suspended:
            return tell(election::event::session_suspended{what.generation});
        case zookeeper::session_event::kind::expired: return tell(election::event::session_expired{what.generation});
        case zookeeper::session_event::kind::overdue: return tell(election::event::session_overdue{what.generation});
    }
}

void ensemble_shell::tell(group::any_event what) {
    if (subscription_ != 0) handlers_.on_event(std::move(what));
}

void ensemble_shell::tell_failure(election::ticket ticket, const zookeeper::failure& why) {
    tell(election::event::answered{ticket, to_reply(why.why), why.to_error().message});
}

template <class T>
std::function<void(zookeeper::reply<T>)> ensemble_shell::answer_to(election::ticket ticket) {
    return [weak = weak_from_this(), ticket](const zookeeper::reply<T>& reply) {
        const auto self = weak.lock();
        if (!self) return;
        if (!reply) return self->tell_failure(ticket, reply.error());
        self->tell(election::event::answered{ticket, ensemble_reply::done, {}});
    };
}

void ensemble_shell::carry_out(const group::action::read_group& asked) {
    zookeeper::read_snapshot(
        *session_, weak_from_this(), paths_, node_, asked.scope,
        [weak = weak_from_this(), ticket = asked.ticket](zookeeper::reply<election::group_snapshot> seen) {
            const auto self = weak.lock();
            if (!self) return;
            if (!seen) return self->tell_failure(ticket, seen.error());
            self->tell(election::event::snapshot_read{ticket, std::move(*seen)});
        });
}

void ensemble_shell::carry_out(const group::action::create_znodes& asked) {
    session_->create_parents(asked.paths, answer_to<void>(asked.ticket));
}

void ensemble_shell::carry_out(const group::action::watch_znode& asked) {
    session_->get(asked.path, true, [weak = weak_from_this(), asked](const zookeeper::reply<zookeeper::znode>& read) {
        const auto self = weak.lock();
        if (!self) return;
        if (!read) return self->tell_failure(asked.ticket, read.error());
        const bool same = read->stat.version == asked.version && read->stat.owner == asked.owner;
        self->tell(
            election::event::answered{asked.ticket, same ? ensemble_reply::done : ensemble_reply::bad_version, {}});
    });
}

void ensemble_shell::carry_out(const group::action::change_znodes& asked) {
    std::vector<operation> steps;
    steps.reserve(asked.steps.size());
    for (const auto& each : asked.steps) steps.push_back(to_operation(each));
    session_->transact(std::move(steps), answer_to<void>(asked.ticket));
}

void ensemble_shell::carry_out(const group::action::request_handover& asked) {
    boost::asio::co_spawn(
        session_->get_executor(), zookeeper::request_handover(*session_, root_, group_, asked.heir),
        [weak = weak_from_this(), kept = session_, from = asked.from](const std::exception_ptr& broken,
                                                                      const result<term>& requested) {
            const auto self = weak.lock();
            if (!self) return;
            const result<term> failed = error{errc::internal, "the handover could not be asked for"};
            self->tell(group::any_event(group::event::handover_requested{from, broken ? failed : requested}));
        });
}

void ensemble_shell::pause(bool paused, answer<> done) {
    boost::asio::co_spawn(
        session_->get_executor(), zookeeper::request_pause(*session_, root_, group_, paused),
        [kept = session_, done = std::move(done)](const std::exception_ptr& broken, result<> outcome) {
            if (broken) outcome = error{errc::internal, "the request could not be written"};
            done(std::move(outcome));
        });
}

void ensemble_shell::history(answer<std::vector<term_record>> done) {
    session_->get(paths_.terms, false, [path = paths_.terms, done = std::move(done)](const auto& read) {
        if (read) return done(election::decode_terms(path, read->data));
        const bool nothing_yet = read.error().why == zookeeper::reason::no_node;
        if (nothing_yet) return done(std::vector<term_record>());
        done(read.error().to_error());
    });
}

}  // namespace penholder
