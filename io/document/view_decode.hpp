// Decodes one view's object; private to the io layer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/kernel/detail/lockfile_restorer.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "member_tracker.hpp"

namespace agentslock {

/// A name as a token of a JSON pointer (RFC 6901).
[[nodiscard]] std::string pointer_token(std::string_view name);

/// Decodes views, one after the other. Keeps its scratch memory between them, so that decoding a view allocates
/// only what the view holds.
class view_decoder {
 public:
  /// `text` must be what the restorer's lockfile keeps alive, or the views must not outlive it.
  view_decoder(arriving_text text, lockfile_restorer& restore) : text_(text), restore_(restore) {}

  /// Decodes the object that begins at `at`, with `depth` containers around it. Returns its end. The text of a
  /// fault that is about a member of ours begins with the JSON pointer below the view.
  [[nodiscard]] json_result<std::size_t> decode(std::size_t at, std::size_t depth, view& into);

 private:
  friend struct view_handler;

  arriving_text text_;
  lockfile_restorer& restore_;
  std::vector<dependency> dependencies_;
  std::vector<audit_entry> entries_;
  member_tracker in_view_;
  member_tracker in_item_;
  std::string partial_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
