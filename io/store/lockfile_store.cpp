#include "agentslock/io/lockfile_store.hpp"

#include <new>
#include <utility>

#include "document_size.hpp"
#include "path.hpp"
#include "sidecar_claim.hpp"
#include "system_call.hpp"
#include "whole_file.hpp"

namespace agentslock {
namespace {

/// Runs the work of one public function; a path that is none and running out of memory are errors like the others.
template <class Work>
auto guarded(const std::string& path, Work&& work) -> decltype(work()) {
  try {
    if (const auto path_ok = check_path(path); !path_ok) return path_ok.error();
    return work();
  } catch (const std::bad_alloc&) {
    return error(errc::out_of_memory, "memory ran out while working on " + path);
  }
}

/// The one error after which the new document stands all the same.
bool is_in_place(const error& why) {
  return why.code() == errc::not_durable;
}

}  // namespace

/// A document, and the file that it was read from.
struct loaded_lockfile::snapshot {
  read_file file;
  parsed_document parsed;
};

lockfile_store::lockfile_store(std::string_view path, store_options options, platform on)
    : path_(clean_path(path)), options_(std::move(options)), on_(on) {}

result<lockfile_store::snapshot> lockfile_store::read_snapshot(const std::string& path) const {
  auto file =
      read_whole_file(on_, path, [&](std::uint64_t bytes) { return check_size_of_read(bytes, path); });
  if (!file) return file.error();
  const text_buffer text = file->status ? file->text : text_buffer(lock_document::empty_text);
  auto document = lock_document::parse(text, path_, options_.version);
  if (!document) return document.error();
  return snapshot{std::move(*file), std::move(*document)};
}

result<parsed_document> lockfile_store::read() const {
  return guarded(path_, [&]() -> result<parsed_document> {
    auto now = read_snapshot(path_);
    if (!now) return now.error();
    return std::move(now->parsed);
  });
}

result<loaded_lockfile> lockfile_store::load() const {
  return guarded(path_, [&]() -> result<loaded_lockfile> {
    auto now = read_snapshot(path_);
    if (!now) return now.error();
    const lock_document& document = now->parsed.document;
    if (const auto known = document.check_version(); !known) return known.error();
    loaded_lockfile loaded;
    loaded.file_ = std::exchange(now->parsed.adapters, lockfile());
    loaded.existed_ = now->file.status.has_value();
    loaded.base_ = splice(document.text());
    loaded.from_ = std::make_shared<snapshot>(std::move(*now));
    return loaded;
  });
}

result<bool> lockfile_store::is_current(loaded_lockfile& loaded) const {
  return guarded(path_, [&]() -> result<bool> {
    if (loaded.from_ == nullptr) return result<bool>(false);
    read_file& file = loaded.from_->file;
    // Before the look: what is written after it may have the very times that are seen.
    const wall_time looked_at = on_.machine.now();
    read_file as_read = file;
    // A write whose time of modification was set back is told by its time of change: the later one says how young it is.
    if (file.status && file.status->changed > file.status->modified)
      as_read.read_at -= file.status->changed - file.status->modified;
    auto same = is_unchanged(on_, path_, as_read);
    // Once it has been found the same by its bytes, its times count from here.
    if (same && *same) file.read_at = looked_at;
    return same;
  });
}

result<> lockfile_store::save(loaded_lockfile& loaded) const {
  return guarded(path_, [&]() -> result<> {
    const auto make = [&](parsed_document& current) -> result<splice> {
      if (const auto known = current.document.check_version(); !known) return known.error();
      const bool is_the_one = loaded.from_ != nullptr && &current == &loaded.from_->parsed;
      if (!is_the_one) {
        // Another text: only what its section means counts.
        const auto base = lock_document::parse(loaded.base_.text(), path_, options_.version);
        if (!base) return base.error();
        if (!(base->adapters == current.adapters)) {
          return error(errc::conflict, "the adapters in " + path_ +
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
  return guarded(path_, [&]() -> result<> {
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
  return guarded(path_, [&]() -> result<> {
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
  return guarded(path_, [&]() -> result<> {
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
  for (int again = 0;; ++again) {
    auto done = write_once(make, known);
    if (done || done.error().code() != errc::lock_lost) return done;
    const bool gives_up =
        how_long == patience::three_times ? again == again_max : on_.machine.boot_time() >= deadline;
    if (gives_up) return done;
  }
}

result<lockfile_store::written> lockfile_store::write_once(rewrite make, snapshot* known) const {
  lock_options options = options_.lock;
  options.make_directories = false;
  auto lock = sidecar_lock::acquire(on_, path_, options);
  const bool no_directory = !lock && lock.error().code() == errc::document_missing;
  if (!lock && !no_directory) return lock.error();

  // What was read before the lock was taken is as good as new, as long as the file is the same.
  snapshot* current = nullptr;
  std::optional<snapshot> fresh;
  std::optional<splice> changed;
  if (no_directory) {
    // Nothing is made until it is known that there is something to write.
    auto now = read_snapshot(path_);
    if (!now) return now.error();
    known = &fresh.emplace(std::move(*now));
    auto made = make(known->parsed);
    if (!made) return made.error();
    if (made->changes_nothing()) return written{std::move(*made), std::nullopt};
    if (const auto fits = check_size_of_written(made->size(), path_); !fits) return fits.error();
    changed = std::move(*made);
    lock = sidecar_lock::acquire(on_, path_, options_.lock);
    if (!lock) return lock.error();
  }
  if (known != nullptr) {
    const auto unchanged = is_unchanged(on_, lock->document_path(), known->file);
    if (!unchanged) return unchanged.error();
    if (*unchanged) current = known;
  }
  if (current == nullptr) {
    changed.reset();
    auto now = read_snapshot(lock->document_path());
    if (!now) return now.error();
    current = &fresh.emplace(std::move(*now));
  }
  if (!changed) {
    auto made = make(current->parsed);
    if (!made) return made.error();
    changed = std::move(*made);
  }
  std::optional<error> not_durable;
  if (!changed->changes_nothing()) {
    if (const auto fits = check_size_of_written(changed->size(), path_); !fits) return fits.error();
    const auto published = publish(*lock, *current, *changed);
    if (!published && !is_in_place(published.error())) return published.error();
    if (!published) not_durable = published.error();
    if (const auto released = lock->release(); !released) return outcome_is_uncertain(path_);
  }
  return written{std::move(*changed), std::move(not_durable)};
}

result<> lockfile_store::publish(const sidecar_lock& lock, const snapshot& as_read,
                                 const splice& changed) const {
  if (const auto ours = lock.held_by_this_process(); !ours) return ours;
  auto staged = atomic_write::stage(on_, lock.document_path(), changed.pieces(), options_.durable);
  if (!staged) return staged.error();

  return lock.publish({
      .check = [&]() -> result<> {
        const auto unchanged = is_unchanged(on_, lock.document_path(), as_read.file);
        if (!unchanged) return unchanged.error();
        if (*unchanged) return {};
        return error(errc::lock_lost, path_ + " was changed by a program that did not take its lock");
      },
      .put = [&] { return staged->publish(); },
      .is_seen =
          [&] {
            const auto there = uninterrupted([&] { return on_.files.status_at(path_); });
            return there && there->id == staged->id();
          },
  });
}

}  // namespace agentslock
