#include "agentslock/io/lockfile_store.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "document_size.hpp"
#include "failed_store.hpp"
#include "file/file_document.hpp"

namespace agentslock {
namespace {

/// Runs the work of one public function; running out of memory is an error like the others.
template <class Work>
auto guarded(const std::string& path, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return error(errc::out_of_memory, "memory ran out while working on " + path);
  }
}

}  // namespace

/// A document, and what its store knows it again by.
struct loaded_lockfile::snapshot {
  stored_document stored;
  parsed_document parsed;
};

lockfile_store::lockfile_store(std::string_view path, store_options options, platform on)
    : documents_(std::make_shared<file_document>(path, options.lock, options.durable, on)),
      options_(std::move(options)),
      on_(on) {}

lockfile_store::lockfile_store(std::shared_ptr<const document_store> documents, store_options options,
                               platform on)
    : documents_(std::move(documents)), options_(std::move(options)), on_(on) {}

template <class Source>
result<lockfile_store::snapshot> lockfile_store::parsed(Source& from) const {
  std::optional<parsed_document> early;
  auto stored = from.read_and_show([&](const text_buffer& text, text_arrival& arrival) {
    early = lock_document::parse(text, path(), options_.version, arrival);
  });
  if (!stored) return stored.error();
  if (early && early->document.text().owner() == stored->text.owner())
    return snapshot{std::move(*stored), std::move(*early)};
  const text_buffer text = stored->exists ? stored->text : text_buffer(lock_document::empty_text);
  auto document = lock_document::parse(text, path(), options_.version);
  if (!document) return document.error();
  return snapshot{std::move(*stored), std::move(*document)};
}

result<parsed_document> lockfile_store::read() const {
  return guarded(path(), [&]() -> result<parsed_document> {
    auto now = parsed(*documents_);
    if (!now) return now.error();
    return std::move(now->parsed);
  });
}

result<loaded_lockfile> lockfile_store::load() const {
  return guarded(path(), [&]() -> result<loaded_lockfile> {
    auto now = parsed(*documents_);
    if (!now) return now.error();
    const lock_document& document = now->parsed.document;
    if (const auto known = document.check_version(); !known) return known.error();
    loaded_lockfile loaded;
    loaded.file_ = std::exchange(now->parsed.adapters, lockfile());
    loaded.existed_ = now->stored.exists;
    loaded.base_ = splice(document.text());
    loaded.from_ = std::make_shared<snapshot>(std::move(*now));
    return loaded;
  });
}

result<bool> lockfile_store::is_current(loaded_lockfile& loaded) const {
  return guarded(path(), [&]() -> result<bool> {
    if (loaded.from_ == nullptr) return result<bool>(false);
    return documents_->is_current(*loaded.from_->stored.revision);
  });
}

result<> lockfile_store::save(loaded_lockfile& loaded) const {
  return guarded(path(), [&]() -> result<> {
    const auto make = [&](parsed_document& current) -> result<splice> {
      if (const auto known = current.document.check_version(); !known) return known.error();
      const bool is_the_one = loaded.from_ != nullptr && &current == &loaded.from_->parsed;
      if (!is_the_one) {
        // Another text: only what its section means counts.
        const auto base = lock_document::parse(loaded.base_.text(), path(), options_.version);
        if (!base) return base.error();
        if (!(base->adapters == current.adapters)) {
          return error(errc::conflict, "the adapters in " + path() +
                                           " have been changed by another program since they were loaded; "
                                           "load them again and repeat the change");
        }
      }
      return current.document.render({}, &loaded.file_);
    };
    auto saved = write(make, patience::three_times, loaded.from_.get());
    if (!saved) return saved.error();
    loaded.base_ = std::move(saved->text);
    if (!loaded.base_.changes_nothing()) loaded.from_.reset();
    if (saved->not_durable) return *saved->not_durable;
    return {};
  });
}

result<> lockfile_store::save_over(const lockfile& file) const {
  return guarded(path(), [&]() -> result<> {
    const auto make = [&](parsed_document& current) -> result<splice> {
      if (const auto known = current.document.check_version(); !known) return known.error();
      return current.document.render({}, &file);
    };
    return outcome_of(write(make, patience::three_times));
  });
}

result<> lockfile_store::update(function_ref<result<>(lockfile&)> change) const {
  return edit([&](document_edit& edit) { return change(edit.adapters); });
}

result<> lockfile_store::edit(function_ref<result<>(document_edit&)> change) const {
  return guarded(path(), [&]() -> result<> {
    const auto make = [&](parsed_document& current) -> result<splice> {
      const lock_document& document = current.document;
      if (const auto known = document.check_version(); !known) return known.error();
      lockfile& adapters = current.adapters;
      staged_changes sections;
      document_edit edit{document, adapters, false, sections};
      const auto changed = change(edit);
      if (!changed) return changed.error();
      const bool stated =
          edit.writes_empty_section || document.has_adapters() || !adapters.adapters().empty();
      return document.render(sections.staged(), stated ? &adapters : nullptr);
    };
    return outcome_of(write(make, patience::three_times));
  });
}

result<> lockfile_store::flush(const staged_changes& changes) const {
  return guarded(path(), [&]() -> result<> {
    const auto make = [&](parsed_document& current) -> result<splice> {
      return current.document.render(changes.staged());
    };
    return outcome_of(write(make, patience::until_deadline));
  });
}

result<> lockfile_store::outcome_of(const result<written>& write) {
  if (!write) return write.error();
  if (write->not_durable) return *write->not_durable;
  return {};
}

result<lockfile_store::written> lockfile_store::write(rewrite make, patience how_long,
                                                      snapshot* known) const {
  constexpr int again_max = 3;
  const auto deadline = on_.machine.boot_time() + options_.lock.wait;
  const bool until_deadline = how_long == patience::until_deadline || !documents_->takes_turns();
  for (int again = 0;; ++again) {
    bool was_overtaken = false;
    auto done = write_once(make, known, was_overtaken);
    if (done || !(was_overtaken || done.error().code() == errc::lock_lost)) return done;
    const bool gives_up = until_deadline ? on_.machine.boot_time() >= deadline : again == again_max;
    if (gives_up) return done;
    if (!documents_->takes_turns()) let_others_go_first(again);
  }
}

void lockfile_store::let_others_go_first(int again) const {
  // Each waits for another time, and those that were overtaken often for longer, so that they do not meet again.
  const std::string token = on_.machine.random_token();
  unsigned number = 0;
  for (const char digit : std::string_view(token).substr(0, 4))
    number = number * 31 + static_cast<unsigned char>(digit);
  const unsigned most_ms = 1U << std::min(again, 6);
  on_.machine.sleep_for(std::chrono::microseconds(number % (most_ms * 1000U)));
}

result<lockfile_store::written> lockfile_store::write_once(rewrite make, snapshot* known,
                                                           bool& was_overtaken) const {
  const auto turn = documents_->take_turn();
  if (!turn) return turn.error();
  // What was read before the turn is as good as new, as long as the document is the same.
  snapshot* current = nullptr;
  std::optional<snapshot> fresh;
  if (known != nullptr) {
    const auto unchanged = (*turn)->is_current(*known->stored.revision);
    if (!unchanged) return unchanged.error();
    if (*unchanged) current = known;
  }
  if (current == nullptr) {
    auto now = parsed(**turn);
    if (!now) return now.error();
    current = &fresh.emplace(std::move(*now));
  }
  auto changed = make(current->parsed);
  if (!changed) return changed.error();
  std::optional<error> not_durable;
  if (!changed->changes_nothing()) {
    if (const auto fits = check_size_of_written(changed->size(), path()); !fits) return fits.error();
    const auto stored = (*turn)->store_if(*current->stored.revision, changed->pieces());
    if (!stored && !is_in_place(stored.error())) {
      was_overtaken = stored.error().code() == errc::conflict && !documents_->takes_turns();
      return stored.error();
    }
    if (!stored) not_durable = stored.error();
  }
  return written{std::move(*changed), std::move(not_durable)};
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
