#include "probe.hpp"

namespace penholder::bench {

const std::vector<probe>& all_probes() {
    static const std::vector<probe> all{
        {"link-alone", "The link alone: the leader answers at once, without a database", link_alone},
        {"handovers", "How long clients see no answer while the leader hands over", handovers},
        {"overload", "What the accepted writes feel while more is offered than can be done", overload},
        {"sweeping", "What the ledger's sweep takes from the writes", sweeping},
        {"idle", "What a node costs that has nothing to do", idle_nodes},
        {"thousand-groups", "What a node in a thousand groups costs", thousand_groups}};
    return all;
}

}  // namespace penholder::bench
