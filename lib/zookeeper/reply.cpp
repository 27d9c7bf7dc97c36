#include "reply.hpp"

#include "client.hpp"

namespace penholder::zookeeper {

std::string_view to_string(reason what) noexcept {
    switch (what) {
        case reason::no_node: return "no node";
        case reason::node_exists: return "node exists";
        case reason::bad_version: return "bad version";
        case reason::not_empty: return "not empty";
        case reason::no_children_for_ephemerals: return "no children for ephemerals";
        case reason::connection_loss: return "connection loss";
        case reason::session_expired: return "session expired";
        case reason::not_authorized: return "not authorized";
        case reason::bad_arguments: return "bad arguments";
        case reason::other: break;
    }
    return "failed";
}

namespace {

/// What to do about a refusal that says how the ensemble is configured; empty for every other.
std::string_view remedy(int native) noexcept {
    switch (native) {
        case ZEPHEMERALONLOCALSESSION:
            return "; its servers give local sessions, which cannot own what a node enrolls: set "
                   "localSessionsUpgradingEnabled=true, or localSessionsEnabled=false";
        case ZSESSIONCLOSEDREQUIRESASLAUTH:
            return "; its servers demand a way to authenticate that this client has not: set enforce.auth.schemes or "
                   "sessionRequireClientSASLAuth so that digest is enough";
        case ZNOTREADONLY: return "; this server has lost its quorum and is read-only: see that a majority runs";
        case ZINVALIDACL: return "; a znode for the digest's user alone needs a digest that was accepted";
        default: return {};
    }
}

}  // namespace

error failure::to_error() const {
    const auto what = std::string(to_string(why)) + " (" + std::to_string(native) + ") at znode " + path;
    switch (why) {
        case reason::connection_loss:
            return {errc::ensemble_unreachable, "the ensemble does not answer: " + what +
                                                    "; see that a majority of its servers runs and can be reached"};
        case reason::session_expired:
            return {errc::session_expired, "the session with the ensemble is over: " + what + "; try again"};
        case reason::not_authorized:
            return {errc::unauthorized,
                    "the ensemble refuses access: " + what + "; use the digest that the znodes were created with"};
        default: return {errc::internal, "the ensemble answered " + what + std::string(remedy(native))};
    }
}

void throw_exception_from_error(const failure& why, const boost::source_location&) {
    throw exception(why.to_error());
}

operation operation::create(std::string path, std::string data, create_mode mode) {
    return {kind::create, std::move(path), std::move(data), -1, mode};
}

operation operation::set(std::string path, std::string data, std::int32_t version) {
    return {kind::set, std::move(path), std::move(data), version, create_mode::persistent};
}

operation operation::remove(std::string path, std::int32_t version) {
    return {kind::remove, std::move(path), {}, version, create_mode::persistent};
}

operation operation::check(std::string path, std::int32_t version) {
    return {kind::check, std::move(path), {}, version, create_mode::persistent};
}

}  // namespace penholder::zookeeper
