#include "write_path.hpp"

#include "base/log.hpp"
#include "base/mutation.hpp"
#include "write/receipts.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace penholder {
namespace {

namespace asio = boost::asio;

router_options rules(const node_context& context, const group_options& group) {
    router_options rules;
    rules.node = context.node;
    rules.origin = make_origin(context.node, context.life);
    rules.max_pending = group.pending_max_writes;
    rules.max_pending_bytes = group.pending_max_bytes;
    rules.max_write_bytes = context.link.max_frame_bytes - context.link.max_frame_bytes / 16;
    rules.default_deadline = std::chrono::milliseconds(group.default_deadline_ms);
    rules.max_deadline = std::chrono::milliseconds(group.max_deadline_ms);
    const std::chrono::seconds rows_kept(group.origin_retention_s);
    rules.keep_unknown = std::min<std::chrono::milliseconds>(rules.keep_unknown, rows_kept / 2);
    return rules;
}

sign to_sign(tcp::loss how) {
    switch (how) {
        case tcp::loss::reset: return sign::broke;
        case tcp::loss::refused: return sign::refused;
        case tcp::loss::replaced: return sign::replaced;
        default: return sign::nothing;
    }
}

}  // namespace

write_path::write_path(node_context context, const group_options& group, std::shared_ptr<postgres::database> database,
                       std::shared_ptr<leader_term> leader_term, path_handlers handlers)
    : context_(std::move(context)),
      group_(group.name),
      database_(std::move(database)),
      leader_term_(std::move(leader_term)),
      handlers_(std::move(handlers)),
      router_(rules(context_, group), clock::now()),
      timer_(context_.strand) {}

// The journey: submitted, decided by the router, carried out, answered.

void write_path::submit(write what, completion<receipt> done) {
    if (!database_) {
        return done(
            rejected_receipt(what.id(), errc::invalid_argument,
                             "group '" + group_ + "' has no database: it is an election only; configure one to write"));
    }
    const ticket mine{++last_ticket_};
    callers_.emplace(mine.value, std::move(done));
    run(router_.submit(mine, std::move(what), clock::now()));
}

void write_path::run(actions todo) {
    for (std::size_t next = 0; next < todo.size(); ++next) {
        actions more = std::visit([this](auto& what) { return carry_out(what); }, todo[next]);
        std::ranges::move(more, std::back_inserter(todo));
    }
    arm();
    tell_when_answered();
}

void write_path::when_answered(std::function<void()> then) {
    then_ = std::move(then);
    tell_when_answered();
}

void write_path::tell_when_answered() {
    if (then_ && router_.pending() == 0) asio::post(context_.strand, std::exchange(then_, nullptr));
}

actions write_path::carry_out(apply& what) {
    auto* lane = leader_term_->lane();
    if (lane == nullptr) {
        return router_.answered(what.attempt.ticket, handed_back(errc::not_leader, "the term has ended"), clock::now());
    }
    auto& one = what.attempt;
    lane->submit({one.ticket, std::move(one.what), std::move(one.mark), one.deadline});
    return {};
}

actions write_path::carry_out(forward& what) {
    auto& one = what.attempt;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(one.deadline - clock::now());
    const auto left_ms = static_cast<std::uint32_t>(std::max<std::int64_t>(left.count(), 1));
    auto id = std::move(one.what).take_id_text();
    const wire::request request{
        one.ticket.value, wire::submit{std::move(id), std::move(one.what).take_write(), std::move(one.mark), left_ms}};
    if (link_ && link_->send(request)) {
        ++counters_.forwarded;
        return {};
    }
    const bool full = linked();
    return router_.answered(one.ticket,
                            full ? handed_back(errc::overloaded, "the link to the leader has no room for another write")
                                 : handed_back(errc::link_lost, "the link to the leader is down"),
                            clock::now());
}

actions write_path::carry_out(answer_caller& what) {
    count(what.receipt);
    if (what.receipt.outcome != outcome::committed && what.receipt.why) log_refusal(what.receipt);
    if (auto caller = callers_.extract(what.ticket.value)) caller.mapped()(std::move(what.receipt));
    return {};
}

/// A line for each write that was not committed; only of those that an overload turns away, which may be very many, a
/// few a second stand for all.
void write_path::log_refusal(const receipt& told) {
    std::string others;
    if (told.why->code == errc::overloaded) {
        const auto kept_back = overload_lines_.pass(clock::now());
        if (!kept_back) return;
        others = " kept_back=" + std::to_string(*kept_back);
    }
    log().info("write_{} group={} node={} term={} write_id={} code={}{} reason=\"{}\"", to_string(told.outcome), group_,
               context_.node, told.term, told.write_id, to_string(told.why->code), others, told.why->message);
}

actions write_path::carry_out(follow_hint& what) {
    asio::post(context_.strand, [tell = handlers_.on_hint, hint = std::move(what.hint)] { tell(hint); });
    return {};
}

// The leader's side: admitted once, never forwarded again.

void write_path::serve(wire::request_body asked, tcp::responder respond) {
    std::visit([&](auto& one) { serve_one(std::move(one), std::move(respond)); }, asked);
}

void write_path::serve_one(wire::submit request, tcp::responder respond) {
    auto admitted = router_.admit_forwarded(std::move(request.id), std::move(request.what));
    if (auto* refusal = std::get_if<write_answer>(&admitted)) return respond(std::move(*refusal));
    auto& what = std::get<checked_write>(admitted);
    auto* lane = leader_term_ ? leader_term_->lane() : nullptr;
    if (mutated(mutation::forwarded_twice) && lane == nullptr) return forward_again(what, request.deadline_ms, respond);
    if (lane == nullptr) return respond(handed_back(errc::not_leader, "the term has ended"));
    const ticket mine{++last_ticket_};
    peers_.emplace(mine.value, std::move(respond));
    lane->submit({mine, std::move(what), std::move(request.mark),
                  clock::now() + std::chrono::milliseconds(request.deadline_ms)});
}

void write_path::lane_answered(std::vector<lane::lane_answer> answers) {
    for (auto& one : answers) {
        if (const auto peer = peers_.extract(one.ticket.value)) {
            peer.mapped()(std::move(one.said));
        } else {
            run(router_.answered(one.ticket, std::move(one.said), clock::now()));
        }
    }
}

/// The mutation `forwarded_twice`: as if it were a write of this node's own caller.
void write_path::forward_again(const checked_write& what, std::uint32_t deadline_ms, const tcp::responder& respond) {
    write copy(what.id().text());
    for (const auto& one : what.statements()) copy.add(one);
    copy.deadline(std::chrono::milliseconds(deadline_ms));
    submit(std::move(copy),
           completion<receipt>([respond](receipt said) { respond(decided(std::move(said))); }, context_.strand));
}

// What the election says.

void write_path::lead(std::uint64_t term) {
    close_link();
    run(router_.leader_here(penholder::term{term}, clock::now()));
}

void write_path::follow(std::uint64_t term, const std::string& leader, const std::string& endpoint) {
    if (!database_) return;
    approaching_ = false;
    link_to(term, leader, endpoint);
    run(router_.leader_there(penholder::term{term}, leader, endpoint, clock::now()));
}

void write_path::approach(std::uint64_t term, const std::string& leader, const std::string& endpoint) {
    if (!database_) return;
    approaching_ = true;
    link_to(term, leader, endpoint);
}

void write_path::link_to(std::uint64_t term, const std::string& leader, const std::string& endpoint) {
    const auto same = [&](const tcp::link_target& target) {
        return target.term.value == term && target.leader == leader && target.endpoint == endpoint;
    };
    if (link_ && same(link_->target())) return;
    close_link();
    open_link({group_, context_.node, context_.life, penholder::term{term}, leader, std::nullopt, endpoint});
}

void write_path::wait_for_leader() {
    approaching_ = false;
    run(router_.leader_unknown(clock::now()));
}

void write_path::refuse_new() {
    run(router_.stop(clock::now()));
}

void write_path::close() {
    run(router_.give_up(clock::now()));
    close_link();
    timer_.cancel();
    for (auto& [id, one] : std::exchange(finders_, {})) one.done(error{errc::shutting_down, "the node is stopping"});
}

void write_path::open_link(tcp::link_target target) {
    const auto told = [self = weak_from_this()](auto tell) {
        if (const auto alive = self.lock()) tell(*alive);
    };
    tcp::link_handlers handlers;
    handlers.on_up = [told, term = target.term.value] { told([&](write_path& self) { self.link_up(term); }); };
    handlers.on_down = [told](const tcp::link_loss& loss) { told([&](write_path& self) { self.link_lost(loss); }); };
    handlers.on_reply = [told](wire::reply got) { told([&](write_path& self) { self.replied(std::move(got)); }); };
    replaced_since_.reset();
    failure_detector_.emplace(target.term.value, target.leader, target.endpoint);
    link_ = std::make_shared<tcp::link>(context_.strand, std::move(target), context_.link, std::move(handlers));
    link_->start();
}

void write_path::replied(wire::reply got) {
    if (auto* answered = std::get_if<write_answer>(&got.what)) {
        return run(router_.answered(ticket{got.id}, std::move(*answered), clock::now()));
    }
    auto& result = std::get<wire::find_result>(got.what);
    if (result.failed) return found(got.id, std::move(*result.failed));
    found(got.id, std::move(result.found));
}

void write_path::close_link() {
    if (!link_) return;
    std::exchange(link_, nullptr)->close();
    link_trouble_.clear();
    run(router_.link_down(clock::now()));
}

void write_path::link_up(std::uint64_t term) {
    link_trouble_.clear();
    failure_detector_->linked(link_->target().leader_life->text());
    handlers_.on_link_up(term);
    if (std::exchange(approaching_, false)) {
        const auto& target = link_->target();
        run(router_.leader_there(target.term, target.leader, target.endpoint, clock::now()));
    }
    run(router_.link_up(penholder::term{term}, link_->window(), clock::now()));
}

/// The router holds all writes from the moment on that the link is down, whether or not the leader is proven dead.
void write_path::link_lost(const tcp::link_loss& loss) {
    if (loss.was_up || link_trouble_.empty()) {
        log().warn("link_lost group={} node={} leader={} term={} how={} reason=\"{}\"", group_, context_.node,
                   link_->target().leader, link_->target().term.value, to_string(loss.how), loss.why.message);
    }
    link_trouble_ = loss.why.message;
    if (loss.was_up) {
        handlers_.on_link_lost();
        run(router_.link_down(clock::now()));
    }
    if (const auto dead = failure_detector_->on(to_sign(loss.how))) handlers_.on_process_death(*dead);
    if (loss.how == tcp::loss::replaced) link_replaced();
}

/// The leader lives another life than the one that the link is to. Mostly another term begins soon; but an ensemble
/// that has lost its znodes may give the same term to the same node again, and then the link has to accept that life.
void write_path::link_replaced() {
    const auto now = clock::now();
    if (!replaced_since_) replaced_since_ = now;
    if (now - *replaced_since_ < std::chrono::milliseconds(context_.link.silence_timeout_ms)) return;
    auto target = link_->target();
    target.leader_life.reset();
    close_link();
    open_link(std::move(target));
}

void write_path::arm() {
    const auto wanted = router_.next_deadline();
    if (!wanted || (armed_ && *armed_ <= *wanted)) return;
    armed_ = wanted;
    timer_.expires_at(*wanted);
    timer_.async_wait([self = weak_from_this()](boost::system::error_code cancelled) {
        const auto alive = self.lock();
        if (cancelled || !alive) return;
        alive->armed_.reset();
        alive->run(alive->router_.expire(clock::now()));
    });
}

std::optional<std::int64_t> write_path::last_contact_ms() const {
    const auto heard = link_ ? link_->last_contact() : std::nullopt;
    if (!heard) return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - *heard).count();
}

void write_path::count(const receipt& answered) {
    switch (answered.outcome) {
        case outcome::committed: ++counters_.committed; break;
        case outcome::rejected: ++counters_.rejected; break;
        case outcome::unknown: ++counters_.unknown; break;
    }
    if (answered.replayed) ++counters_.replayed;
    if (answered.why && answered.why->code == errc::overloaded) ++counters_.overloaded;
}

}  // namespace penholder
