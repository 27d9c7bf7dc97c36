#include "group_shell.hpp"

#include "base/log_event.hpp"
#include "shared_settings.hpp"

#include <penholder/version.hpp>

#include <boost/asio/post.hpp>

#include <utility>
#include <variant>

namespace penholder {
namespace {

namespace event = group::event;

group::instant now() {
    return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()};
}

group::machine_options options_of(const node_context& context, const group_options& settings) {
    group::machine_options options;
    options.self = {context.node,
                    context.life.text(),
                    context.endpoint,
                    context.http_endpoint,
                    settings.observer ? "observer" : "candidate",
                    version,
                    context.started_at,
                    shared_settings(settings, context.zookeeper),
                    {},
                    context.binding};
    options.life = context.life;
    options.root = context.zookeeper.root;
    options.session_timeout = std::chrono::milliseconds(context.zookeeper.session_timeout_ms);
    options.group = settings;
    options.link = context.link;
    return options;
}

}  // namespace

group_shell::group_shell(node_context context, const group_options& settings,
                         std::shared_ptr<zookeeper::session> session, std::shared_ptr<postgres::workers> threads)
    : context_(std::move(context)),
      group_(settings.name),
      machine_(options_of(context_, settings), now().steady),
      ensemble_(std::make_shared<ensemble_shell>(
          std::move(session), context_.zookeeper.root, group_, context_.node,
          ensemble_shell::handlers{[this](group::any_event what) { on(std::move(what)); }, tell_members()})),
      database_(std::make_shared<database_shell>(context_, settings, std::move(threads),
                                                 [this](group::any_event what) { on(std::move(what)); })),
      link_(context_, group_, [this](group::any_event what) { on(std::move(what)); }),
      timer_(context_.strand) {}

group_shell::~group_shell() {
    ensemble_->leave();
    database_->close();
}

std::function<void(const std::vector<member>&)> group_shell::tell_members() const {
    if (!context_.hooks.members) return nullptr;
    return [hook = context_.hooks.members, group = group_](const auto& members) { hook(group, members); };
}

void group_shell::start() {
    ensemble_->join();
    on(event::start{});
}

void group_shell::retire() {
    on(event::retire{});
}

void group_shell::stop(std::function<void()> done) {
    on_stopped_ = std::move(done);
    on(event::stop{});
}

/// The lanes' last answers are posted, and come first: they tell what was never sent.
void group_shell::close() {
    database_->close_lanes();
    boost::asio::post(context_.strand, [self = shared_from_this()] { self->on(event::close{}); });
}

ticket group_shell::submit(write what, completion<receipt> done) {
    const auto from = calls_.add(std::move(done));
    on(event::submit{from, std::move(what)});
    return from;
}

void group_shell::withdraw(ticket which) {
    on(event::withdraw{which});
}

void group_shell::find(std::string write_id, answer<std::optional<receipt>> done) {
    const auto from = calls_.add(std::move(done));
    on(event::find{from, std::move(write_id)});
}

void group_shell::forget(std::string key, std::string by, answer<std::optional<receipt>> done) {
    const auto from = calls_.add(std::move(done));
    on(event::forget{from, std::move(key), std::move(by)});
}

void group_shell::handover(std::string heir, std::chrono::milliseconds within, answer<leadership> done) {
    const auto from = calls_.add(std::move(done));
    on(event::handover{from, std::move(heir), within});
}

void group_shell::resign(std::chrono::milliseconds within, answer<leadership> done) {
    const auto from = calls_.add(std::move(done));
    on(event::resign{from, within});
}

void group_shell::serve(wire::request_body asked, tcp::responder respond) {
    const auto from = calls_.add(std::move(respond));
    on(event::peer_asked{from, std::move(asked)});
}

void group_shell::followers_linked(std::size_t links) {
    on(event::followers_linked{links});
}

void group_shell::on(group::any_event what) {
    const auto alive = shared_from_this();
    events_.drive(std::move(what), [this](group::any_event next) {
        for (auto& each : machine_.on(std::move(next), now())) {
            std::visit([this](auto& one) { carry_out(one); }, each);
        }
    });
    arm();
}

void group_shell::arm() {
    const auto wanted = machine_.next_deadline();
    if (!wanted || (armed_ && *armed_ <= *wanted)) return;
    armed_ = wanted;
    timer_.expires_at(*wanted);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
        const auto self = weak.lock();
        if (cancelled || !self) return;
        self->armed_.reset();
        self->on(event::time_passed{});
    });
}

/// A leader is to know who ought to link to it, however many they are.
void group_shell::carry_out(const group::action::report& what) {
    if (what.now.is_leader()) ensemble_->want_members();
    if (context_.hooks.leadership) context_.hooks.leadership(what.now);
}

void group_shell::carry_out(const group::action::accept_links&) {
    context_.accepting_links_changed();
}

void group_shell::carry_out(const group::action::log& what) {
    log_event line(what.warning ? spdlog::level::warn : spdlog::level::info, what.event);
    for (const auto& [key, value] : what.fields) line.with(key, value);
}

void group_shell::carry_out(const group::action::stopped&) {
    timer_.cancel();
    if (on_stopped_) boost::asio::post(context_.strand, std::exchange(on_stopped_, nullptr));
}

group_status group_shell::status(std::size_t links) const {
    auto status = machine_.status();
    database_->describe(status);
    status.members = ensemble_->members();
    status.links = links;
    status.last_contact_ms = link_.last_contact_ms();
    return status;
}

}  // namespace penholder
