#include "api/documents.hpp"

#include "api/descriptions.hpp"
#include "api/typed_values.hpp"

#include <boost/json/parse.hpp>

#include <utility>

namespace penholder::api {
namespace {

template <class T>
json::object write_object(const T& shown) {
    json::object made;
    member_writer has(made);
    describe(has, shown);
    return made;
}

template <class T>
result<T> read_object(std::string_view body) {
    boost::system::error_code failed;
    const json::value parsed = json::parse(json::string_view(body.data(), body.size()), failed);
    T read;
    if (failed || !read_value(parsed, read)) {
        return error{errc::internal, "the answer is not the JSON of a Penholder node; is this its HTTP address?"};
    }
    return read;
}

}  // namespace

json::object to_json(const receipt& shown) {
    return write_object(shown);
}

json::object to_typed_json(receipt shown) {
    std::vector<json::array> rows;
    for (auto& one : shown.statements) {
        rows.push_back(typed_rows(one));
        one.rows = {};
    }
    auto made = to_json(shown);
    for (std::size_t at = 0; at < rows.size() && shown.outcome == outcome::committed; ++at) {
        auto& one = made.at("statements").at(at).as_object();
        if (one.contains("rows")) one["rows"] = std::move(rows[at]);
    }
    return made;
}

json::object to_json(const leadership& shown) {
    return write_object(shown);
}

json::object to_json(const member& shown) {
    return write_object(shown);
}

json::object to_json(const term_record& shown) {
    return write_object(shown);
}

json::object to_json(const write_counters& shown) {
    return write_object(shown);
}

json::object to_json(const lock_wait& shown) {
    return write_object(shown);
}

json::object to_json(const group_status& shown) {
    return write_object(shown);
}

json::object to_json(const node_status& shown) {
    return write_object(shown);
}

json::object to_json(const history& shown) {
    return write_object(shown);
}

json::object to_json(const member_list& shown) {
    return write_object(shown);
}

json::object to_json(const pause_state& shown) {
    return write_object(shown);
}

json::object to_json(const problem& shown) {
    return write_object(shown);
}

result<node_status> read_node_status(std::string_view body) {
    return read_object<node_status>(body);
}

result<history> read_history(std::string_view body) {
    return read_object<history>(body);
}

}  // namespace penholder::api
