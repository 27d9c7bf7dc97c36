#include "records.hpp"

#include <boost/json.hpp>

#include <limits>

namespace penholder::election {
namespace {

namespace json = boost::json;

error malformed(std::string_view path, std::string_view why) {
    return {errc::malformed_znode, "znode " + std::string(path) + " cannot be read: " + std::string(why) +
                                       "; remove it, or let the node that owns it write it again"};
}

/// Reads the fields of one JSON object and remembers the first that is missing or of another type.
class fields {
public:
    fields(std::string_view path, std::string_view data) : path_(path) {
        boost::system::error_code failed;
        value_ = json::parse(data, failed);
        if (failed) {
            why_ = "it is not JSON";
        } else if (!value_.is_object()) {
            why_ = "it is not a JSON object";
        }
    }
    fields(std::string_view path, json::value value) : path_(path), value_(std::move(value)) {
        if (!value_.is_object()) why_ = "an entry is not a JSON object";
    }

    const json::value* find(std::string_view name) const {
        return value_.is_object() ? value_.get_object().if_contains(name) : nullptr;
    }

    std::string text(std::string_view name) {
        const auto* found = find(name);
        if (found == nullptr || !found->is_string()) return miss(name, "a string"), std::string();
        return std::string(found->get_string());
    }

    std::string text_or_empty(std::string_view name) { return find(name) == nullptr ? std::string() : text(name); }

    std::vector<std::string> texts_or_none(std::string_view name) {
        std::vector<std::string> texts;
        const auto* found = find(name);
        if (found == nullptr) return texts;
        if (!found->is_array()) miss(name, "an array");
        for (const auto& each : found->is_array() ? found->get_array() : json::array()) {
            if (!each.is_string()) miss(name, "an array of strings");
            if (each.is_string()) texts.emplace_back(each.get_string());
        }
        return texts;
    }

    fence_raise raise_or_none(std::string_view name) {
        const auto read = parse_fence_raise(text_or_empty(name));
        if (!read) miss(name, "a raise of the fence");
        return read.value_or(fence_raise{});
    }

    bool flag(std::string_view name) {
        const auto* found = find(name);
        if (found == nullptr || !found->is_bool()) return miss(name, "true or false"), false;
        return found->get_bool();
    }

    bool flag_or_false(std::string_view name) { return find(name) != nullptr && flag(name); }

    template <class Number>
    Number number(std::string_view name) {
        const auto* found = find(name);
        boost::system::error_code failed;
        const auto value = found != nullptr && found->is_number() ? found->to_number<Number>(failed) : Number{};
        if (found == nullptr || !found->is_number() || failed) miss(name, "a number in range");
        return value;
    }

    template <class Number>
    Number number_or_zero(std::string_view name) {
        return find(name) == nullptr ? Number{} : number<Number>(name);
    }

    void miss(std::string_view name, std::string_view what) {
        if (why_.empty()) why_ = "'" + std::string(name) + "' is not " + std::string(what);
    }

    template <class Record>
    result<Record> finish(Record record) const {
        if (!why_.empty()) return malformed(path_, why_);
        return record;
    }

private:
    std::string path_;
    json::value value_;
    std::string why_;
};

term_record read_term(fields& from) {
    return {from.number<std::uint64_t>("number"),
            from.text("node"),
            from.text_or_empty("since"),
            from.text_or_empty("began"),
            from.text_or_empty("evidence"),
            from.text_or_empty("database"),
            to_string(from.raise_or_none("raised"))};
}

}  // namespace

std::string_view to_string(phase what) noexcept {
    return what == phase::serving ? "serving" : "fencing";
}

std::string encode(const member& record) {
    return json::serialize(json::object{{"node", record.node},
                                        {"incarnation", record.incarnation},
                                        {"endpoint", record.endpoint},
                                        {"http_endpoint", record.http_endpoint},
                                        {"role_wanted", record.role_wanted},
                                        {"version", record.version},
                                        {"started_at", record.started_at},
                                        {"settings", record.settings},
                                        {"database", record.database},
                                        {"binding", record.binding}});
}

std::string encode(const candidate_record& record) {
    json::object candidate{{"node", record.node}, {"priority", record.priority}, {"eligible", record.eligible}};
    if (record.unreached) candidate["unreached"] = true;
    return json::serialize(candidate);
}

std::string encode(const leader_record& record) {
    json::object leader{
        {"node", record.node},        {"incarnation", record.incarnation}, {"endpoint", record.endpoint},
        {"term", record.term.value},  {"phase", to_string(record.phase)},  {"since", record.since},
        {"database", record.database}};
    if (record.raised.is_known()) leader["raised"] = to_string(record.raised);
    return json::serialize(leader);
}

std::string encode(const control_record& record) {
    json::object control{{"paused", record.paused}};
    if (record.handover) {
        control["handover"] = json::object{{"to", record.handover->to},
                                           {"from_term", record.handover->from_term.value},
                                           {"agreed", record.handover->agreed}};
    }
    if (record.evicted_term != term{}) control["evicted_term"] = record.evicted_term.value;
    if (!record.adopted_database.empty()) control["adopted_database"] = record.adopted_database;
    if (record.adopted_raise.is_known()) control["adopted_raise"] = to_string(record.adopted_raise);
    if (!record.drained.empty()) control["drained"] = json::array(record.drained.begin(), record.drained.end());
    return json::serialize(control);
}

std::string encode(const std::vector<term_record>& terms) {
    json::array entries;
    const auto skipped = terms.size() > terms_kept ? terms.size() - terms_kept : 0;
    for (auto index = skipped; index < terms.size(); ++index) {
        const auto& each = terms[index];
        json::object entry{{"number", each.number}, {"node", each.node}, {"since", each.since}, {"began", each.began}};
        if (!each.evidence.empty()) entry["evidence"] = each.evidence;
        if (!each.database.empty()) entry["database"] = each.database;
        if (!each.raised.empty()) entry["raised"] = each.raised;
        entries.push_back(std::move(entry));
    }
    return json::serialize(entries);
}

result<member> decode_member(std::string_view path, std::string_view data) {
    fields from(path, data);
    member record{from.text("node"),
                  from.text("incarnation"),
                  from.text("endpoint"),
                  from.text_or_empty("http_endpoint"),
                  from.text("role_wanted"),
                  from.text_or_empty("version"),
                  from.text_or_empty("started_at"),
                  from.text_or_empty("settings"),
                  from.text_or_empty("database"),
                  from.text_or_empty("binding")};
    return from.finish(std::move(record));
}

result<candidate_record> decode_candidate(std::string_view path, std::string_view data) {
    fields from(path, data);
    candidate_record record{from.text("node"), from.number<int>("priority"), from.flag("eligible"),
                            from.flag_or_false("unreached")};
    return from.finish(std::move(record));
}

result<leader_record> decode_leader(std::string_view path, std::string_view data) {
    fields from(path, data);
    leader_record record{from.text("node"),
                         from.text("incarnation"),
                         from.text("endpoint"),
                         term{from.number<std::uint64_t>("term")},
                         phase::fencing,
                         from.text_or_empty("since"),
                         from.text_or_empty("database"),
                         from.raise_or_none("raised")};
    const auto stage = from.text("phase");
    if (stage == "serving") {
        record.phase = phase::serving;
    } else if (stage != "fencing") {
        from.miss("phase", "'fencing' or 'serving'");
    }
    return from.finish(std::move(record));
}

result<control_record> decode_control(std::string_view path, std::string_view data) {
    if (data.empty()) return control_record{};
    fields from(path, data);
    control_record record{from.flag("paused"),
                          std::nullopt,
                          term{from.number_or_zero<std::uint64_t>("evicted_term")},
                          from.text_or_empty("adopted_database"),
                          from.raise_or_none("adopted_raise"),
                          from.texts_or_none("drained")};
    if (const auto* handover_field = from.find("handover")) {
        fields inner(path, *handover_field);
        handover_request request{inner.text("to"), term{inner.number<std::uint64_t>("from_term")},
                                 inner.flag_or_false("agreed")};
        auto handover = inner.finish(std::move(request));
        if (!handover) return handover.error();
        record.handover = std::move(*handover);
    }
    return from.finish(std::move(record));
}

result<std::vector<term_record>> decode_terms(std::string_view path, std::string_view data) {
    std::vector<term_record> terms;
    if (data.empty()) return terms;
    boost::system::error_code failed;
    const auto parsed = json::parse(data, failed);
    if (failed || !parsed.is_array()) return malformed(path, "it is not a JSON array");
    for (const auto& entry : parsed.get_array()) {
        fields from(path, entry);
        auto record = read_term(from);
        auto read = from.finish(std::move(record));
        if (!read) return read.error();
        terms.push_back(std::move(*read));
    }
    return terms;
}

}  // namespace penholder::election
