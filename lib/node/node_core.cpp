#include "node_core.hpp"

#include "base/log_event.hpp"
#include "base/timestamp.hpp"
#include "tcp/binding.hpp"
#include "write/receipts.hpp"

#include <penholder/version.hpp>

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <algorithm>
#include <utility>

namespace penholder {
namespace {

/// The host's callback, on the host's executor.
template <class... News>
std::function<void(News...)> on_executor(boost::asio::any_io_executor executor, std::function<void(News...)> hook) {
    if (!hook) return {};
    auto shared = std::make_shared<std::function<void(News...)>>(std::move(hook));
    return [executor = std::move(executor), shared = std::move(shared)](News... news) {
        boost::asio::post(executor, [shared, ... news = std::decay_t<News>(news)] { (*shared)(news...); });
    };
}

}  // namespace

node_core::node_core(boost::asio::any_io_executor outer, options settings)
    : outer_(std::move(outer)),
      strand_(boost::asio::make_strand(outer_)),
      settings_(std::move(settings)),
      workers_(std::make_shared<postgres::workers>(std::clamp<std::size_t>(2 * settings_.groups.size(), 2, 8))) {}

/// Only where the executor was destroyed before everything had ended are there groups here, or workers that work.
node_core::~node_core() {
    groups_.clear();
    workers_->end();
}

void node_core::start(completion<std::exception_ptr> done) {
    const auto failed = [&done](error why) { done(std::make_exception_ptr(exception(std::move(why)))); };
    if (stage_ != stage::created) return failed({errc::invalid_argument, "a node is started once; make another one"});
    started_at_ = timestamp_now();
    if (auto open = open_listener(); !open) return failed(open.error());
    stage_ = stage::running;
    session_ = std::make_shared<zookeeper::session>(strand_, settings_.zookeeper);
    open_groups();
    session_->open();
    log_info("started")
        .with("node", settings_.name)
        .with("incarnation", life_.text())
        .with("endpoint", listener_->endpoint())
        .with("version", version);
    warn_of_open_znodes();
    done(nullptr);
}

void node_core::warn_of_open_znodes() const {
    if (!settings_.zookeeper.digest.empty()) return;
    log_warn("znodes_open")
        .with("node", settings_.name)
        .with(
            "reason",
            "there is no zookeeper.digest: whoever reaches the ensemble can remove leaders and write addresses of its "
            "own; set one on every node");
}

result<> node_core::open_listener() {
    auto kept = tcp::keep_link_security(settings_.link, settings_.name, strand_, workers_->pool().get_executor());
    if (!kept) return kept.error();
    link_security_ = std::move(*kept);
    listener_ = std::make_shared<tcp::listener>(strand_, tcp::listener_identity{settings_.name, life_}, settings_.link,
                                                link_security_.now, listen_to_links());
    auto bound = listener_->start();
    if (!bound) {
        link_security_.files->close();
        return bound.error();
    }
    binding_ = tcp::binding_of(*bound);
    return {};
}

tcp::listener_handlers node_core::listen_to_links() {
    const auto with_group = [self = weak_from_this()](const std::string& name, auto tell) {
        const auto alive = self.lock();
        if (!alive) return false;
        const auto found = alive->groups_.find(name);
        if (found == alive->groups_.end()) return false;
        tell(*found->second);
        return true;
    };
    tcp::listener_handlers handlers;
    handlers.knows_group = [with_group](const std::string& name) { return with_group(name, [](group_shell&) {}); };
    handlers.accepts_links = [with_group](const std::string& name) {
        bool accepts = true;
        with_group(name, [&](const group_shell& its) { accepts = its.accepts_links(); });
        return accepts;
    };
    handlers.on_request = [with_group](const std::string& name, wire::request_body asked, tcp::responder respond) {
        if (!with_group(name, [&](group_shell& its) { its.serve(std::move(asked), std::move(respond)); })) {
            respond(wire::refuse(asked, {errc::shutting_down, "the node is stopping"}));
        }
    };
    handlers.on_links = [with_group](const std::string& name, std::size_t links) {
        with_group(name, [&](group_shell& its) { its.followers_linked(links); });
    };
    return handlers;
}

void node_core::open_groups() {
    node_context context{strand_,
                         settings_.name,
                         life_,
                         started_at_,
                         listener_->endpoint(),
                         settings_.http_endpoint,
                         binding_,
                         settings_.zookeeper,
                         settings_.link,
                         link_security_.now,
                         {},
                         [at = std::weak_ptr(listener_)] {
                             if (const auto open = at.lock()) open->accepting_links_changed();
                         }};
    context.hooks.leadership = on_executor<const leadership&>(outer_, hooks_.leadership);
    context.hooks.members = on_executor<const std::string&, const std::vector<member>&>(outer_, hooks_.members);
    for (const auto& settings : settings_.groups) {
        groups_.emplace(settings.name, std::make_shared<group_shell>(context, settings, session_, workers_));
    }
    for (const auto& [name, its] : groups_) its->start();
}

void node_core::retire() {
    for (const auto& [name, its] : groups_) its->retire();
}

void node_core::reload() {
    if (link_security_.files) link_security_.files->look_again();
    if (session_) session_->look_again();
}

void node_core::stop(std::function<void()> done) {
    if (stage_ == stage::created) stage_ = stage::stopped;
    if (stage_ == stage::stopped) return boost::asio::post(strand_, std::move(done));
    on_stopped_.push_back(std::move(done));
    if (std::exchange(stage_, stage::stopping) == stage::running) stop_groups();
}

void node_core::stop_groups() {
    auto left = std::make_shared<std::size_t>(groups_.size());
    for (const auto& [name, its] : groups_) {
        its->stop([self = shared_from_this(), left] {
            if (--*left == 0) self->close();
        });
    }
}

void node_core::close() {
    listener_->stop();
    link_security_.files->close();
    auto busy = boost::asio::prefer(strand_, boost::asio::execution::outstanding_work.tracked);
    session_->close([self = shared_from_this(), busy = std::move(busy)] {
        self->groups_.clear();
        self->workers_->finish(self->strand_, [self] { self->stopped(); });
    });
}

void node_core::stopped() {
    stage_ = stage::stopped;
    log_info("stopped").with("node", settings_.name);
    for (auto& done : std::exchange(on_stopped_, {})) done();
}

void node_core::abandon() {
    if (stage_ != stage::running) return;
    stage_ = stage::stopping;
    for (const auto& [name, its] : groups_) its->close();
    boost::asio::post(strand_, [self = shared_from_this()] { self->close(); });
}

result<group_shell*> node_core::running_group(const std::string& name) const {
    if (stage_ == stage::created) return error{errc::invalid_argument, "the node has not been started"};
    const auto found = groups_.find(name);
    if (stage_ != stage::running) return error{errc::shutting_down, "node '" + settings_.name + "' is stopping"};
    if (found != groups_.end()) return found->second.get();
    return error{errc::unknown_group, "node '" + settings_.name + "' has no group '" + name + "'; configure it first"};
}

void node_core::take_submissions() {
    for (auto& one : submissions_.take()) submit(std::move(one));
}

void node_core::submit(submission one) {
    auto its = running_group(one.group);
    if (!its) return one.done(rejected_receipt(one.what.id(), its.error().code, its.error().message));
    const auto which = (*its)->submit(std::move(one.what), std::move(one.done));
    if (!one.withdrawable) return;
    one.withdrawable->group = std::move(one.group);
    one.withdrawable->which = which;
    if (one.withdrawable->is_withdrawn) withdraw(*one.withdrawable);
}

void node_core::withdraw(submitted_write& which) {
    which.is_withdrawn = true;
    const auto its = groups_.find(which.group);
    if (which.which && its != groups_.end()) its->second->withdraw(*which.which);
}

/// A write that is answered on the spot is answered before `submit` returns, because all of this runs on the strand.
void node_core::accept(std::string group, write what, completion<std::optional<receipt>> done) {
    const auto answered = std::make_shared<std::optional<receipt>>();
    completion<receipt> keep([answered](receipt said) { *answered = std::move(said); }, strand_);
    submit({std::move(group), std::move(what), std::move(keep), nullptr});
    done(std::move(*answered));
}

void node_core::find(const std::string& group, const std::string& write_id, answer<std::optional<receipt>> done) {
    if (auto its = running_group(group))
        return (*its)->find(write_id, std::move(done));
    else
        done(its.error());
}

void node_core::forget(const std::string& group, const std::string& key, const std::string& by,
                       answer<std::optional<receipt>> done) {
    if (auto its = running_group(group))
        return (*its)->forget(key, by, std::move(done));
    else
        done(its.error());
}

void node_core::handover(const std::string& group, const std::string& heir, std::chrono::milliseconds within,
                         answer<leadership> done) {
    if (auto its = running_group(group))
        return (*its)->handover(heir, within, std::move(done));
    else
        done(its.error());
}

void node_core::resign(const std::string& group, std::chrono::milliseconds within, answer<leadership> done) {
    if (auto its = running_group(group))
        return (*its)->resign(within, std::move(done));
    else
        done(its.error());
}

void node_core::pause(const std::string& group, bool paused, answer<> done) {
    if (auto its = running_group(group))
        return (*its)->pause(paused, std::move(done));
    else
        done(its.error());
}

void node_core::history(const std::string& group, answer<std::vector<term_record>> done) {
    if (auto its = running_group(group))
        return (*its)->history(std::move(done));
    else
        done(its.error());
}

node_status node_core::status() const {
    node_status status;
    status.node = settings_.name;
    status.incarnation = life_.text();
    status.version = version;
    status.started_at = started_at_;
    if (listener_) status.endpoint = listener_->endpoint();
    if (const auto& files = link_security_.files) {
        if (const auto left = files->certificate_ends_in()) status.link_certificate_ends_in_s = left->count();
    }
    if (session_) {
        status.ensemble_connected = session_->connected();
        const bool is_told = session_->is_overdue() || session_->is_refused();
        if (const auto what = session_->trouble(); what && is_told) {
            status.ensemble_trouble = what->message;
        }
        status.ensemble_servers = session_->servers();
        if (const auto left = session_->certificate_ends_in()) status.ensemble_certificate_ends_in_s = left->count();
        status.session = session_->id_text();
        status.session_timeout_ms = session_->granted_timeout_ms();
    }
    for (const auto& [name, its] : groups_) {
        auto& group = status.groups.emplace_back(its->status(listener_->links(name)));
        if (group.trouble.empty()) group.trouble = status.ensemble_trouble;
    }
    return status;
}

}  // namespace penholder
