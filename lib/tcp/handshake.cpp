#include "handshake.hpp"

#include "wire/authority.hpp"

#include <algorithm>
#include <utility>

namespace penholder::tcp {
namespace {

namespace asio = boost::asio;
using greeting = std::variant<greeted, link_loss>;

link_loss lost(loss how, errc code, std::string message) {
    return {how, {code, std::move(message)}, false, {}};
}

// The next message, where it is of the kind that the handshake has come to.
template <class Expected>
asio::awaitable<std::variant<Expected, link_loss>> expect(std::shared_ptr<connection> with) {
    auto got = co_await with->receive();
    if (!got) {
        co_return with->is_open() ? lost(loss::protocol, got.error().code, got.error().message) : *with->cause();
    }
    if (auto* goodbye = std::get_if<wire::goodbye>(&*got)) co_return wire::loss_by_goodbye(std::move(goodbye->why));
    if (auto* expected = std::get_if<Expected>(&*got)) co_return std::move(*expected);
    co_return lost(loss::protocol, errc::protocol_mismatch, "the peer sent another message than the handshake's next");
}

std::string version_text(std::uint32_t theirs) {
    return "the peer speaks version " + std::to_string(theirs) + " of the link protocol, this node speaks " +
           std::to_string(wire::protocol_version) + "; run the same release on all nodes";
}

std::string secret_text(bool theirs) {
    return theirs ? "the peer has a link secret and this node has none; give both the same [link] secret"
                  : "this node has a link secret and the peer has none; give both the same [link] secret";
}

std::optional<link_loss> judge(const wire::challenge& from, const link_target& target, bool secured) {
    if (from.version != wire::protocol_version) {
        return lost(loss::protocol, errc::protocol_mismatch, version_text(from.version));
    }
    const bool other_life = target.leader_life && *target.leader_life != from.life;
    if (from.node != target.leader || other_life) {
        auto found = lost(loss::replaced, errc::link_lost,
                          "node '" + from.node + "', incarnation " + from.life.text() + ", answers at " +
                              target.endpoint + " where '" + target.leader + "' was expected" +
                              (other_life ? " in its life " + target.leader_life->text() : std::string()));
        found.met = from.life;
        return found;
    }
    if (from.secured != secured) return lost(loss::unauthorized, errc::unauthorized, secret_text(from.secured));
    return std::nullopt;
}

std::optional<error> judge(const wire::hello& from, const link_options& settings,
                           const std::function<bool(const std::string&)>& knows_group) {
    if (from.version != wire::protocol_version) return error{errc::protocol_mismatch, version_text(from.version)};
    if (from.secured == settings.secret.empty()) return error{errc::unauthorized, secret_text(from.secured)};
    if (!check_name("node", from.node)) return error{errc::malformed_frame, "the hello has no valid node name"};
    if (!knows_group(from.group)) {
        return error{errc::group_mismatch,
                     "this node has no group of the name that the peer asks for; give both the "
                     "same [[group]] names"};
    }
    return std::nullopt;
}

}  // namespace

asio::awaitable<greeting> greet_leader(std::shared_ptr<connection> with, const link_target& target,
                                       const std::string& secret) {
    const wire::hello mine{wire::protocol_version, target.group,   target.node, target.life,
                           wire::make_nonce(),     !secret.empty()};
    with->send(mine);
    auto second = co_await expect<wire::challenge>(with);
    if (auto* failed = std::get_if<link_loss>(&second)) co_return std::move(*failed);
    const auto& theirs = std::get<wire::challenge>(second);
    if (auto failed = judge(theirs, target, !secret.empty())) co_return std::move(*failed);

    with->send(wire::proof{wire::prove(secret, wire::side::follower, mine, theirs)});
    auto fourth = co_await expect<wire::welcome>(with);
    if (auto* failed = std::get_if<link_loss>(&fourth)) {
        failed->met = theirs.life;
        co_return std::move(*failed);
    }
    const auto& welcome = std::get<wire::welcome>(fourth);
    if (!wire::same_proof(welcome.value, wire::prove(secret, wire::side::leader, mine, theirs))) {
        co_return lost(loss::unauthorized, errc::unauthorized,
                       "the peer does not know this node's link secret; give both the same [link] secret");
    }
    co_return greeted{std::max<std::size_t>(welcome.max_in_flight, 1), theirs.life};
}

asio::awaitable<result<proven>> greet_follower(std::shared_ptr<connection> with, const listener_identity& self,
                                               const link_options& settings, const greeting_questions& ask) {
    auto first = co_await expect<wire::hello>(with);
    if (auto* failed = std::get_if<link_loss>(&first)) co_return std::move(failed->why);
    auto theirs = std::move(std::get<wire::hello>(first));
    if (auto failed = judge(theirs, settings, ask.knows_group)) co_return std::move(*failed);

    const wire::challenge mine{wire::protocol_version, self.node, self.life, wire::make_nonce(),
                               !settings.secret.empty()};
    with->send(mine);
    auto third = co_await expect<wire::proof>(with);
    if (auto* failed = std::get_if<link_loss>(&third)) co_return std::move(failed->why);
    const auto expected = wire::prove(settings.secret, wire::side::follower, theirs, mine);
    if (!wire::same_proof(std::get<wire::proof>(third).value, expected)) {
        co_return error{errc::unauthorized,
                        "the peer's link secret is not this node's; give both the same [link] secret"};
    }
    if (auto full = ask.why_no_link()) co_return std::move(*full);
    const auto window = static_cast<std::uint32_t>(settings.max_in_flight);
    wire::welcome welcome{wire::prove(settings.secret, wire::side::leader, theirs, mine), window};
    co_return proven{std::move(theirs), std::move(welcome)};
}

}  // namespace penholder::tcp
