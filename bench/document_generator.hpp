// Lock documents for measuring, as the Go tool lays them out. The same arguments give the same bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::bench {

/// A document with so many views, ten an adapter, 1.6 to 2.1 kB each, between two sections of other programs that have a
/// fifth of the size of ours each. Most views are ready; a twentieth awaits a rebuild, a twentieth a recompat check, and
/// one in a hundred is blocked.
[[nodiscard]] std::string make_document(std::size_t views);

/// A document with so many views, all ready and with this digest; so many an adapter.
[[nodiscard]] std::string make_ready_document(std::size_t views, std::size_t views_an_adapter,
                                              std::string_view view_digest);

/// A document as make_document makes it, and what two branches made of it: on the one each ready view's dependee was bumped, on the
/// other each ready view's tables were found to be gone.
struct branched_document {
  std::string base;
  std::string ours;
  std::string theirs;
};
[[nodiscard]] branched_document make_branches(std::size_t views);

/// The names that documents have for their adapters and views, by their numbers from 0.
[[nodiscard]] std::string adapter_name(std::size_t number);
[[nodiscard]] std::string view_name(std::size_t number);

/// A store that holds every view as a lockfile records it, or all but one ready view in a hundred. It is asked in the order
/// of a pass, and knows the answers beforehand, so that asking costs next to nothing. Borrows the lockfile's texts.
class store_of_document {
 public:
  enum class contents { as_recorded, one_in_a_hundred_gone };
  store_of_document(const lockfile& file, contents holds);

  /// Begins a pass.
  [[nodiscard]] auto ask() noexcept {
    return [this, next = std::size_t{0}](view_key) mutable { return std::optional(answers_[next++]); };
  }

 private:
  std::vector<presence> answers_;
};

}  // namespace agentslock::bench
// SPDX-License-Identifier: Apache-2.0
