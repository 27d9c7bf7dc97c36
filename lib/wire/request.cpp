#include "request.hpp"

#include <utility>

namespace penholder::wire {
namespace {

reply_body refuse_one(const submit&, error why) {
    return handed_back(why.code, std::move(why.message));
}

reply_body refuse_one(const find&, error why) {
    return find_result{std::nullopt, std::move(why), std::nullopt};
}

reply_body refuse_one(const forget&, error why) {
    return forget_result{std::nullopt, std::move(why)};
}

receipt* receipt_in_one(write_answer& from) noexcept {
    return from.verdict == write_verdict::decided ? &from.receipt : nullptr;
}

receipt* receipt_in_one(find_result& from) noexcept {
    return from.found ? &*from.found : nullptr;
}

receipt* receipt_in_one(forget_result& from) noexcept {
    return from.forgotten ? &*from.forgotten : nullptr;
}

}  // namespace

reply_body refuse(const request_body& asked, error why) {
    return std::visit([&](const auto& one) { return refuse_one(one, std::move(why)); }, asked);
}

receipt* receipt_in(reply_body& answer) noexcept {
    return std::visit([](auto& one) { return receipt_in_one(one); }, answer);
}

}  // namespace penholder::wire
