#include "leftovers.hpp"

#include <algorithm>
#include <chrono>

#include "agentslock/io/atomic_write.hpp"
#include "path.hpp"
#include "sidecar_file.hpp"
#include "system_call.hpp"

namespace agentslock {
namespace {

/// Whether the writer of a temporary file is alive: it holds the file's lock.
bool writer_lives(platform on, const std::string& temporary) {
  const auto file = open_at(on.files, temporary, open_how::read_no_symlink);
  if (!file) return true;
  const auto locked = on.files.lock(file->descriptor(), std::chrono::nanoseconds(0));
  return locked && *locked == lock_answer::not_held;
}

/// Whether something with the name of a sidecar that was moved aside is one.
bool was_a_sidecar(platform on, const std::string& name) {
  const auto who = occupant_of(on, name);
  return who && (who->what == occupant::kind::identity || who->what == occupant::kind::remains);
}

}  // namespace

bool has_unique_suffix(std::string_view name, std::string_view stem) noexcept {
  if (!name.starts_with(stem)) return false;
  name.remove_prefix(stem.size());
  constexpr int numbers_min = 2;
  constexpr int numbers_max = 3;
  for (int numbers = 1; numbers <= numbers_max; ++numbers) {
    const std::string_view number = name.substr(0, name.find('-'));
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (number.empty() || !std::ranges::all_of(number, is_digit)) return false;
    if (number.size() == name.size()) return numbers >= numbers_min;
    name.remove_prefix(number.size() + 1);
  }
  return false;
}

void sweep_leftovers(platform on, const std::string& document, std::chrono::nanoseconds older_than) {
  const std::string directory = directory_of(document);
  const std::string name_of_document(name_of(document));
  const std::string aside = name_of_document + std::string(sidecar_suffix) + std::string(aside_infix);
  const std::string temporary = name_of_document + std::string(atomic_write::temporary_infix);
  const auto names = on.files.list(directory);
  if (!names) return;
  for (const std::string& name : *names) {
    const bool is_temporary = has_unique_suffix(name, temporary);
    if (!is_temporary && !has_unique_suffix(name, aside)) continue;
    const std::string path = directory + "/" + name;
    const auto status = on.files.symlink_status_at(path);
    if (!status || on.machine.now() - status->changed <= older_than) continue;
    const bool left = is_temporary ? status->kind == file_kind::regular && !writer_lives(on, path)
                                   : was_a_sidecar(on, path);
    if (left) discard(on, path);
  }
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
