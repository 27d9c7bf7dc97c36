#include "daemon/http/event_hub.hpp"

#include "api/documents.hpp"

#include <boost/json/serialize.hpp>

namespace penholder::daemon {
namespace {

namespace json = boost::json;

std::string members_document(const std::string& group, const std::vector<member>& members) {
    return json::serialize(api::to_json(api::member_list{group, members}));
}

}  // namespace

void event_hub::leadership_changed(const leadership& now) {
    publish(now.group, render_event("leadership", ++last_id_, json::serialize(api::to_json(now))));
}

void event_hub::members_changed(const std::string& group, const std::vector<member>& members) {
    publish(group, render_event("members", ++last_id_, members_document(group, members)));
}

void event_hub::subscribe(const group_status& now, const std::shared_ptr<event_feed>& feed) {
    std::erase_if(listeners_, [](const listener& each) { return each.feed.expired(); });
    listeners_.push_back({now.now.group, feed});
    feed->push(render_event("leadership", last_id_, json::serialize(api::to_json(now.now))) +
               render_event("members", last_id_, members_document(now.now.group, now.members)));
}

void event_hub::close() {
    for (const auto& each : listeners_) {
        if (const auto feed = each.feed.lock()) feed->close();
    }
    listeners_.clear();
}

void event_hub::publish(const std::string& group, const std::string& event) {
    std::erase_if(listeners_, [](const listener& each) { return each.feed.expired(); });
    for (const auto& each : listeners_) {
        if (const auto feed = each.feed.lock(); feed && each.group == group) feed->push(event);
    }
}

}  // namespace penholder::daemon
