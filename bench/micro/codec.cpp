// What a forwarded write costs in bytes ↔ values, there and back.
#include "wire/codec.hpp"

#include <algorithm>
#include <benchmark/benchmark.h>

namespace penholder::bench {
namespace {

wire::request a_request() {
    auto what = std::make_shared<write>();
    what->add("UPDATE stock SET qty = qty - $1 WHERE id = $2", 1, 42);
    return {77, wire::submit{"~orders-1.00000000000000aa.4711", std::move(what), {4700, {}}, 1500}};
}

wire::reply a_reply() {
    return {77, decided({"~orders-1.00000000000000aa.4711", outcome::committed, 7, 42, false, {{1, {}, {}}}, {}})};
}

template <class Message>
void encode(benchmark::State& state, const Message& what) {
    std::string out;
    for (auto _ : state) {
        out.clear();
        wire::encode(what, out);
        benchmark::DoNotOptimize(out.data());
    }
}

template <class Message>
void decode(benchmark::State& state, const Message& what) {
    std::string bytes;
    wire::encode(what, bytes);
    wire::frame_decoder frames(bytes.size());
    for (auto _ : state) {
        std::ranges::copy(bytes, frames.room(bytes.size()).begin());
        frames.came(bytes.size());
        const auto framed = frames.next();
        benchmark::DoNotOptimize(wire::decode(**framed));
    }
}

BENCHMARK_CAPTURE(encode, submit_request, a_request());
BENCHMARK_CAPTURE(decode, submit_request, a_request());
BENCHMARK_CAPTURE(encode, submit_reply, a_reply());
BENCHMARK_CAPTURE(decode, submit_reply, a_reply());

}  // namespace
}  // namespace penholder::bench
