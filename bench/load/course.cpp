#include "course.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace penholder::bench {
namespace {

constexpr std::chrono::milliseconds longest_warm_up{1000};

/// Who is not through with its writes so long after the last was due gets no more of them.
constexpr std::chrono::seconds patience{30};

/// Fewer writes do not tell which way is theirs.
constexpr std::uint64_t enough_to_tell = 100;

}  // namespace

course::course(workload_pointer what, load_shape shape)
    : what_(std::move(what)), shape_(shape), run_(fmt::format("{:x}", clock::now().time_since_epoch().count())) {}

void course::begin() {
    began_ = clock::now();
    counts_from_ = began_ + std::min(shape_.length / 5, longest_warm_up);
    ends_ = counts_from_ + shape_.length;
}

std::optional<clock::time_point> course::next_due() {
    auto due = clock::now();
    if (shape_.rate > 0) {
        if (due > ends_ + patience) return std::nullopt;
        due = due_at(started_++);
    }
    return due < ends_ ? std::optional(due) : std::nullopt;
}

clock::time_point course::due_at(std::uint64_t number) const {
    const std::chrono::duration<double> after(static_cast<double>(number) / shape_.rate);
    return began_ + std::chrono::duration_cast<clock::duration>(after);
}

turn course::end() const {
    turn made;
    made.told = told_;
    made.latencies = latencies_;
    if (shape_.rate > 0) count_those_not_begun(made.latencies);
    made.service = service_;
    made.session_share = session_share_;
    const std::chrono::duration<double> counted_for = ends_ - counts_from_;
    made.writes_per_second = static_cast<double>(counted_) / counted_for.count();
    if (told_.refused > meant_to_be_refused_ || told_.refused + told_.unknown < meant_to_be_refused_) {
        made.problem = fmt::format("{} writes were refused instead of {}", told_.refused, meant_to_be_refused_);
    }
    if (made.problem.empty()) made.problem = wrong_way(session_share_);
    return made;
}

/// A neighbour's writes are taken for ones that took sessions.
void course::took(const ways_taken& before, const ways_taken& after) {
    const auto sessions = after.sessions - before.sessions;
    const auto own = sessions - std::min(sessions, neighbours_.load());
    const auto all = own + after.lane - before.lane;
    if (all >= enough_to_tell) session_share_ = static_cast<double>(own) / static_cast<double>(all);
}

/// A conflict between the two ways takes some more writes to sessions, so there may be about as many again.
std::string course::wrong_way(std::optional<double> session_share) const {
    constexpr double slack = 0.05;
    const auto meant = what_->session_share();
    if (!session_share || (*session_share >= meant - slack && *session_share <= 2 * meant + slack)) return {};
    return fmt::format("{:.0f} % of the writes took sessions instead of {:.0f} %", 100 * *session_share, 100 * meant);
}

/// They were at least as late as the moment when they were given up.
void course::count_those_not_begun(histogram& latencies) const {
    for (auto number = started_.load(); due_at(number) < ends_; ++number) {
        if (due_at(number) >= counts_from_) latencies.add(ends_ + patience - due_at(number));
    }
}

writer::writer(course& of, std::size_t index)
    : course_(of), at_{index, 0}, random_(static_cast<random_source::result_type>(index + 1)) {}

writer::~writer() {
    const std::lock_guard lock(course_.mutex_);
    course_.told_.committed += told_.committed;
    course_.told_.refused += told_.refused;
    course_.told_.unknown += told_.unknown;
    course_.counted_ += counted_;
    course_.meant_to_be_refused_ += meant_to_be_refused_;
    course_.latencies_.merge(latencies_);
    course_.service_.merge(service_);
}

write writer::make() {
    write made = course_.shape_.keyed ? write(fmt::format("{}-{}-{}", course_.run_, at_.writer, at_.number)) : write();
    course_.what_->make(made, at_, random_);
    meant_to_be_refused_ += course_.what_->is_refused(at_) ? 1 : 0;
    ++at_.number;
    return made;
}

void writer::answered(clock::time_point due, answer what, clock::time_point now) {
    switch (what) {
        case answer::committed: ++told_.committed; break;
        case answer::refused: ++told_.refused; break;
        case answer::unknown: ++told_.unknown; break;
    }
    if (what != answer::committed) return;
    const auto counts = [this](clock::time_point at) { return at >= course_.counts_from_ && at < course_.ends_; };
    if (counts(now)) ++counted_;
    if (!counts(due)) return;
    latencies_.add(now - due);
    service_.add(now - std::max(due, sent_));
}

}  // namespace penholder::bench
