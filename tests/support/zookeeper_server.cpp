#include "zookeeper_server.hpp"

#include "four_letter_word.hpp"
#include "patience.hpp"
#include "ports.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace penholder::testing {
namespace {

constexpr auto settings = R"(tickTime=200
initLimit=25
syncLimit=10
minSessionTimeout=400
maxSessionTimeout=60000
maxClientCnxns=0
dataDir={}/data
admin.enableServer=false
4lw.commands.whitelist=*
)";

constexpr auto plain_port = R"(clientPort={}
clientPortAddress=127.0.0.1
)";

constexpr auto tls_port = R"(secureClientPort={0}
secureClientPortAddress=127.0.0.1
serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
ssl.keyStore.location={1}/own.pem
ssl.trustStore.location={1}/authority.pem
ssl.clientAuth={2}
)";

std::vector<std::string> java(const std::filesystem::path& configuration) {
    // Snapshots and logs are not forced to the disk: the tests kill processes, not machines.
    return {"java",
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dzookeeper.forceSync=no",
            "-Dzookeeper.preAllocSize=256",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            "/usr/share/java/slf4j-simple.jar:/usr/share/java/zookeeper.jar:/usr/share/java/netty-codec.jar:"
            "/usr/share/java/netty-resolver.jar:/usr/share/java/netty-transport-native-unix-common.jar",
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            configuration};
}

}  // namespace

zookeeper_server::zookeeper_server(std::string more_settings)
    : id_(1), everybody_{{.client = free_port()}}, more_settings_(std::move(more_settings)) {
    start();
}

zookeeper_server::zookeeper_server(zookeeper_tls by)
    : id_(1), everybody_{{.client = free_port()}}, tls_(std::move(by)) {
    start();
}

zookeeper_server::zookeeper_server(unsigned id, std::vector<zookeeper_ports> everybody, std::optional<zookeeper_tls> by)
    : id_(id), everybody_(std::move(everybody)), tls_(std::move(by)) {}

void zookeeper_server::start() {
    std::filesystem::create_directories(directory_ / "data");
    std::ofstream(directory_ / "data/myid") << id_ << '\n';
    std::ofstream(directory_ / "zoo.cfg") << configuration();
    if (tls_) {
        replace_file(directory_ / "own.pem", tls_->own.key + tls_->own.certificate);
        replace_file(directory_ / "authority.pem", tls_->authority);
    }
    process_.emplace(process_options{.command = java(directory_ / "zoo.cfg"), .log_file = directory_ / "log"});
    if (everybody_.size() > 1) return;
    if (!eventually([this] { return serving() || !process_->running(); }, limit::boot) || !serving())
        throw std::runtime_error("ZooKeeper does not answer on " + connect_string() + ":\n" + log());
}

std::string zookeeper_server::configuration() const {
    const auto directory = directory_.path().string();
    auto text = fmt::format(settings, directory) + more_settings_;
    text += tls_ ? fmt::format(tls_port, port(), directory, tls_->wants_certificates ? "need" : "none")
                 : fmt::format(plain_port, port());
    if (everybody_.size() == 1) return text;
    text += "quorumListenOnAllIPs=false\nstandaloneEnabled=false\n";
    for (std::size_t i = 0; i < everybody_.size(); ++i)
        text += fmt::format("server.{}=127.0.0.1:{}:{}\n", i + 1, everybody_[i].quorum, everybody_[i].election);
    return text;
}

void zookeeper_server::stop() {
    if (!process_) return;
    process_->send(SIGTERM);
    if (!process_->wait()) process_->kill();
    process_.reset();
}

void zookeeper_server::kill() {
    process_.reset();
}

void zookeeper_server::pause() {
    if (process_) process_->send(SIGSTOP);
}

void zookeeper_server::resume() {
    if (process_) process_->send(SIGCONT);
}

void zookeeper_server::restart() {
    stop();
    start();
}

void zookeeper_server::wipe() {
    std::filesystem::remove_all(directory_ / "data");
}

bool zookeeper_server::serving() const {
    return process_ && ask("srvr").find("Mode: ") != std::string::npos;
}

std::string zookeeper_server::ask(const std::string& word) const {
    return tls_ ? four_letter_word_by_tls(port(), word, tls_->asking) : four_letter_word(port(), word);
}

std::string zookeeper_server::owner_of(const std::string& path) const {
    std::istringstream lines(ask("dump"));
    std::string session;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("0x")) session = line.substr(0, line.find(':'));
        if (line == "\t" + path) return session;
    }
    return {};
}

bool zookeeper_server::has_session(const std::string& id) const {
    const auto answer = ask("dump");
    const auto sessions = answer.substr(0, answer.find("ephemeral nodes dump"));
    return sessions.find("\t" + id + "\n") != std::string::npos;
}

std::string zookeeper_server::log() const {
    return process_ ? process_->log() : std::string();
}

}  // namespace penholder::testing
