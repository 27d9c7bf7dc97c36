#include "group.hpp"

#include "base/log.hpp"
#include "base/version.hpp"
#include "shared_settings.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace penholder {
namespace {

using steady = steady_clock;

/// Calls `tell` with the group if it still exists.
template <class Tell>
auto if_alive(std::weak_ptr<group> whom, Tell tell) {
    return [whom = std::move(whom), tell = std::move(tell)](auto&&... news) {
        if (const auto alive = whom.lock()) tell(*alive, std::forward<decltype(news)>(news)...);
    };
}

}  // namespace

group::group(node_context context, group_options settings, zookeeper::session& session, postgres::workers& threads)
    : context_(std::move(context)), settings_(std::move(settings)), session_(session) {
    if (!settings_.database.empty()) {
        database_ = std::make_shared<postgres::database>(context_.strand, threads, settings_);
    }
    now_.group = settings_.name;
}

void group::start() {
    if (database_) {
        leader_term_ = std::make_shared<leader_term>(context_.strand, database_, context_.node, context_.endpoint,
                                                     listen_to_leader_term());
        database_monitor_ = std::make_shared<database_monitor>(context_.strand, database_, settings_.name,
                                                               context_.node, listen_to_database_monitor());
    }
    path_ = std::make_shared<write_path>(context_, settings_, database_, leader_term_, listen_to_path());
    election_driver_ = std::make_unique<election_driver>(session_, candidacy(), listen_to_election_driver());
    election_driver_->start();
    if (database_monitor_ && !settings_.observer) database_monitor_->start();
}

// Wiring: who tells whom what.

election_driver_options group::candidacy() const {
    election_driver_options options;
    options.root = context_.zookeeper.root;
    options.group = settings_.name;
    options.node = context_.node;
    options.life = context_.life;
    options.endpoint = context_.endpoint;
    options.http_endpoint = context_.http_endpoint;
    options.priority = settings_.priority;
    options.observer = settings_.observer;
    options.version = version;
    options.started_at = context_.started_at;
    options.settings = shared_settings(settings_, context_.zookeeper);
    options.has_database = database_ != nullptr;
    options.max_evictions = settings_.takeover == "on_process_death" ? settings_.takeover_max_evictions : 0;
    options.evictions_within = std::chrono::seconds(settings_.takeover_window_s);
    return options;
}

election_driver_handlers group::listen_to_election_driver() {
    const auto me = weak_from_this();
    election_driver_handlers handlers;
    handlers.on_leadership = if_alive(me, [](group& self, const leadership& now) { self.leadership_changed(now); });
    handlers.on_elected = if_alive(me, [](group& self, std::uint64_t term) { self.elected(term); });
    handlers.on_drain = if_alive(me, [](group& self, std::uint64_t term, std::function<void()> drained) {
        self.drain(term, std::move(drained));
    });
    handlers.on_members = if_alive(me, [](group& self, const std::vector<member>& members) {
        if (self.context_.hooks.members) self.context_.hooks.members(self.settings_.name, members);
    });
    return handlers;
}

leader_term_handlers group::listen_to_leader_term() {
    const auto me = weak_from_this();
    leader_term_handlers handlers;
    handlers.on_fence_raised = if_alive(me, [](group& self, std::uint64_t term) {
        self.timeline_.fenced(steady::now());
        self.election_driver_->fence_raised(term);
    });
    handlers.on_first_commit = if_alive(me, [](group& self) { self.tell_timeline(steady::now()); });
    handlers.on_fence_failed =
        if_alive(me, [](group& self, std::uint64_t term, error why, std::optional<std::uint64_t> seen) {
            self.election_driver_->fence_failed(term, std::move(why), seen);
        });
    handlers.on_answers = if_alive(
        me, [](group& self, std::vector<lane::lane_answer> answers) { self.path_->lane_answered(std::move(answers)); });
    handlers.on_lane_open = if_alive(me, [](group& self) { self.database_monitor_->lane_opened(); });
    handlers.on_lane_lost =
        if_alive(me, [](group& self, error why) { self.database_monitor_->lane_lost(std::move(why)); });
    handlers.on_fenced = if_alive(me, [](group& self, const fence_record& holder) {
        log().warn("fenced group={} node={} by={} term={}", self.settings_.name, self.context_.node, holder.leader,
                   holder.term.value);
        self.election_driver_->fenced(holder.term.value, holder.leader, holder.endpoint);
    });
    return handlers;
}

database_monitor_handlers group::listen_to_database_monitor() {
    const auto me = weak_from_this();
    return {if_alive(me, [](group& self, bool eligible) { self.election_driver_->set_eligible(eligible); }),
            if_alive(me, [](group& self, std::uint64_t term) { self.election_driver_->database_term(term); })};
}

path_handlers group::listen_to_path() {
    const auto me = weak_from_this();
    path_handlers handlers;
    handlers.on_hint = if_alive(me, [](group& self, const leader_hint& hint) { self.hinted(hint); });
    handlers.on_link_lost = if_alive(me, [](group& self) { self.timeline_.detected(steady::now()); });
    handlers.on_link_up = if_alive(me, [](group& self, std::uint64_t term) {
        self.timeline_.settled();
        self.last_death_ = {};
        self.election_driver_->leader_heard(term);
    });
    handlers.on_process_death =
        if_alive(me, [](group& self, const election::process_death& of) { self.leader_died(of); });
    return handlers;
}

// What the election says.

void group::elected(std::uint64_t term) {
    if (leader_term_) step_down();
    timeline_.elected(steady::now());
    if (!leader_term_) return election_driver_->fence_raised(term);
    leader_term_->begin(term);
}

void group::drain(std::uint64_t term, std::function<void()> drained) {
    if (!leader_term_ || now_.term != term) return boost::asio::post(context_.strand, std::move(drained));
    path_->wait_for_leader();
    leader_term_->drain(std::move(drained));
}

void group::leadership_changed(const leadership& now) {
    const auto before = std::exchange(now_, now);
    if (before.leader != now.leader || before.term != now.term) ++leader_changes_;
    if (before.leader != now.leader && before.leader != context_.node) timeline_.detected(steady::now());
    if (before.is_leader() && !now.is_leader() && leader_term_) step_down();
    if (!before.is_leader() && now.is_leader()) timeline_.serving(steady::now());
    if (now.is_leader() && !leader_term_) tell_timeline({});
    if (now.is_leader()) {
        if (leader_term_ && leader_term_->lane() != nullptr) path_->lead(now.term);
    } else if (now.leader_serving && now.leader != context_.node) {
        path_->follow(now.term, now.leader, now.endpoint);
    } else {
        path_->wait_for_leader();
        if (!now.leader.empty() && now.leader != context_.node) path_->approach(now.term, now.leader, now.endpoint);
    }
    if (before.role == role::fencing && now.role != role::fencing) context_.accepting_links_changed();
    if (context_.hooks.leadership) context_.hooks.leadership(now);
}

/// The database or another node knows of a newer leader than the ensemble has shown us, perhaps because we cannot see
/// it.
void group::hinted(const leader_hint& hint) {
    if (hint.term.value <= now_.term || hint.endpoint.empty() || hint.node == context_.node) return;
    path_->follow(hint.term.value, hint.node, hint.endpoint);
}

/// Whoever is next in succession evicts that leader; everybody else waits for it.
void group::leader_died(const election::process_death& of) {
    if (of == last_death_) return;
    last_death_ = of;
    ++process_deaths_;
    log().warn("leader_dead group={} node={} leader={} term={} incarnation={} evidence=\"{}\"", settings_.name,
               context_.node, of.node, of.term.value, of.incarnation, of.evidence);
    election_driver_->leader_died(of);
}

void group::tell_timeline(std::optional<change_timeline::time_point> first_write) {
    const auto told = timeline_.tell(first_write);
    if (!told) return;
    log().info("leader_change group={} node={} term={} {}", settings_.name, context_.node, now_.term, *told);
}

void group::step_down() {
    tell_timeline({});
    if (const auto* lane = leader_term_->lane()) {
        batches_before_ += lane->counters().batches;
        database_monitor_->lane_closed();
    }
    leader_term_->step_down();
}

// What the host asks for.

void group::handover(const std::string& heir, std::chrono::milliseconds within, answer<leadership> done) {
    election_driver_->handover(heir, within, std::move(done));
}

void group::resign(std::chrono::milliseconds within, answer<leadership> done) {
    election_driver_->resign(within, std::move(done));
}

void group::pause(bool paused, answer<> done) {
    election_driver_->pause(paused, std::move(done));
}

void group::history(answer<std::vector<term_record>> done) {
    election_driver_->history(std::move(done));
}

void group::stop(std::function<void()> done) {
    path_->refuse_new();
    election_driver_->stop([self = shared_from_this(), done = std::move(done)] {
        self->path_->when_answered([self, done] {
            self->close();
            done();
        });
    });
}

void group::close() {
    if (database_monitor_) database_monitor_->stop();
    if (leader_term_) leader_term_->end();
    if (path_) path_->close();
    election_driver_.reset();
}

group_status group::status(std::size_t links) const {
    group_status status;
    status.now = now_;
    status.leader_changes = leader_changes_;
    status.process_deaths = process_deaths_;
    status.database_connected = database_monitor_ && database_monitor_->database_reachable();
    if (election_driver_) {
        status.leader_since = election_driver_->leader_since();
        status.eligible = election_driver_->eligible();
        status.evictions = election_driver_->evictions();
        status.paused = election_driver_->paused();
        status.members = election_driver_->members();
    }
    status.links = links;
    status.trouble = trouble();
    if (!path_) return status;
    status.counters = path_->counters();
    status.pending_writes = path_->pending();
    status.link_connected = now_.is_leader() || path_->linked();
    status.last_contact_ms = path_->last_contact_ms();
    status.counters.batches = batches_before_;
    if (const auto* lane = leader_term_ ? leader_term_->lane() : nullptr) {
        status.counters.batches += lane->counters().batches;
        status.queued_writes = lane->queued();
        status.queue_wait_ms = lane->expected_wait().count();
    }
    return status;
}

std::string group::trouble() const {
    if (election_driver_ && election_driver_->trouble()) return election_driver_->trouble()->message;
    if (database_monitor_ && database_monitor_->trouble()) return database_monitor_->trouble()->message;
    return path_ && !now_.is_leader() ? path_->link_trouble() : std::string();
}

}  // namespace penholder
