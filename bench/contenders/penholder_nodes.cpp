// Penholder as a service embeds it: three nodes in this process, each on a thread of its own, and writers that are
// coroutines on their node's thread.
#include "contender.hpp"
#include "embedded_nodes.hpp"

namespace penholder::bench {
namespace {

class node_contender : public contender {
public:
    node_contender(servers& on, std::string name, std::string group, bool at_leader,
                   const embedded_nodes::adjustment& adjust = {})
        : name_(std::move(name)), nodes_(on, std::move(group), adjust), at_leader_(at_leader) {}

    std::string name() const override { return name_; }

    bool takes_neighbours() const override { return true; }

    void run(course& all) override { write_through(all, nodes_, at_leader_); }

private:
    std::string name_;
    embedded_nodes nodes_;
    bool at_leader_;
};

}  // namespace

contender_pointer at_the_leader(servers& on) {
    return std::make_unique<node_contender>(on, "Penholder, leader", "leader", true);
}

contender_pointer through_followers(servers& on) {
    return std::make_unique<node_contender>(on, "Penholder, followers", "followers", false);
}

contender_pointer through_plain_links(servers& on) {
    const auto without_a_secret = [](options& settings) { settings.link.secret.clear(); };
    return std::make_unique<node_contender>(on, "Penholder, plain links", "plain", false, without_a_secret);
}

}  // namespace penholder::bench
