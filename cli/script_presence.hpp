// What a script says that the store holds.
//
//     {"ADAPTER": {"VIEW": "its digest", "VIEW": null}}
//
// A view that is null or not named is absent. A member whose value is a text or null is a view by its joined name,
// "ADAPTER/VIEW". Names may hold slashes themselves, so that a joined name counts only where it can mean one view alone.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "agentslock/io/error.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "script_json.hpp"

namespace agentslock::cli {

/// The store that a script tells.
class script_presence {
 public:
  /// Reads the member "presence", for views of this lockfile as it is now.
  /// Error: invalid_argument: what is no digest; a joined name without a slash, or that may mean several of the views; a
  /// view that is told twice.
  [[nodiscard]] static result<script_presence> read(
      const std::map<std::string, script_value, std::less<>>& members, const lockfile& file);

  /// What the store holds for a view. Logarithmic.
  [[nodiscard]] presence find(view_key key) const;

 private:
  /// The view's digest; nothing when it is absent.
  using told = std::optional<std::string>;

  [[nodiscard]] result<> add(std::string adapter, std::string view, told digest);
  [[nodiscard]] result<> add_joined(const std::string& name, told digest, const lockfile& file);

  std::map<std::string, std::map<std::string, told, std::less<>>, std::less<>> adapters_;
};

}  // namespace agentslock::cli
