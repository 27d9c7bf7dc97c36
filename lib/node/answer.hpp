#pragma once

#include <penholder/completion.hpp>
#include <penholder/error.hpp>

#include <exception>
#include <functional>
#include <type_traits>
#include <utility>

namespace penholder {

/// How the core answers: once, with the value or why there is none.
template <class T = void>
using answer = std::function<void(result<T>)>;

/// The public face throws where the core returns errors; this is the seam between the two.
template <class T, class... Completed>
answer<T> answer_with(completion<Completed...> done) {
    return [done = std::move(done)](result<T> got) mutable {
        const auto failed = got ? std::exception_ptr{} : std::make_exception_ptr(exception(got.error()));
        if constexpr (std::is_void_v<T>) {
            done(failed);
        } else {
            done(failed, got ? std::move(*got) : T{});
        }
    };
}

}  // namespace penholder
