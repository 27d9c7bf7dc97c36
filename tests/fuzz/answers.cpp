// What a node, or whatever else listens at its address, answers to the operators' command: a status, a history or a
// receipt.
#include "api/documents.hpp"
#include "api/problem.hpp"
#include "cli/nodes/receipt_document.hpp"
#include "fuzz.hpp"

using namespace penholder;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body(fuzz::text_of(data, size));
    static_cast<void>(api::read_node_status(body));
    static_cast<void>(api::read_history(body));
    for (const unsigned status : {200U, 422U, 504U}) {
        const auto got = api::read_receipt(status, body, "order-42");
        if (got) {
            require(!got->write_id.empty(), "a receipt names its write");
            require((got->outcome == outcome::committed) != got->why.has_value(), "what was not committed says why");
            static_cast<void>(cli::describe_receipt(*got));
        } else {
            require(!got.error().message.empty(), "a problem says what it is");
        }
    }
    return 0;
}
