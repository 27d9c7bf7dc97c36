#include "lane_wire.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace penholder::simulation {

std::optional<int> write_behind(const lane::command& what) {
    static constexpr std::string_view counted = "WITH penholder_counted AS (";
    std::string_view sql = what.sql;
    if (sql.starts_with(counted)) sql.remove_prefix(counted.size());
    if (!mode_of(sql)) return std::nullopt;
    return std::stoi(*what.params.at(0));
}

int number_of(const write& what) {
    return std::stoi(*what.statements().at(0).params().at(0));
}

void lane_wire::on_sent(const lane::round& commands) {
    auto& round = sent_.emplace_back();
    round.ends = commands.size() == 1 && commands.front().sql == "ROLLBACK";
    for (const auto& one : commands) {
        if (const auto write = write_behind(one)) round.writes.push_back(*write);
        round.ends = round.ends || one.sql == "COMMIT";
    }
}

void lane_wire::on_replies(const std::vector<lane::reply>& replies) {
    if (sent_.empty()) return;
    const auto round = std::move(sent_.front());
    sent_.pop_front();
    running_.insert(running_.end(), round.writes.begin(), round.writes.end());
    if (round.ends && std::ranges::none_of(replies, &lane::reply::fatal)) running_.clear();
}

void lane_wire::clear() {
    sent_.clear();
    running_.clear();
}

bool lane_wire::carries(int write) const {
    return std::ranges::count(running_, write) > 0 || std::ranges::any_of(sent_, [write](const auto& round) {
               return std::ranges::count(round.writes, write) > 0;
           });
}

std::vector<int> lane_wire::carried() const {
    auto all = running_;
    for (const auto& round : sent_) all.insert(all.end(), round.writes.begin(), round.writes.end());
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

}  // namespace penholder::simulation
