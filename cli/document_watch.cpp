#include "document_watch.hpp"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/filesystem.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace agentslock::cli {
namespace {

constexpr std::chrono::milliseconds look_every(1000);
constexpr std::chrono::milliseconds look_every_untold(100);
/// As many symlinks as the kernel follows.
constexpr int symlinks_max = 40;

bool is_same(const struct stat& a, const struct stat& b) {
  const auto same_time = [](timespec x, timespec y) {
    return x.tv_sec == y.tv_sec && x.tv_nsec == y.tv_nsec;
  };
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size && a.st_mode == b.st_mode &&
         same_time(a.st_mtim, b.st_mtim) && same_time(a.st_ctim, b.st_ctim);
}

}  // namespace

document_watch::document_watch(std::string path) : path_(std::move(path)) {
  begin();
  seen_ = look();
}

document_watch::~document_watch() {
  end();
}

document_watch::stamp document_watch::look() const {
  struct stat found {};
  return ::stat(path_.c_str(), &found) == 0 ? stamp(found) : stamp();
}

bool document_watch::has_other_stamp() {
  const stamp now = look();
  const bool same = now.has_value() == seen_.has_value() && (!now || is_same(*now, *seen_));
  seen_ = now;
  return !same;
}

/// Asks the system to tell of the document's directory, and of those of the symlinks' targets.
void document_watch::begin() {
  namespace fs = boost::filesystem;
  queue_ = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (queue_ < 0) return;
  fs::path at = path_;
  for (int followed = 0; followed <= symlinks_max; ++followed) {
    const fs::path directory = at.has_parent_path() ? at.parent_path() : fs::path(".");
    const int watch = ::inotify_add_watch(queue_, directory.c_str(),
                                          IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE |
                                              IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
    if (watch < 0) break;
    names_[watch].insert(at.filename().native());
    boost::system::error_code failed;
    const fs::path target = fs::read_symlink(at, failed);
    if (failed) break;
    at = target.is_absolute() ? target : directory / target;
  }
  if (names_.empty()) end();
}

void document_watch::end() noexcept {
  if (queue_ >= 0) ::close(queue_);
  queue_ = -1;
  names_.clear();
}

/// Whether the system told of something that counts: a name of ours, a directory that has gone, or more than it could keep.
bool document_watch::read_events() {
  alignas(inotify_event) std::array<char, 1 << 14> block;
  bool counts = false;
  for (;;) {
    const ssize_t got = ::read(queue_, block.data(), block.size());
    if (got <= 0) return counts || (got < 0 && errno != EAGAIN && errno != EINTR);
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, block.data() + at, sizeof event);
      if (event.len == 0) {
        counts = true;
      } else {
        const auto watched = names_.find(event.wd);
        counts =
            counts || (watched != names_.end() && watched->second.contains(block.data() + at + sizeof event));
      }
      at += sizeof event + event.len;
    }
  }
}

bool document_watch::wait_until(clock::time_point deadline) {
  for (;;) {
    if (queue_ >= 0 && read_events()) {
      // Symlinks may lead elsewhere now. What happens from here on is told by the new watches.
      end();
      begin();
      seen_ = look();
      return true;
    }
    if (has_other_stamp()) {
      end();
      begin();
      return true;
    }
    const auto now = clock::now();
    if (now >= deadline) return false;
    const auto pause = std::min<clock::duration>(deadline - now, is_told() ? look_every : look_every_untold);
    if (!is_told()) {
      std::this_thread::sleep_for(pause);
      continue;
    }
    pollfd waiting{queue_, POLLIN, 0};
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(pause).count();
    (void)::poll(&waiting, 1, static_cast<int>(whole));
  }
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
