#include "roster.hpp"

#include "base/log.hpp"
#include "election/records.hpp"

#include <algorithm>
#include <utility>

namespace penholder::zookeeper {

class roster_core : public std::enable_shared_from_this<roster_core> {
public:
    roster_core(session& with, const election::group_paths& paths, std::function<void(std::vector<member>)> on_change)
        : session_(with), path_(paths.members), on_change_(std::move(on_change)) {}

    void listen() {
        subscription_ = session_.subscribe({path_,
                                            [this](const session_event& event) {
                                                if (event.what == session_event::kind::connected) refresh();
                                            },
                                            [this](const watch_event& event) {
                                                if (event.path == path_) refresh();
                                            }});
        if (session_.connected()) refresh();
    }

    void leave() { session_.unsubscribe(subscription_); }

    void refresh() {
        stale_ = true;
        if (!reading_) read();
    }

private:
    template <class T>
    std::function<void(reply<T>)> then(void (roster_core::*take)(reply<T>)) {
        return [weak = weak_from_this(), take](reply<T> answer) {
            if (const auto self = weak.lock()) ((*self).*take)(std::move(answer));
        };
    }

    void read() {
        reading_ = true;
        stale_ = false;
        session_.children(path_, true, then<std::vector<std::string>>(&roster_core::on_names));
    }

    /// Without the parent there is nothing to list; a watch tells when somebody creates it.
    void on_names(reply<std::vector<std::string>> names) {
        if (!names) {
            const bool no_parent = names.error().why == reason::no_node;
            if (no_parent) session_.exists(path_, true, then<stat>(&roster_core::on_parent));
            return finish();
        }
        found_.clear();
        pending_ = names->size();
        if (pending_ == 0) return publish();
        for (const auto& name : *names) {
            session_.get(path_ + "/" + name, false, [weak = weak_from_this(), name](reply<znode> read) {
                if (const auto self = weak.lock()) self->on_member(name, read);
            });
        }
    }

    void on_parent(reply<stat> answer) {
        if (answer) refresh();
    }

    void on_member(const std::string& name, const reply<znode>& read) {
        if (read) {
            auto record = election::decode_member(path_ + "/" + name, read->data);
            if (record) found_.push_back(std::move(*record));
            if (!record) log().warn("malformed_znode why=\"{}\"", record.error().message);
        }
        if (--pending_ == 0) publish();
    }

    void publish() {
        std::ranges::sort(found_, {}, &member::node);
        if (found_ != told_) {
            told_ = found_;
            on_change_(told_);
        }
        finish();
    }

    void finish() {
        reading_ = false;
        if (stale_ && session_.connected()) read();
    }

    session& session_;
    std::string path_;
    std::function<void(std::vector<member>)> on_change_;
    std::uint64_t subscription_ = 0;
    bool reading_ = false;
    bool stale_ = false;
    std::size_t pending_ = 0;
    std::vector<member> found_;
    std::vector<member> told_;
};

roster::roster(session& with, const election::group_paths& paths, std::function<void(std::vector<member>)> on_change)
    : core_(std::make_shared<roster_core>(with, paths, std::move(on_change))) {
    core_->listen();
}

roster::~roster() {
    core_->leave();
}

}  // namespace penholder::zookeeper
