// The bodies that the HTTP API takes. Numbers keep their text: a body that was read and written is read the same again.
#include "api/exact_json.hpp"
#include "daemon/http/submission.hpp"
#include "fuzz.hpp"

using namespace penholder;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto body = fuzz::text_of(data, size);
    static_cast<void>(daemon::decode_handover(body));
    const auto submitted = daemon::decode_submission(body, "order-42");
    const auto parsed = api::parse_exactly(body);
    if (!parsed) {
        require(std::holds_alternative<daemon::body_problem>(submitted), "what is no JSON is no write");
        return 0;
    }
    const auto text = api::write_exactly(*parsed);
    const auto again = api::parse_exactly(text);
    require(static_cast<bool>(again), "what was written is JSON");
    require(api::write_exactly(*again) == text, "what was read again is written the same");
    return 0;
}
