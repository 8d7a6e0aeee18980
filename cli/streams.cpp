#include "streams.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>

#include "exit_code.hpp"

namespace agentslock::cli {
namespace {

boost::system::error_code last_error() noexcept {
  return {errno, boost::system::system_category()};
}

/// Calls until the answer is neither an interruption nor "not now"; waits until the stream may be ready.
template <class Call>
sys_result<std::size_t> patiently(int file, short ready, Call call) {
  for (;;) {
    const ssize_t done = call();
    if (done >= 0) return static_cast<std::size_t>(done);
    const auto why = last_error();
    if (why.value() == EAGAIN || why.value() == EWOULDBLOCK) {
      pollfd wanted{file, ready, 0};
      if (::poll(&wanted, 1, -1) < 0 && errno != EINTR) return last_error();
    } else if (why.value() != EINTR) {
      return why;
    }
  }
}

}  // namespace

bool prepare_streams() noexcept {
  for (int file = STDIN_FILENO; file <= STDERR_FILENO; ++file) {
    // The lowest free number is the one that is missing. A path that is opened as such has no bytes.
    if (::fcntl(file, F_GETFD) < 0 && ::open("/", O_PATH) != file) return false;
  }
  for (int signal : {SIGPIPE, SIGXFSZ})
    ::signal(signal, SIG_IGN);
  return true;
}

sys_result<> write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = patiently(file, POLLOUT, [&] { return ::write(file, text.data(), text.size()); });
    if (!written) return written.error();
    text.remove_prefix(*written);
  }
  return {};
}

sys_result<std::size_t> read_some(int file, std::span<char> into) {
  return patiently(file, POLLIN, [&] { return ::read(file, into.data(), into.size()); });
}

sys_result<> finish_output() {
  // Closing any descriptor of the file asks for it; the stream itself stays open.
  const int copy = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  if (copy >= 0 && ::close(copy) != 0) return last_error();
  return {};
}

int fail_to_write(boost::system::error_code why) {
  // When standard error is what fails, nobody can be told more than the exit status says.
  (void)write_all(STDERR_FILENO, fmt::format("agentslock: could not write the output: {}\n", why.message()));
  return static_cast<int>(exit_code::failed);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
