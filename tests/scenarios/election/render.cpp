#include "base/log_event.hpp"
#include "election/records.hpp"
#include "world.hpp"

namespace penholder::scenario {
namespace {

namespace action = election::action;

std::string number(term of) {
    return std::to_string(of.value);
}

std::string text(const action::read& it) {
    return it.scope == election::scope::full ? "full read" : "partial read";
}
std::string text(const action::create_parents&) {
    return "create parents";
}
std::string text(const action::enroll&) {
    return "enroll";
}
std::string text(const action::create_candidate& it) {
    return "create candidate " + election::encode(it.record);
}
std::string text(const action::set_candidate& it) {
    return "set candidate " + it.znode + " " + election::encode(it.record);
}
std::string text(const action::remove_candidate& it) {
    return "remove candidate " + it.znode;
}
std::string text(const action::watch_candidate& it) {
    return "watch candidate " + it.znode;
}
std::string text(const action::lead& it) {
    std::string after;
    if (it.removed && it.removed->proof) {
        after = ", evicting " + it.removed->proof->node + (it.removed->member_version ? "" : "?") + " " +
                it.removed->candidate;
    } else if (it.removed) {
        after = ", from " + it.removed->candidate;
    }
    return "lead term " + number(it.leader.term) + " by " + it.terms.back().began + " as " + it.candidate + after;
}
std::string text(const action::declare_serving& it) {
    return "declare term " + number(it.leader.term) + " serving";
}
std::string text(const action::give_up& it) {
    const auto& left = *it.control.handover;
    return "give up term " + number(left.from_term) +
           (left.to.empty() ? std::string(", to nobody") : ", to " + left.to);
}
std::string text(const action::set_control& it) {
    return "set control " + election::encode(it.control);
}
std::string text(const action::withdraw&) {
    return "withdraw";
}
std::string text(const action::report& it) {
    const auto& now = it.now;
    return "* " + std::string(to_string(now.role)) +
           (now.leader.empty() ? std::string() : ", term " + std::to_string(now.term) + " of " + now.leader) +
           (now.leader.empty() ? "" : (now.leader_serving ? ", serving" : ", fencing"));
}
std::string text(const action::raise_fence& it) {
    return "raise fence " + number(it.term);
}
std::string text(const action::database_known& it) {
    return "group's database is " + it.which.identity + (it.which.adopted ? ", adopted" : "") +
           (it.which.last.is_known() ? ", raised " + to_string(it.which.last) : "");
}
std::string text(const action::drain& it) {
    return "drain term " + number(it.term);
}
std::string text(const action::refuse& it) {
    return "refuse: " + std::string(to_string(it.why.code));
}
std::string text(const action::trouble& it) {
    return it.what ? "trouble: " + std::string(to_string(it.what->code)) : "trouble is over";
}
std::string text(const action::log& it) {
    const bool is_shown =
        it.event == "leader_evicted" || it.event == "eviction_withheld" || it.event == "successors_passed_over";
    if (!is_shown) return {};
    std::string line = "log " + std::string(it.event);
    for (const auto& [key, value] : it.fields) {
        line += " " + std::string(key) + "=";
        append_log_value(line, value);
    }
    return line;
}
std::string text(const action::arm& it) {
    constexpr const char* names[] = {"retry",    "fence_backoff", "heir",  "drain",     "turn", "vacancy",
                                     "eviction", "rival",         "peace", "unreached", "news"};
    return "arm " + std::string(names[static_cast<int>(it.which)]);
}
std::string text(const action::stopped&) {
    return "stopped";
}

}  // namespace

std::string render(const election::any_action& action) {
    return std::visit([](const auto& each) { return text(each); }, action);
}

}  // namespace penholder::scenario
