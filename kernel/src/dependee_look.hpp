// What views record of their dependees, against what the dependees are now.
#pragma once

#include <string_view>
#include <vector>

#include "adapter_index.hpp"
#include "agentslock/kernel/missed_bump.hpp"

namespace agentslock {

/// Whether a record names a schema that its dependee has no more.
[[nodiscard]] bool is_of_another_schema(const dependency& record, std::string_view active_digest) noexcept;
[[nodiscard]] missed_bump missed_by(view_key key, const dependency& record, std::string_view active_digest);

/// Looks at all views of a lockfile, one after the other in byte order, and for each record's dependee once.
class dependee_look {
 public:
  explicit dependee_look(const adapter_map& adapters) : index_(adapters) {}

  /// Whether the view is `ready` and missed a bump: then the last one that was.
  bool at(view_key key, const view& entry);

  [[nodiscard]] std::vector<missed_bump>& missed() noexcept { return missed_; }
  [[nodiscard]] std::vector<missing_dependee>& missing() noexcept { return missing_; }

 private:
  adapter_index index_;
  std::vector<missed_bump> missed_;
  std::vector<missing_dependee> missing_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
