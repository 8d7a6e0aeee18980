#include "document.hpp"

#include <chrono>
#include <memory>

#include "agentslock/io/digest.hpp"

namespace agentslock::c {
namespace {

/// Changes how a document is written.
template <class Change>
agentslock_code set(agentslock_document* document, agentslock_error** why, const Change& change) noexcept {
  return guarded(why, [&]() -> result<> {
    agentslock_document& on = given(document);
    store_options options = on.options();
    change(options);
    on.set(std::move(options));
    return {};
  });
}

}  // namespace
}  // namespace agentslock::c

using namespace agentslock;
using namespace agentslock::c;

extern "C" {

agentslock_text agentslock_version(void) {
  return text_out(AGENTSLOCK_VERSION);
}

agentslock_code agentslock_digest(agentslock_text bytes, char digest[72], agentslock_error** why) {
  return guarded(why, [&]() -> result<> {
    if (digest == nullptr) throw wrong_call{"there is no place for the digest"};
    *digest = '\0';
    write_digest(agentslock::digest(text_in(bytes)), digest);
    return {};
  });
}

int64_t agentslock_now(void) {
  using namespace std::chrono;
  return floor<seconds>(system_clock::now()).time_since_epoch().count();
}

agentslock_code agentslock_document_open(agentslock_text path, agentslock_document** document,
                                         agentslock_error** why) {
  return made(document, why, [&]() -> result<std::unique_ptr<agentslock_document>> {
    const std::string_view name = text_in(path);
    if (name.empty()) throw wrong_call{"the path is empty"};
    if (name.find('\0') != std::string_view::npos) throw wrong_call{"the path has a NUL"};
    return std::make_unique<agentslock_document>(name);
  });
}

void agentslock_document_close(agentslock_document* document) {
  delete document;
}

agentslock_code agentslock_document_set_wait(agentslock_document* document, int64_t milliseconds,
                                             agentslock_error** why) {
  return set(document, why, [&](store_options& options) {
    constexpr std::int64_t year = std::int64_t{366} * 24 * 3600 * 1000;
    if (milliseconds < 0 || milliseconds > year) throw wrong_call{"the time to wait is out of range"};
    options.lock.wait = std::chrono::milliseconds(milliseconds);
  });
}

agentslock_code agentslock_document_set_any_version(agentslock_document* document, int32_t taken,
                                                    agentslock_error** why) {
  return set(document, why, [&](store_options& options) {
    options.version = choice_in(taken) ? version_rule::any : version_rule::only_version_1;
  });
}

agentslock_code agentslock_document_set_synced(agentslock_document* document, int32_t synced,
                                               agentslock_error** why) {
  return set(document, why, [&](store_options& options) {
    options.durable = choice_in(synced) ? durability::synced : durability::unsynced;
  });
}

agentslock_text agentslock_document_path(const agentslock_document* document) {
  return document == nullptr ? text_out("") : text_out(document->store().path());
}

}  // extern "C"
// SPDX-License-Identifier: Apache-2.0
