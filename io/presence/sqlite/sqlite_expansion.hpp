// How much work a view is for SQLite, before SQLite is asked; private to the SQLite source.
//
// SQLite finds a view's columns by putting into it every view that it reads from, each time that it is named, and
// those that they read from. Twenty views that each name the one before twice are a million; nothing ends that, since
// SQLite looks at its progress only when statements run. So the work is bounded from the texts, from above.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace agentslock {

/// The tables and views of one schema, for one question.
class sqlite_expansion {
 public:
  /// The most work: names and signs of statements, counted as often as they are put in.
  static constexpr double work_max = 2'000'000;
  /// The most views, or named parts of views, that lie within each other.
  static constexpr int depth_max = 100;

  enum class kind : unsigned char { table, view, virtual_table };
  void add(std::string_view name, std::string_view sql, kind what);

  /// Whether SQLite can be asked about a table or view. Linear in the texts of what it reads from.
  [[nodiscard]] bool is_bounded(std::string_view name);
  /// Whether a view names something as a table that is computed from arguments. Linear in the texts of all views when it is
  /// asked for the first time.
  [[nodiscard]] bool calls(std::string_view name);

 private:
  struct token {
    /// In lower case. Quoted or not, as SQLite takes either for a name.
    std::string text;
    bool is_word;
  };
  /// Parts of a view that have one name: WITH name AS (...). Each begins and ends with its bracket.
  struct named_part {
    std::vector<std::size_t> begins;
    std::optional<double> work;
    bool is_open = false;
  };
  struct statement {
    std::vector<token> tokens;
    std::map<std::string, named_part, std::less<>> parts;
    /// For each token that begins a named part its last one; 0 for the others.
    std::vector<std::size_t> part_ends;
    bool is_view;
  };
  struct object {
    /// Empty for a table.
    std::string sql;
    kind what;
    std::optional<double> work;
    bool is_open = false;
  };

  static std::vector<token> tokens_of(std::string_view sql);
  static void find_parts(statement& in);
  [[nodiscard]] double work_of(object& one, int depth);
  [[nodiscard]] double work_of(statement& in, named_part& one, int depth);
  [[nodiscard]] double work_of_name(statement& in, const std::string& name, int depth);
  [[nodiscard]] double work_between(statement& in, std::size_t begin, std::size_t end, int depth);

  std::map<std::string, object, std::less<>> objects_;
  /// The names before an opening bracket, in all texts; nothing before they were asked for.
  std::optional<std::set<std::string, std::less<>>> called_;
};

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
