#pragma once

#include "action.hpp"
#include "base/backoff.hpp"

#include <penholder/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace penholder::election {

/// The one question to the ensemble that may be open, and the pauses after those that failed. It is idle, or waits for
/// the answer to its question, or rests until it is woken: never two of these at once. What came of questions asked
/// before a disconnect is not listened to any more. Owned by the elector, which arms the timer that ends a rest.
class inquiry {
public:
    using duration = std::chrono::milliseconds;

    inquiry(duration retry_first, duration retry_most, std::uint64_t seed);

    bool is_idle() const noexcept { return state_ == state::idle; }
    bool is_open() const noexcept { return state_ == state::open; }

    /// Requires that none is open; one that is asked out of a rest ends the rest.
    template <class Question>
    Question open(Question question) {
        begin();
        question.ticket = last_;
        question_ = question;
        return question;
    }

    /// The question that `answered` answers, which is closed by this; nothing where it is an older one's answer.
    std::optional<any_question> close(ticket answered);

    /// The connection went or is a new one: no answer will come, and there is no reason to wait.
    void drop() noexcept { state_ = state::idle; }

    /// The question that was just closed came to nothing. A race that was lost is tried again at once, anything else
    /// and a second failure in a row after the delay that is returned. Requires that none is open.
    std::optional<duration> lost_race();
    duration failed(error why);

    /// Nobody but time, or a watch, can help: rests for the delay that is returned. Requires that none is open.
    duration rest();
    void wake() noexcept;

    /// All that there was to do is done.
    void settled() noexcept;

    /// What keeps it from going on.
    const std::optional<error>& trouble() const noexcept { return trouble_; }
    void set_trouble(std::optional<error> why) { trouble_ = std::move(why); }

private:
    enum class state : std::uint8_t { idle, open, resting };

    void begin();

    backoff retries_;
    state state_ = state::idle;
    ticket last_ = 0;
    any_question question_;
    std::optional<error> trouble_;
};

}  // namespace penholder::election
