// Small texts with a form: write ids, names, addresses, time spans and times. What can be read is written and read
// again the same.
#include "cli/duration.hpp"
#include "cli/nodes/node_url.hpp"
#include "fuzz.hpp"
#include "model/address.hpp"
#include "model/ids.hpp"
#include "model/write_id.hpp"

#include <penholder/receipt.hpp>

using namespace penholder;
using fuzz::require;

namespace {

void check_url(std::string_view text) {
    const auto where = cli::parse_node_url(text);
    if (!where) return;
    const auto again = cli::parse_node_url(cli::url_text(*where));
    require(again && cli::url_text(*again) == cli::url_text(*where), "a node's address is written and read the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    if (const auto id = origin_write_id::parse(text)) {
        require(origin_write_id::parse(id->text()) == id, "a write id is written and read the same");
    }
    require(!check_key(text) || !origin_write_id::parse(text), "no key of an application is an origin's write id");
    static_cast<void>(check_name("node", text));
    if (const auto lsn = lsn_from_string(text)) {
        require(lsn_from_string(lsn_to_string(*lsn)) == lsn, "a position in the log is written and read the same");
    }
    if (const auto where = parse_endpoint(text)) {
        require(!where->host.empty(), "an endpoint has a host");
        static_cast<void>(where->is_loopback());
    }
    static_cast<void>(parse_listen(text));
    check_url(text);
    if (const auto span = cli::parse_duration(text)) static_cast<void>(cli::duration_text(*span));
    if (const auto when = cli::parse_time(text)) {
        const auto second = std::chrono::floor<std::chrono::seconds>(*when);
        require(cli::parse_time(cli::time_text(second)) == second, "a time is written and read the same");
    }
    return 0;
}
