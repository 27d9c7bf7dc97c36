#pragma once

#include <google/protobuf/arena.h>

#include <array>
#include <cstddef>

namespace penholder {

/// A protobuf message for the length of one function. It and its parts live in a block on the stack: a small one costs
/// no allocation.
template <class Message>
class scratch {
public:
    scratch()
        : arena_(block_.data(), block_.size()), message_(*google::protobuf::Arena::CreateMessage<Message>(&arena_)) {}
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;

    Message& operator*() noexcept { return message_; }
    Message* operator->() noexcept { return &message_; }

private:
    alignas(std::max_align_t) std::array<char, 2048> block_;
    google::protobuf::Arena arena_;
    Message& message_;
};

}  // namespace penholder
