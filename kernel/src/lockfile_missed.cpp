// Ready views over a schema that is gone: who they are, and that they await validation.

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"
#include "lockfile_contents.hpp"
#include "lockfile_editor.hpp"

namespace agentslock {

namespace {

/// The adapters of a lockfile, for many lookups: what one looks at stands side by side here, where the texts of a lockfile may be parts
/// of a document of any size, and a lookup in it waits for memory a dozen times.
class adapter_index {
 public:
  explicit adapter_index(const adapter_map& adapters) {
    if (adapters.empty()) return;
    const std::string_view first = adapters.begin()->first;
    const std::string_view last = adapters.rbegin()->first;
    // In byte order what the first and the last begin with, all begin with.
    common_ =
        first.substr(0, static_cast<std::size_t>(std::ranges::mismatch(first, last).in1 - first.begin()));
    for (const auto& [name, entry] : adapters)
      texts_.append(name).append(entry.schema_digest);
    std::string_view left = texts_;
    for (const auto& [name, entry] : adapters) {
      ranks_.push_back(rank(name));
      rows_.push_back({take(left, name.size()), take(left, entry.schema_digest.size())});
    }
  }

  struct row {
    std::string_view name;
    std::string_view schema_digest;
  };

  /// The adapter of that name, or null. Logarithmic.
  [[nodiscard]] const row* find(std::string_view name) const noexcept {
    if (!name.starts_with(common_)) return nullptr;
    const auto [first, last] = std::equal_range(ranks_.begin(), ranks_.end(), rank(name));
    const std::span rows(rows_.begin() + (first - ranks_.begin()), rows_.begin() + (last - ranks_.begin()));
    const auto found = std::ranges::lower_bound(rows, name, {}, &row::name);
    return found == rows.end() || found->name != name ? nullptr : &*found;
  }

 private:
  /// The eight bytes behind what all begin with, in the order of names; zeros where a name is shorter.
  [[nodiscard]] std::uint64_t rank(std::string_view name) const noexcept {
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < sizeof bytes; ++i) {
      const std::size_t at = common_.size() + i;
      bytes = bytes << 8U | (at < name.size() ? static_cast<unsigned char>(name[at]) : 0U);
    }
    return bytes;
  }

  static std::string_view take(std::string_view& from, std::size_t size) noexcept {
    const std::string_view taken = from.substr(0, size);
    from.remove_prefix(size);
    return taken;
  }

  std::string_view common_;
  std::string texts_;
  std::vector<std::uint64_t> ranks_;
  std::vector<row> rows_;
};

/// Whether a record names a schema that its dependee has no more.
bool is_of_another_schema(const dependency& record, std::string_view active_digest) noexcept {
  return !record.schema_digest.empty() && record.schema_digest != active_digest;
}

missed_bump missed_by(view_key key, const dependency& record, std::string_view active_digest) {
  return {std::string(key.adapter), std::string(key.view), std::string(record.adapter),
          std::string(record.schema_digest), std::string(active_digest)};
}

}  // namespace

const dependency* lockfile::missed_record(const view& entry) const noexcept {
  if (entry.status.state() != view_state::ready) return nullptr;
  const auto found = std::ranges::find_if(entry.depends_on, [&](const dependency& record) {
    const adapter* active = find_adapter(record.adapter);
    return active != nullptr && is_of_another_schema(record, active->schema_digest);
  });
  return found == entry.depends_on.end() ? nullptr : &*found;
}

std::vector<missed_bump> lockfile::missed_bumps() const {
  std::vector<missed_bump> found;
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      if (const dependency* record = missed_record(entry))
        found.push_back(
            missed_by({adapter_name, view_name}, *record, find_adapter(record->adapter)->schema_digest));
    }
  }
  return found;
}

dependee_report lockfile::dependees() const {
  dependee_report found;
  const adapter_index index(contents_->adapters);
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      bool may_be_missed = entry.status.state() == view_state::ready;
      for (auto record = entry.depends_on.begin(); record != entry.depends_on.end(); ++record) {
        if (const auto* active = index.find(record->adapter)) {
          if (may_be_missed && is_of_another_schema(*record, active->schema_digest)) {
            found.missed.push_back(missed_by({adapter_name, view_name}, *record, active->schema_digest));
            may_be_missed = false;
          }
          continue;
        }
        const bool named = std::any_of(entry.depends_on.begin(), record, [&](const dependency& before) {
          return before.adapter == record->adapter;
        });
        if (!named)
          found.missing.push_back(
              {std::string(adapter_name), std::string(view_name), std::string(record->adapter)});
      }
    }
  }
  return found;
}

std::vector<missing_dependee> lockfile::missing_dependees() const {
  return dependees().missing;
}

outcome<std::vector<missed_bump>> lockfile::mark_missed_bumps(timestamp now) {
  if (auto no = check_time(now)) return *no;
  auto missed = missed_bumps();
  lockfile_editor edit(*this, now);
  for (const missed_bump& one : missed) {
    view& entry = *edit.find({one.adapter, one.view});
    edit.step(entry, entry.status.state(), view_event::dependee_bumped, one.dependee);
  }
  return missed;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
