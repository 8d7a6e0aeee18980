#include "file_document.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "document_size.hpp"
#include "failed_store.hpp"
#include "path.hpp"
#include "sidecar_claim.hpp"
#include "system_call.hpp"
#include "whole_file.hpp"

namespace agentslock {
namespace {

class file_revision final : public document_revision {
 public:
  explicit file_revision(read_file as_read) : file(std::move(as_read)) {}
  read_file file;
};

error another_stores_revision(const std::string& path) {
  return {errc::invalid_argument, "what was read elsewhere can't be compared with " + path};
}

}  // namespace

file_document::file_document(std::string_view path, lock_options lock, durability durable, platform on)
    : path_(clean_path(path)), lock_(std::move(lock)), durable_(durable), on_(on) {}

result<stored_document> file_document::read_at(const std::string& path,
                                               std::optional<early_reader> early) const {
  auto file = read_whole_file(
      on_, path, [&](std::uint64_t bytes) { return check_size_of_read(bytes, path); }, early);
  if (!file) return file.error();
  stored_document stored{file->text, file->status.has_value(), nullptr};
  stored.revision = std::make_shared<file_revision>(std::move(*file));
  return stored;
}

result<stored_document> file_document::read() const {
  if (const auto path_ok = check_path(path_); !path_ok) return path_ok.error();
  return read_at(path_);
}

result<stored_document> file_document::read_and_show(early_reader early) const {
  if (const auto path_ok = check_path(path_); !path_ok) return path_ok.error();
  return read_at(path_, early);
}

result<bool> file_document::is_current(document_revision& as_read) const {
  if (const auto path_ok = check_path(path_); !path_ok) return path_ok.error();
  auto* revision = dynamic_cast<file_revision*>(&as_read);
  if (revision == nullptr) return another_stores_revision(path_);
  read_file& file = revision->file;
  // Before the look: what is written after it may have the very times that are seen.
  const wall_time looked_at = on_.machine.now();
  read_file by_its_times = file;
  // A write whose time of modification was set back is told by its time of change: the later one says how young it is.
  if (file.status && file.status->changed > file.status->modified)
    by_its_times.read_at -= file.status->changed - file.status->modified;
  auto same = is_unchanged(on_, path_, by_its_times);
  // Once it has been found the same by its bytes, its times count from here.
  if (same && *same) file.read_at = looked_at;
  return same;
}

/// The lock, or nothing where the directory is missing: it is made, and locked, when it is known that there is
/// something to write.
class file_document::turn final : public document_turn {
 public:
  turn(const file_document& of, std::optional<sidecar_lock> lock) : of_(of), lock_(std::move(lock)) {}

  result<stored_document> read() override { return of_.read_at(place()); }
  result<stored_document> read_and_show(early_reader early) override { return of_.read_at(place(), early); }

  result<bool> is_current(const document_revision& as_read) override {
    const auto* revision = dynamic_cast<const file_revision*>(&as_read);
    if (revision == nullptr) return another_stores_revision(of_.path_);
    if (!lock_) return result<bool>(false);
    return is_unchanged(of_.on_, lock_->document_path(), revision->file);
  }

  result<> store_if(const document_revision& as_read, std::span<const std::string_view> pieces) override {
    const auto* revision = dynamic_cast<const file_revision*>(&as_read);
    if (revision == nullptr) return another_stores_revision(of_.path_);
    if (!lock_) {
      auto lock = sidecar_lock::acquire(of_.on_, of_.path_, of_.lock_);
      if (!lock) return lock.error();
      lock_ = std::move(*lock);
      if (const auto same = still(revision->file); !same) return same;
    }
    const auto published = publish(revision->file, pieces);
    if (!published && !is_in_place(published.error())) return published;
    if (const auto released = lock_->release(); !released) return outcome_is_uncertain(of_.path_);
    return published;
  }

 private:
  [[nodiscard]] const std::string& place() const { return lock_ ? lock_->document_path() : of_.path_; }

  /// Error: lock_lost.
  [[nodiscard]] result<> still(const read_file& as_read) const {
    const auto unchanged = is_unchanged(of_.on_, lock_->document_path(), as_read);
    if (!unchanged) return unchanged.error();
    if (*unchanged) return {};
    return error(errc::lock_lost, of_.path_ + " was changed by a program that did not take its lock");
  }

  result<> publish(const read_file& as_read, std::span<const std::string_view> pieces) {
    if (const auto ours = lock_->held_by_this_process(); !ours) return ours;
    auto staged = atomic_write::stage(of_.on_, lock_->document_path(), pieces, of_.durable_);
    if (!staged) return staged.error();
    return lock_->publish({
        .check = [&] { return still(as_read); },
        .put = [&] { return staged->publish(); },
        .is_seen =
            [&] {
              const auto there = uninterrupted([&] { return of_.on_.files.status_at(of_.path_); });
              return there && there->id == staged->id();
            },
    });
  }

  const file_document& of_;
  std::optional<sidecar_lock> lock_;
};

result<std::unique_ptr<document_turn>> file_document::take_turn() const {
  if (const auto path_ok = check_path(path_); !path_ok) return path_ok.error();
  lock_options options = lock_;
  options.make_directories = false;
  auto lock = sidecar_lock::acquire(on_, path_, options);
  if (lock) return std::unique_ptr<document_turn>(std::make_unique<turn>(*this, std::move(*lock)));
  if (lock.error().code() != errc::document_missing) return lock.error();
  return std::unique_ptr<document_turn>(std::make_unique<turn>(*this, std::nullopt));
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
