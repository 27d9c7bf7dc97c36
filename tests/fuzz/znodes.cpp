// What the ensemble shows, which anybody with access to it may have written: the data of the znode that the first byte
// names, and candidates' names. What can be read is written and read again the same.
#include "election/paths.hpp"
#include "election/records.hpp"
#include "fuzz.hpp"

using namespace penholder;
using namespace penholder::election;
using fuzz::require;

namespace {

template <class Record>
void check(result<Record> (*decode)(std::string_view, std::string_view), std::string_view data) {
    const auto first = decode("/penholder/orders/znode", data);
    if (!first) return;
    const auto again = decode("/penholder/orders/znode", encode(*first));
    require(static_cast<bool>(again), "what was written can be read");
    require(*again == *first, "what was read again is the same");
}

void check_terms(std::string_view data) {
    const auto first = decode_terms("/penholder/orders/terms", data);
    if (!first) return;
    const auto again = decode_terms("/penholder/orders/terms", encode(*first));
    require(static_cast<bool>(again), "terms that were written can be read");
    require(again->size() == std::min(first->size(), terms_kept), "no more terms are kept than there are to be");
    require(std::equal(again->rbegin(), again->rend(), first->rbegin()), "the last terms are kept");
}

void check_name(std::string_view znode) {
    const auto name = parse_candidate_name(znode);
    if (!name) return;
    const auto again = parse_candidate_name(candidate_prefix(name->session) + std::to_string(name->sequence));
    require(again && again->session == name->session && again->sequence == name->sequence,
            "a candidate's name that was written is read the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::choices input(fuzz::text_of(data, size));
    const auto which = input.byte();
    switch (which) {
        case 'm': check(decode_member, input.rest()); break;
        case 'c': check(decode_candidate, input.rest()); break;
        case 'l': check(decode_leader, input.rest()); break;
        case 'o': check(decode_control, input.rest()); break;
        case 't': check_terms(input.rest()); break;
        default: check_name(input.rest()); break;
    }
    return 0;
}
