// A lockfile as a document of no regular layout: random white space, members in any order, members that nobody
// knows, texts spelt with needless escapes. The same seed gives the same document everywhere.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agentslock/io/detail/json_text.hpp"
#include "agentslock/kernel/lockfile.hpp"

namespace agentslock::testing {

class scrambled_document {
 public:
  explicit scrambled_document(std::uint32_t seed) : random_(seed) {}

  [[nodiscard]] std::string write(const lockfile& file) {
    text_.clear();
    std::vector<member> document;
    document.push_back({"adapters", [&] { section(file); }});
    document.push_back({"config", [&] { text_ += R"({"k": [1.0,"\u0061"]})"; }});
    document.push_back({"lock_version", [&] { text_ += "1"; }});
    space();
    object(std::move(document), knows_all);
    space();
    return std::move(text_);
  }

 private:
  struct member {
    std::string name;
    std::function<void()> value;
  };
  enum extras : bool { knows_all, has_unknown };

  // Not std::uniform_int_distribution: every library has its own.
  [[nodiscard]] std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>(random_() % bound);
  }

  void space() {
    static constexpr std::string_view spaces[] = {"",     "",   "",         " ",       "\n",
                                                  "\n  ", "\t", "\r\n    ", "  \n\n ", "\n\t\t"};
    text_ += spaces[below(std::size(spaces))];
  }

  void string(std::string_view text) {
    text_ += '"';
    for (char c : text) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      if (letter && below(24) == 0) {
        constexpr std::string_view digits = "0123456789abcdefABCDEF";
        const auto low = static_cast<unsigned>(c) & 15U;
        text_ += "\\u00";
        text_ += digits[static_cast<unsigned>(c) >> 4U];
        text_ += digits[low >= 10 && below(2) == 0 ? low + 6 : low];
      } else if (letter || (static_cast<unsigned char>(c) & 0x80) != 0) {
        text_ += c;
      } else {
        const std::string quoted = quote(std::string_view(&c, 1));
        text_ += quoted.substr(1, quoted.size() - 2);
      }
    }
    text_ += '"';
  }

  template <class Items>
  void shuffle(Items& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[below(static_cast<std::uint32_t>(i))]);
    }
  }

  void object(std::vector<member> members, extras what) {
    if (what == has_unknown) {
      for (std::uint32_t i = below(3); i > 0; --i) {
        members.push_back({"x" + std::to_string(unknown_++), [this] { unknown_value(); }});
      }
    }
    if (below(2) == 0) shuffle(members);
    text_ += '{';
    space();
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) text_ += ',', space();
      string(members[i].name);
      space(), text_ += ':', space();
      members[i].value();
      space();
    }
    text_ += '}';
  }

  void unknown_value() {
    static constexpr std::string_view values[] = {"1.0",
                                                  "1e5",
                                                  "-0",
                                                  "123456789012345678901234567890",
                                                  "null",
                                                  R"("\u0061\/<&")",
                                                  "[ ]",
                                                  "{ }",
                                                  R"([1,{"x": [ ]} ])",
                                                  R"({"view_status":7,"x":1,"x":2})"};
    text_ += values[below(std::size(values))];
  }

  /// A text; an empty one may be missing or null.
  void leaf(std::vector<member>& into, std::string name, std::string_view text) {
    if (text.empty() && below(2) == 0) return;
    if (text.empty() && below(2) == 0) {
      into.push_back({std::move(name), [this] { text_ += "null"; }});
    } else {
      into.push_back({std::move(name), [this, text] { string(text); }});
    }
  }

  template <class Items, class Write>
  void list(std::vector<member>& into, std::string name, const Items& items, Write write_item) {
    if (items.empty() && below(2) == 0) return;
    if (items.empty() && below(2) == 0) {
      into.push_back({std::move(name), [this] { text_ += "null"; }});
      return;
    }
    into.push_back({std::move(name), [this, &items, write_item] {
                      text_ += '[';
                      space();
                      bool first = true;
                      for (const auto& item : items) {
                        if (!std::exchange(first, false)) text_ += ',', space();
                        write_item(item);
                        space();
                      }
                      text_ += ']';
                    }});
  }

  void section(const lockfile& file) {
    std::vector<member> adapters;
    for (const auto& [name, entry] : file.adapters()) {
      adapters.push_back({std::string(name), [this, &entry = entry] { adapter_entry(entry); }});
    }
    object(std::move(adapters), knows_all);
  }

  void adapter_entry(const adapter& entry) {
    std::vector<member> members;
    leaf(members, "source_digest", entry.source_digest);
    leaf(members, "schema_digest", entry.schema_digest);
    leaf(members, "activated_at", entry.activated_at);
    if (!entry.views.empty() || below(3) == 0) {
      members.push_back({"materialized_views", [this, &entry] {
                           if (entry.views.empty() && below(2) == 0) {
                             text_ += "null";
                             return;
                           }
                           std::vector<member> views;
                           for (const auto& [name, one] : entry.views) {
                             views.push_back({std::string(name), [this, &one = one] { view_entry(one); }});
                           }
                           object(std::move(views), knows_all);
                         }});
    }
    object(std::move(members), has_unknown);
  }

  void view_entry(const view& entry) {
    std::vector<member> members;
    const auto entries = entry.state_history.entries();
    leaf(members, "view_digest", entry.view_digest);
    leaf(members, "view_status", entry.status.text());
    list(members, "depends_on", entry.depends_on, [this](const dependency& item) {
      std::vector<member> texts;
      leaf(texts, "adapter", item.adapter);
      leaf(texts, "schema_digest", item.schema_digest);
      leaf(texts, "version", item.version);
      object(std::move(texts), has_unknown);
    });
    leaf(members, "last_rebuilt_at", entry.last_rebuilt_at);
    leaf(members, "last_validation_at", entry.last_validation_at);
    histories_.push_back({entries.begin(), entries.end()});
    list(members, "state_history", histories_.back(), [this](const audit_entry& item) {
      std::vector<member> texts;
      leaf(texts, "at", item.at);
      leaf(texts, "from", item.from);
      leaf(texts, "to", item.to);
      leaf(texts, "trigger", item.trigger);
      object(std::move(texts), has_unknown);
    });
    object(std::move(members), has_unknown);
  }

  std::mt19937 random_;
  std::string text_;
  int unknown_ = 0;
  /// Copies of the logs, which stay in place while the lists are written.
  std::list<std::vector<audit_entry>> histories_;
};

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
