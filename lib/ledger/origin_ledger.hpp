#pragma once

#include "model/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace penholder::ledger {

/// What the ledger keeps of one life of a node, and the rules by which it answers a repeated sequence number. Pure.
class origin_ledger {
public:
    enum class state {
        fresh,     ///< Never applied: apply it.
        answered,  ///< Its first answer is kept.
        expired,   ///< It may have been applied; the answer is no longer kept.
    };

    /// An origin of which the database keeps nothing. What lies below the floor of its first mark may have been swept,
    /// but not what the mark keeps: origins keep a number for a shorter time than the database keeps their rows.
    origin_ledger() = default;

    /// As kept in the database. Nothing where the bytes are not what `bytes` wrote.
    static std::optional<origin_ledger> from_bytes(const std::string& bytes);
    std::string bytes() const;

    state look_up(std::uint64_t sequence, const origin_mark& mark) const;
    const std::string& answer(std::uint64_t sequence) const { return answers_.at(sequence); }

    /// Takes note of what the origin says about itself; an older mark than one seen before says nothing new.
    void absorb(const origin_mark& mark);
    void add(std::uint64_t sequence, std::string receipt);

    std::size_t answers() const noexcept { return answers_.size(); }

private:
    void prune();
    bool is_kept(std::uint64_t sequence) const;

    bool known_ = false;
    std::uint64_t floor_ = 1;
    std::vector<std::uint64_t> kept_;
    std::map<std::uint64_t, std::string> answers_;
};

}  // namespace penholder::ledger
