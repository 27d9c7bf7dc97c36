#include "daemon/http/problem.hpp"

#include "api/exact_json.hpp"

#include <boost/json/serialize.hpp>

namespace penholder::daemon {

reply json_reply(http::status status, const boost::json::value& body) {
    return {status, "application/json", api::write_exactly(body), {}, nullptr};
}

reply to_reply(const api::problem& refusal) {
    const auto status = http::int_to_status(refusal.status);
    reply made{status, "application/problem+json", boost::json::serialize(api::to_json(refusal)), {}, nullptr};
    if (status == http::status::too_many_requests || status == http::status::service_unavailable) {
        made.headers.emplace_back("Retry-After", "1");
    }
    if (status == http::status::unauthorized) made.headers.emplace_back("WWW-Authenticate", "Bearer");
    return made;
}

reply to_reply(http::status status, std::string_view code, std::string_view detail) {
    const auto title = http::obsolete_reason(status);
    return to_reply(api::http_problem(static_cast<unsigned>(status), code, {title.data(), title.size()}, detail));
}

}  // namespace penholder::daemon
