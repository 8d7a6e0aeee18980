#include "relay.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace agentslock::testing {
namespace {

int new_socket(const socket_address& of) {
  const int made = ::socket(of.raw()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) throw std::runtime_error("no socket");
  return made;
}

bool send_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string receive(int from) {
  std::string bytes(1 << 16, '\0');
  ssize_t got;
  while ((got = ::recv(from, bytes.data(), bytes.size(), 0)) < 0 && errno == EINTR) {
  }
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

}  // namespace

socket_address socket_address::of_file(const std::string& path) {
  socket_address made;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long for a socket: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  std::memcpy(&made.storage_, &address, sizeof address);
  made.size_ = sizeof address;
  return made;
}

socket_address socket_address::of_loopback(std::uint16_t port) {
  socket_address made;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::memcpy(&made.storage_, &address, sizeof address);
  made.size_ = sizeof address;
  return made;
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("a socket without a port");
  return ntohs(address.sin_port);
}

struct relay::shared {
  /// What is to be cut off, and how.
  struct plan {
    cut_at where;
    std::string text;
    bool is_silent;
    std::size_t let_through = 0;
  };
  struct hook {
    std::string text;
    std::function<void()> call;
  };
  struct pair {
    int client;
    int server;
    /// The answer to what was sent last is not passed on.
    bool cuts_at_the_answer = false;
    bool is_silent = false;
  };

  shared(const socket_address& from, const socket_address& to) : server_address(to) {
    listener = new_socket(from);
    if (::bind(listener, from.raw(), from.size()) != 0 || ::listen(listener, 50) != 0 ||
        ::pipe2(wake, O_CLOEXEC) != 0)
      throw std::runtime_error("no listener");
    thread = std::thread([this] { run(); });
  }
  ~shared() {
    ::close(wake[1]);
    thread.join();
    ::close(wake[0]), ::close(listener);
    for (const pair& one : pairs)
      end(one);
  }

  static void end(const pair& one) { ::close(one.client), ::close(one.server); }

  void accept_one() {
    const int client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) return;
    const int server = new_socket(server_address);
    const bool refused = [&] {
      const std::scoped_lock lock(mutex);
      return refuses && cuts > 0;
    }();
    if (refused || ::connect(server, server_address.raw(), server_address.size()) != 0) {
      ::close(client), ::close(server);
    } else {
      pairs.push_back({client, server});
    }
  }

  /// The plan, where this is what it is about.
  std::optional<plan> plan_for(std::string_view bytes) {
    const std::scoped_lock lock(mutex);
    // A goodbye to PostgreSQL: it waits for no answer, and so does not see what becomes of it.
    if (bytes.starts_with('X') && bytes.size() == 5) return std::nullopt;
    if (!planned || bytes.find(planned->text) == bytes.npos) return std::nullopt;
    if (planned->let_through > 0) {
      --planned->let_through;
      return std::nullopt;
    }
    return std::exchange(planned, std::nullopt);
  }

  /// Whether the connection goes on.
  bool cut(pair& one, bool is_silent) {
    std::function<void()> call;
    {
      const std::scoped_lock lock(mutex);
      call = at_cut;
      ++cuts;
    }
    if (call) call();
    one.is_silent = is_silent;
    return is_silent;
  }

  /// What is to be called before this goes on.
  std::function<void()> call_for(std::string_view bytes) {
    const std::scoped_lock lock(mutex);
    if (!before || bytes.find(before->text) == bytes.npos) return {};
    return std::exchange(before, std::nullopt)->call;
  }

  bool from_client(pair& one) {
    const std::string bytes = receive(one.client);
    if (bytes.empty()) return false;
    if (one.is_silent) return true;
    if (const auto call = call_for(bytes)) call();
    const auto now = plan_for(bytes);
    if (!now) return send_all(one.server, bytes);
    switch (now->where) {
      case cut_at::before_commit:
        return cut(one, now->is_silent);
      case cut_at::in_commit:
        sends_all = !sends_all;
        (void)send_all(one.server,
                       std::string_view(bytes).substr(0, sends_all ? bytes.size() : bytes.size() / 2));
        return cut(one, now->is_silent);
      case cut_at::after_commit:
        break;
    }
    one.cuts_at_the_answer = true;
    is_silent_then = now->is_silent;
    return send_all(one.server, bytes);
  }

  bool from_server(pair& one) {
    const std::string bytes = receive(one.server);
    if (bytes.empty()) return one.is_silent;
    if (one.is_silent) return true;
    if (one.cuts_at_the_answer) return cut(one, is_silent_then);
    return send_all(one.client, bytes);
  }

  void run() {
    for (;;) {
      std::vector<pollfd> all{{wake[0], POLLIN, 0}, {listener, POLLIN, 0}};
      for (const pair& one : pairs) {
        all.push_back({one.client, POLLIN, 0});
        all.push_back({one.server, POLLIN, 0});
      }
      if (::poll(all.data(), all.size(), -1) < 0) continue;
      if (all[0].revents != 0) return;
      std::size_t at = 2;
      for (auto one = pairs.begin(); one != pairs.end(); at += 2) {
        bool goes_on = all[at].revents == 0 || from_client(*one);
        if (goes_on && !one->is_silent && all[at + 1].revents != 0) goes_on = from_server(*one);
        if (goes_on) {
          ++one;
        } else {
          end(*one);
          one = pairs.erase(one);
        }
      }
      if (all[1].revents != 0) accept_one();
    }
  }

  socket_address server_address;
  int listener = -1;
  int wake[2] = {-1, -1};
  std::list<pair> pairs;
  bool sends_all = false;
  bool is_silent_then = false;
  std::thread thread;

  mutable std::mutex mutex;
  std::optional<plan> planned;
  std::function<void()> at_cut;
  std::optional<hook> before;
  bool refuses = false;
  int cuts = 0;
};

relay::relay(const socket_address& from, const socket_address& to)
    : shared_(std::make_unique<shared>(from, to)) {}
relay::~relay() = default;

std::uint16_t relay::port() const {
  return port_of(shared_->listener);
}
void relay::cut_off(cut_at where, std::string_view text, std::size_t let_through) {
  const std::scoped_lock lock(shared_->mutex);
  shared_->planned = {where, std::string(text), false, let_through};
}
void relay::silence(cut_at where, std::string_view text) {
  const std::scoped_lock lock(shared_->mutex);
  shared_->planned = {where, std::string(text), true, 0};
}
void relay::at_the_cut(std::function<void()> call) {
  const std::scoped_lock lock(shared_->mutex);
  shared_->at_cut = std::move(call);
}
void relay::call_before(std::string_view text, std::function<void()> call) {
  const std::scoped_lock lock(shared_->mutex);
  shared_->before = {std::string(text), std::move(call)};
}
void relay::refuse_afterwards() {
  const std::scoped_lock lock(shared_->mutex);
  shared_->refuses = true;
}
int relay::cuts() const {
  const std::scoped_lock lock(shared_->mutex);
  return shared_->cuts;
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
