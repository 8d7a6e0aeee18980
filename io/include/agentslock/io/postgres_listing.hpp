/// What a PostgreSQL database holds; postgres_presence.hpp says how it is laid out and read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/postgres_limits.hpp"
#include "agentslock/io/store_listing.hpp"

#pragma GCC visibility push(default)
namespace agentslock {

/// Connects anew for each question.
class postgres_listing final : public store_listing {
 public:
  explicit postgres_listing(std::string connection_string, postgres_limits limits = {});

  /// The schemas but those of PostgreSQL itself, `agentslock`, where documents are kept, and an empty `public`, which every
  /// database begins with.
  [[nodiscard]] result<std::vector<std::string>> adapters() override;
  /// Left out are the partitions of other tables, and what belongs to an extension.
  [[nodiscard]] result<std::vector<std::string>> views(std::string_view adapter) override;

 private:
  std::string connection_string_;
  postgres_limits limits_;
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
