// A lockfile as plain strings, and the machine in plain ifs over them: a second implementation, written from
// the README's tables and obviously right, that judges the kernel. It knows no table, no enumeration of statuses, and no
// header of the kernel but the vocabulary of operations.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agentslock/kernel/operation.hpp"

namespace agentslock::reference {

struct plain_entry {
  std::string at;
  std::string from;
  std::string to;
  std::string trigger;

  friend bool operator==(const plain_entry&, const plain_entry&) = default;
};

struct plain_view {
  std::string view_digest;
  std::string view_status;
  std::vector<owned_dependency> depends_on;
  std::string last_rebuilt_at;
  std::string last_validation_at;
  std::vector<plain_entry> state_history;

  friend bool operator==(const plain_view&, const plain_view&) = default;
  [[nodiscard]] bool reads_from(const std::string& adapter) const;
};

struct plain_adapter {
  std::string source_digest;
  std::string schema_digest;
  std::string activated_at;
  std::map<std::string, plain_view> views;

  friend bool operator==(const plain_adapter&, const plain_adapter&) = default;
};

struct plain_lockfile {
  std::map<std::string, plain_adapter> adapters;

  friend bool operator==(const plain_lockfile&, const plain_lockfile&) = default;
  [[nodiscard]] plain_view* find(const owned_key& key);
  [[nodiscard]] const plain_view* find(const owned_key& key) const;
};

/// Between the kernel's value and the plain one. Restored entries are not touched.
[[nodiscard]] plain_lockfile plain(const lockfile& file);
[[nodiscard]] lockfile restored(const plain_lockfile& file);

/// The value, one line an entry, for people.
[[nodiscard]] std::string to_string(const plain_lockfile& file);

/// Does to a plain lockfile what an operation must do, and says what must come of it. The refusal's message is empty.
operation_result apply_plainly(plain_lockfile& file, const operation& todo);

/// How two results of one operation differ; nothing when they agree. Messages are not compared.
[[nodiscard]] std::optional<std::string> difference(const operation_result& real,
                                                    const operation_result& plain);

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
