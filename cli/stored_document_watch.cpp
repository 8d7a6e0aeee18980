#include "stored_document_watch.hpp"

#include <algorithm>
#include <thread>

namespace agentslock::cli {
namespace {

constexpr std::chrono::milliseconds ask_every(1000);

}  // namespace

stored_document_watch::stored_document_watch(const document_store& documents) : documents_(documents) {
  look();
}

void stored_document_watch::look() {
  const auto stored = documents_.read();
  seen_ = stored ? stored->revision : nullptr;
}

bool stored_document_watch::wait_until(clock::time_point deadline) {
  for (;;) {
    const auto now = clock::now();
    if (now >= deadline) return false;
    std::this_thread::sleep_for(std::min<clock::duration>(deadline - now, ask_every));
    if (seen_) {
      const auto same = documents_.is_current(*seen_);
      if (same && *same) continue;
    }
    look();
    return true;
  }
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
