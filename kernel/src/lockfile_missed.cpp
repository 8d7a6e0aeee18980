// Ready views over a schema that is gone: who they are, and that they await validation.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
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
  explicit adapter_index(const adapter_map& adapters)
      : guesses_(std::bit_ceil(places_for_each * adapters.size())) {
    std::size_t bytes = 0;
    for (const auto& [name, entry] : adapters)
      bytes += name.size() + entry.schema_digest.size();
    texts_.reserve(bytes);
    rows_.reserve(adapters.size());
    for (const auto& [name, entry] : adapters) {
      const std::size_t at = place(name);
      guesses_[guesses_[at] == 0 ? at : beside(at)] = static_cast<std::uint32_t>(rows_.size());
      rows_.push_back({kept(name), kept(entry.schema_digest)});
    }
  }
  adapter_index(const adapter_index&) = delete;  // the rows point into the texts
  adapter_index& operator=(const adapter_index&) = delete;

  struct row {
    std::string_view name;
    std::string_view schema_digest;
  };

  /// The adapter of that name, or null. A look at a guess or two, mostly; logarithmic where they were wrong, as for names that somebody
  /// chose to have one place. Precondition: there is an adapter.
  [[nodiscard]] const row* find(std::string_view name) const noexcept {
    const std::size_t at = place(name);
    for (const std::size_t one : {at, beside(at)}) {
      const row& guess = rows_[guesses_[one]];
      if (guess.name == name) return &guess;
    }
    const auto found = std::ranges::lower_bound(rows_, name, {}, &row::name);
    return found == rows_.end() || found->name != name ? nullptr : &*found;
  }

 private:
  static constexpr std::size_t places_for_each = 4;

  [[nodiscard]] std::size_t place(std::string_view name) const noexcept {
    return std::hash<std::string_view>()(name) & (guesses_.size() - 1);
  }

  /// Where a row is looked for whose place another one has.
  [[nodiscard]] static std::size_t beside(std::size_t place) noexcept { return place ^ 1; }

  /// Precondition: there is room for it.
  std::string_view kept(std::string_view text) {
    const std::size_t at = texts_.size();
    texts_.append(text);
    return std::string_view(texts_).substr(at);
  }

  std::string texts_;
  /// By place, a row that belongs there or beside it, or row 0. As many as a power of two.
  std::vector<std::uint32_t> guesses_;
  /// In byte order of names.
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
  std::size_t views = 0;
  for (const auto& [adapter_name, owner] : contents_->adapters)
    views += owner.views.size();
  found.to_ask.reserve(views);
  for (const auto& [adapter_name, owner] : contents_->adapters) {
    for (const auto& [view_name, entry] : owner.views) {
      const bool is_ready = entry.status.state() == view_state::ready;
      bool has_missed = false;
      for (auto record = entry.depends_on.begin(); record != entry.depends_on.end(); ++record) {
        if (const auto* active = index.find(record->adapter)) {
          if (is_ready && !has_missed && is_of_another_schema(*record, active->schema_digest)) {
            found.missed.push_back(missed_by({adapter_name, view_name}, *record, active->schema_digest));
            has_missed = true;
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
      if (is_ready && !has_missed) found.to_ask.push_back({adapter_name, view_name});
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
