#include "sqlite_expansion.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace agentslock {
namespace {

constexpr double without_end = std::numeric_limits<double>::infinity();

/// As SQLite compares names.
std::string folded(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool is_in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

/// The first place after a comment that begins here; 0 when none does.
std::size_t end_of_comment(std::string_view sql, std::size_t at) {
  const std::string_view begin = sql.substr(at, 2);
  if (begin != "--" && begin != "/*") return 0;
  const std::size_t end = begin == "--" ? sql.find('\n', at) : sql.find("*/", at + 2);
  return end == sql.npos ? sql.size() : end + (begin == "--" ? 1 : 2);
}

/// The place of the sign that closes what begins here with a quotation mark; a doubled one stands for itself.
std::size_t end_of_quotation(std::string_view sql, std::size_t at) {
  const char close = sql[at] == '[' ? ']' : sql[at];
  for (std::size_t i = at + 1; i < sql.size(); ++i) {
    if (sql[i] != close) continue;
    if (close == ']' || i + 1 == sql.size() || sql[i + 1] != close) return i;
    ++i;
  }
  return sql.size();
}

}  // namespace

void sqlite_expansion::add(std::string_view name, std::string_view sql, kind what) {
  object made{{}, what, {}};
  if (what == kind::table) {
    // As many columns as there are commas, at the most.
    made.work = 1.0 + static_cast<double>(std::ranges::count(sql, ','));
  } else {
    made.sql = sql;
  }
  objects_.insert_or_assign(folded(name), std::move(made));
}

bool sqlite_expansion::is_bounded(std::string_view name) {
  const auto found = objects_.find(folded(name));
  return found == objects_.end() || work_of(found->second, 0) <= work_max;
}

bool sqlite_expansion::calls(std::string_view name) {
  if (!called_) {
    called_.emplace();
    for (const auto& [of, one] : objects_) {
      const std::vector<token> tokens = tokens_of(one.sql);
      for (std::size_t i = 1; i < tokens.size(); ++i) {
        if (tokens[i].text == "(" && !tokens[i].is_word) called_->insert(tokens[i - 1].text);
      }
    }
  }
  return called_->contains(folded(name));
}

std::vector<sqlite_expansion::token> sqlite_expansion::tokens_of(std::string_view sql) {
  std::vector<token> tokens;
  std::size_t at = 0;
  while (at < sql.size()) {
    const char c = sql[at];
    std::size_t end = end_of_comment(sql, at);
    if (end != 0 || std::string_view(" \t\n\r\f").find(c) != std::string_view::npos) {
      end = std::max(end, at + 1);
    } else if (std::string_view("'\"`[").find(c) != std::string_view::npos) {
      const std::size_t close = end_of_quotation(sql, at);
      std::string name;
      for (std::size_t i = at + 1; i < close; ++i) {
        name += sql[i];
        if (sql[i] == c) ++i;
      }
      tokens.push_back({folded(name), true});
      end = close + 1;
    } else if (is_in_word(c)) {
      end = at + 1;
      while (end < sql.size() && is_in_word(sql[end]))
        ++end;
      tokens.push_back({folded(sql.substr(at, end - at)), true});
    } else {
      end = at + 1;
      tokens.push_back({std::string(1, c), false});
    }
    at = end;
  }
  return tokens;
}

/// NAME, perhaps with a list of columns, AS, perhaps [NOT] MATERIALIZED, and something in brackets.
void sqlite_expansion::find_parts(statement& in) {
  const std::vector<token>& tokens = in.tokens;
  const std::size_t count = tokens.size();
  const auto is_sign = [&](std::size_t at, std::string_view sign) {
    return at < count && !tokens[at].is_word && tokens[at].text == sign;
  };
  // Where the bracket that opens here closes, and where the one that closes here was opened.
  std::vector<std::size_t> partner(count, count);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_sign(i, "(")) open.push_back(i);
    if (!is_sign(i, ")") || open.empty()) continue;
    partner[open.back()] = i;
    partner[i] = open.back();
    open.pop_back();
  }
  in.part_ends.assign(count, 0);
  for (std::size_t as = 1; as < count; ++as) {
    if (tokens[as].text != "as") continue;
    std::size_t name = as - 1;
    if (is_sign(name, ")")) name = partner[name] == count ? count : partner[name] - 1;
    std::size_t begin = as + 1;
    while (begin < count && (tokens[begin].text == "not" || tokens[begin].text == "materialized"))
      ++begin;
    if (name >= count || !tokens[name].is_word || !is_sign(begin, "(")) continue;
    in.parts[tokens[name].text].begins.push_back(begin);
    in.part_ends[begin] = std::min(partner[begin], count - 1);
  }
}

double sqlite_expansion::work_of(object& one, int depth) {
  if (one.work) return *one.work;
  if (one.is_open) return 0;  // SQLite itself refuses what goes round in a circle
  if (depth > depth_max) return without_end;
  one.is_open = true;
  statement in{tokens_of(one.sql), {}, {}, one.what == kind::view};
  find_parts(in);
  one.work = work_between(in, 0, in.tokens.size(), depth);
  one.is_open = false;
  return *one.work;
}

double sqlite_expansion::work_of(statement& in, named_part& one, int depth) {
  if (one.work) return *one.work;
  if (one.is_open) return 0;
  if (depth > depth_max) return without_end;
  one.is_open = true;
  double work = 0;
  for (const std::size_t begin : one.begins)
    work += work_between(in, begin, in.part_ends[begin], depth);
  one.is_open = false;
  one.work = work;
  return work;
}

double sqlite_expansion::work_of_name(statement& in, const std::string& name, int depth) {
  double work = 0;
  if (const auto part = in.parts.find(name); part != in.parts.end())
    work = work_of(in, part->second, depth + 1);
  const auto found = objects_.find(name);
  return found == objects_.end() ? work : work + work_of(found->second, depth + 1);
}

double sqlite_expansion::work_between(statement& in, std::size_t begin, std::size_t end, int depth) {
  constexpr std::array<std::string_view, 6> before_a_table{"from", "join", ",", "(", "in", "."};
  double work = 0;
  bool compares_columns = false;
  for (std::size_t i = begin; i < end && work <= work_max; ++i) {
    work += 1;
    // A named part counts where it is used.
    if (in.part_ends[i] != 0 && i != begin) {
      i = in.part_ends[i];
      continue;
    }
    if (!in.tokens[i].is_word) continue;
    const std::string& name = in.tokens[i].text;
    compares_columns = compares_columns || name == "natural" || name == "using";
    // A view's columns stand elsewhere than what it reads from; a virtual table's arguments may be anything.
    const bool names_a_table =
        !in.is_view ||
        (i > 0 && std::ranges::find(before_a_table, in.tokens[i - 1].text) != before_a_table.end());
    if (names_a_table) work += work_of_name(in, name, depth);
  }
  // Each column of one side is looked for among those of the other.
  return compares_columns ? work + work * work / 16 : work;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
