#include "shell_completions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "command_line.hpp"

namespace agentslock::cli {
namespace {

/// What may follow the words of a command.
struct place {
  /// The words: "", "show", "lock break".
  std::string words;
  std::vector<std::pair<std::string, std::string>> commands;
  std::vector<std::pair<std::string, std::string>> options;
};

/// A text in single quotes, as all three shells read it.
std::string in_quotes(const std::string& text) {
  std::string shown;
  for (const char c : text)
    c == '\'' ? shown.append("'\\''") : shown.append(1, c);
  return "'" + shown + "'";
}

void add_options(place& at, const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      // A group has the help of its command once more.
      std::pair<std::string, std::string> one("--" + name, option->get_description());
      if (std::ranges::find(at.options, one) == at.options.end()) at.options.push_back(std::move(one));
    }
  }
  for (const CLI::App* group :
       command.get_subcommands([](const CLI::App* one) { return one->get_name().empty(); })) {
    add_options(at, *group);
  }
}

void add_places(std::vector<place>& all, const CLI::App& command, const std::string& words) {
  place at{words, {}, {}};
  add_options(at, command);
  const auto named = command.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); });
  for (const CLI::App* one : named) {
    at.commands.emplace_back(one->get_name(), one->get_description());
    for (const std::string& alias : one->get_aliases())
      at.commands.emplace_back(alias, one->get_description());
  }
  all.push_back(std::move(at));
  for (const CLI::App* one : named) {
    const std::string before = words.empty() ? "" : words + " ";
    add_places(all, *one, before + one->get_name());
    for (const std::string& alias : one->get_aliases())
      add_places(all, *one, before + alias);
  }
}

std::string names_of(const std::vector<std::pair<std::string, std::string>>& all) {
  std::string names;
  for (const auto& [name, description] : all)
    names.append(names.empty() ? "" : " ").append(name);
  return names;
}

/// The commands that have commands under them: "lock|documents".
std::string groups_of(const std::vector<place>& places) {
  std::string groups;
  for (const place& one : places) {
    if (!one.words.empty() && !one.commands.empty())
      groups.append(groups.empty() ? "" : "|").append(one.words);
  }
  return groups;
}

/// The words before the one in work that are no options decide; of them those that name commands.
std::string bash(const std::vector<place>& places) {
  std::string text = R"(# bash completion for agentslock: source it, or put it into
# ~/.local/share/bash-completion/completions/agentslock
_agentslock() {
  local current="${COMP_WORDS[COMP_CWORD]}" words="${COMP_WORDS[1]}" commands="" options=""
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then words=""; fi
  if ((COMP_CWORD > 2)) && [[ "$words" == @()" +
                     groups_of(places) + R"() ]]; then words="$words ${COMP_WORDS[2]}"; fi
  case "$words" in
)";
  for (const place& one : places) {
    text += fmt::format("    {}) commands={} options={} ;;\n", in_quotes(one.words),
                        in_quotes(names_of(one.commands)), in_quotes(names_of(one.options)));
  }
  return text + R"(  esac
  if [[ "$current" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n "$commands" ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$current"))
  fi
}
complete -o default -F _agentslock agentslock
)";
}

/// What _describe takes: "name:description", without the colons of the name.
std::string described(const std::vector<std::pair<std::string, std::string>>& all) {
  std::string text;
  for (const auto& [name, description] : all)
    text.append(" ").append(in_quotes(name + ":" + description));
  return text;
}

std::string zsh(const std::vector<place>& places) {
  std::string text = R"(#compdef agentslock
# zsh completion for agentslock: put it as _agentslock where $fpath leads.
_agentslock() {
  local here=""
  local -a known_commands known_options
  if ((CURRENT > 2)); then here="${words[2]}"; fi
  if ((CURRENT > 3)) && [[ "$here" == ()" +
                     groups_of(places) + R"() ]]; then here="$here ${words[3]}"; fi
  case "$here" in
)";
  for (const place& one : places) {
    text += fmt::format("    {}) known_commands=({} ); known_options=({} ) ;;\n", in_quotes(one.words),
                        described(one.commands), described(one.options));
  }
  return text + R"(  esac
  if [[ "$PREFIX" == -* ]]; then
    _describe option known_options
  elif ((${#known_commands})); then
    _describe command known_commands
  else
    _files
  fi
}
if [[ "$funcstack[1]" == _agentslock ]]; then _agentslock "$@"; else compdef _agentslock agentslock; fi
)";
}

std::string fish(const std::vector<place>& places) {
  std::string text =
      "# fish completion for agentslock: put it into ~/.config/fish/completions/agentslock.fish\n";
  for (const place& one : places) {
    std::string condition;
    if (one.words.empty()) {
      condition = "__fish_use_subcommand";
    } else {
      for (std::size_t at = 0; at < one.words.size();) {
        const std::size_t end = std::min(one.words.find(' ', at), one.words.size());
        condition += fmt::format("{}__fish_seen_subcommand_from {}", at == 0 ? "" : "; and ",
                                 one.words.substr(at, end - at));
        at = end + 1;
      }
    }
    for (const auto& [name, description] : one.commands) {
      text += fmt::format("complete -c agentslock -f -n {} -a {} -d {}\n", in_quotes(condition), name,
                          in_quotes(description));
    }
    for (const auto& [name, description] : one.options) {
      text += fmt::format("complete -c agentslock -n {} -l {} -d {}\n", in_quotes(condition), name.substr(2),
                          in_quotes(description));
    }
  }
  return text;
}

}  // namespace

std::string shell_completions(const CLI::App& app, const std::string& shell) {
  std::vector<place> places;
  add_places(places, app, "");
  return shell == "bash" ? bash(places) : shell == "zsh" ? zsh(places) : fish(places);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
