#include "plain_merge.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "agentslock/kernel/rfc3339.hpp"

namespace agentslock::reference {
namespace {

using maybe_view = std::optional<plain_view>;
using log = std::vector<plain_entry>;

/// A time that can be compared: what is no time comes first.
auto when(const std::string& text) {
  const auto time = parse_rfc3339(text);
  return std::tuple(time.has_value(), time ? time->time_since_epoch().count() : 0, text);
}

std::string later_of(const std::string& a, const std::string& b) {
  return when(a) > when(b) ? a : b;
}

/// The items of a log from one on, as they can be compared.
auto places(const log& items, std::size_t from) {
  using place = decltype(std::tuple(when(""), std::string(), std::string(), std::string()));
  std::vector<place> all;
  for (; from < items.size(); ++from)
    all.emplace_back(when(items[from].at), items[from].from, items[from].to, items[from].trigger);
  return all;
}

std::string latest(const plain_view& one) {
  std::string time = later_of(one.last_rebuilt_at, one.last_validation_at);
  for (const plain_entry& item : one.state_history)
    time = later_of(time, item.at);
  return time;
}

std::string or_the_beginning(const std::string& time) {
  return time.empty() ? "1970-01-01T00:00:00Z" : time;
}

int rank(const std::string& status) {
  const std::vector<std::string> order{"ready", "", "pending-rebuild", "pending-recompat-check",
                                       "dsl-update-required"};
  for (int i = 0; i < 5; ++i) {
    if (i != 1 && order[static_cast<std::size_t>(i)] == status) return i;
  }
  return 1;
}

void at_least(std::string& status, const std::string& floor) {
  if (rank(status) < rank(floor)) status = floor;
}

/// What both logs have in common once, what only one has left of before it first, then the rest by time.
log join(const log& ours, const log& theirs) {
  std::size_t best_size = 0;
  std::size_t best_ours = 0;
  std::size_t best_theirs = 0;
  for (std::size_t offset = 0; offset <= std::max(ours.size(), theirs.size()); ++offset) {
    std::vector<std::pair<std::size_t, std::size_t>> starts{{offset, 0}, {0, offset}};
    // Of two ways that are equally good the log that is earlier where they first differ goes first.
    if (places(theirs, 0) <= places(ours, 0)) std::swap(starts[0], starts[1]);
    for (const auto& [in_ours, in_theirs] : starts) {
      std::size_t size = 0;
      while (in_ours + size < ours.size() && in_theirs + size < theirs.size() &&
             ours[in_ours + size] == theirs[in_theirs + size])
        ++size;
      if (size > best_size) {
        best_size = size;
        best_ours = in_ours;
        best_theirs = in_theirs;
      }
    }
  }
  log joined(ours.begin(), ours.begin() + static_cast<std::ptrdiff_t>(best_ours));
  joined.insert(joined.end(), theirs.begin(), theirs.begin() + static_cast<std::ptrdiff_t>(best_theirs));
  std::size_t i = best_ours;
  std::size_t k = best_theirs;
  for (std::size_t n = 0; n < best_size; ++n, ++i, ++k)
    joined.push_back(ours[i]);
  while (i < ours.size() || k < theirs.size()) {
    const bool take_theirs = i == ours.size() || (k < theirs.size() && places(theirs, k) < places(ours, i));
    joined.push_back(take_theirs ? theirs[k++] : ours[i++]);
  }
  return joined;
}

void end_in_status(plain_view& one, const std::string& at) {
  const std::string last = one.state_history.empty() ? "" : one.state_history.back().to;
  if (last != one.view_status)
    one.state_history.push_back({or_the_beginning(at), last, one.view_status, "merge"});
  while (one.state_history.size() > 20)
    one.state_history.erase(one.state_history.begin());
}

plain_view held_back(plain_view one) {
  if (rank(one.view_status) >= rank("pending-rebuild")) return one;
  one.view_status = "pending-rebuild";
  end_in_status(one, latest(one));
  return one;
}

auto texts_of(const std::vector<owned_dependency>& all) {
  std::vector<std::tuple<std::string, std::string, std::string>> texts;
  for (const owned_dependency& one : all)
    texts.emplace_back(one.adapter, one.schema_digest, one.version);
  return texts;
}

plain_view made_of_both(const maybe_view& base, const plain_view& ours, const plain_view& theirs) {
  plain_view one;
  one.view_status = ours.view_status;
  if (rank(theirs.view_status) > rank(ours.view_status)) one.view_status = theirs.view_status;
  if (rank(theirs.view_status) == rank(ours.view_status))
    one.view_status = std::max(ours.view_status, theirs.view_status);

  if (ours.view_digest != theirs.view_digest) at_least(one.view_status, "pending-rebuild");
  if (base && ours.view_digest == base->view_digest) {
    one.view_digest = theirs.view_digest;
  } else if (base && theirs.view_digest == base->view_digest) {
    one.view_digest = ours.view_digest;
  } else {
    const bool ours_is_later = std::tuple(when(ours.last_rebuilt_at), ours.view_digest) >
                               std::tuple(when(theirs.last_rebuilt_at), theirs.view_digest);
    one.view_digest = ours_is_later ? ours.view_digest : theirs.view_digest;
  }

  const auto our_records = texts_of(ours.depends_on);
  const auto their_records = texts_of(theirs.depends_on);
  one.depends_on = ours.depends_on;
  if (our_records != their_records) {
    at_least(one.view_status, "pending-rebuild");
    if (base && our_records == texts_of(base->depends_on)) {
      one.depends_on = theirs.depends_on;
    } else if (!base || their_records != texts_of(base->depends_on)) {
      at_least(one.view_status, "pending-recompat-check");
      const bool theirs_is_later =
          std::tuple(when(theirs.last_validation_at), when(theirs.last_rebuilt_at), their_records) >
          std::tuple(when(ours.last_validation_at), when(ours.last_rebuilt_at), our_records);
      if (theirs_is_later) one.depends_on = theirs.depends_on;
    }
  }
  one.last_rebuilt_at = later_of(ours.last_rebuilt_at, theirs.last_rebuilt_at);
  one.last_validation_at = later_of(ours.last_validation_at, theirs.last_validation_at);
  one.state_history = join(ours.state_history, theirs.state_history);
  end_in_status(one, later_of(latest(ours), latest(theirs)));
  return one;
}

maybe_view merged(const maybe_view& base, const maybe_view& ours, const maybe_view& theirs) {
  if (ours == theirs) return ours;
  if (ours == base) return theirs;
  if (theirs == base) return ours;
  if (!ours) return held_back(*theirs);
  if (!theirs) return held_back(*ours);
  return made_of_both(base, *ours, *theirs);
}

template <class Map>
std::optional<typename Map::mapped_type> in(const Map& map, const std::string& name) {
  const auto found = map.find(name);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

using own_texts = std::tuple<std::string, std::string, std::string>;
std::optional<own_texts> own_texts_of(const std::optional<plain_adapter>& one) {
  if (!one) return std::nullopt;
  return own_texts(one->source_digest, one->schema_digest, one->activated_at);
}

void mark_missed(plain_lockfile& file) {
  for (auto& [name, owner] : file.adapters) {
    for (auto& [view_name, one] : owner.views) {
      for (const owned_dependency& item : one.depends_on) {
        const auto active = in(file.adapters, item.adapter);
        if (one.view_status != "ready" || item.schema_digest.empty() || !active ||
            active->schema_digest == item.schema_digest)
          continue;
        one.state_history.push_back({or_the_beginning(later_of(latest(one), active->activated_at)), "ready",
                                     "pending-recompat-check", "dependee-bump:" + item.adapter});
        if (one.state_history.size() > 20)
          one.state_history.erase(one.state_history.begin(), one.state_history.end() - 20);
        one.view_status = "pending-recompat-check";
      }
    }
  }
}

}  // namespace

plain_merge_result merge_plainly(const plain_lockfile& base, const plain_lockfile& ours,
                                 const plain_lockfile& theirs) {
  std::set<std::string> names;
  for (const plain_lockfile* file : {&base, &ours, &theirs}) {
    for (const auto& [name, owner] : file->adapters)
      names.insert(name);
  }
  plain_merge_result result;
  std::set<std::string> read;
  for (const std::string& name : names) {
    const auto b = in(base.adapters, name).value_or(plain_adapter());
    const auto o = in(ours.adapters, name).value_or(plain_adapter());
    const auto t = in(theirs.adapters, name).value_or(plain_adapter());
    std::set<std::string> views;
    for (const plain_adapter* one : {&b, &o, &t}) {
      for (const auto& [view_name, entry] : one->views)
        views.insert(view_name);
    }
    for (const std::string& view_name : views) {
      const auto one = merged(in(b.views, view_name), in(o.views, view_name), in(t.views, view_name));
      if (!one) continue;
      result.file.adapters[name].views[view_name] = *one;
      for (const owned_dependency& item : one->depends_on)
        read.insert(item.adapter);
    }
  }
  for (const std::string& name : names) {
    const auto b = in(base.adapters, name);
    const auto o = in(ours.adapters, name);
    const auto t = in(theirs.adapters, name);
    if (!o && !t) continue;
    const auto base_texts = own_texts_of(b);
    const auto our_texts = own_texts_of(o);
    const auto their_texts = own_texts_of(t);
    own_texts texts;
    if (!o || !t) {
      const auto& left = o ? our_texts : their_texts;
      const bool is_removed = b && left == base_texts;
      if (is_removed && read.count(name) == 0 && result.file.adapters.count(name) == 0) continue;
      texts = *left;
    } else if (our_texts == base_texts) {
      texts = *their_texts;
    } else if (their_texts == base_texts) {
      texts = *our_texts;
    } else {
      texts = *our_texts;
      const auto digests = [](const plain_adapter& one) {
        return std::pair(one.source_digest, one.schema_digest);
      };
      if (digests(*o) != digests(*t)) {
        if (b && digests(*o) == digests(*b)) {
          texts = *their_texts;
        } else if (!b || digests(*t) != digests(*b)) {
          result.conflicts.push_back(name);
        }
      }
      std::get<2>(texts) = later_of(o->activated_at, t->activated_at);
    }
    plain_adapter& made = result.file.adapters[name];
    std::tie(made.source_digest, made.schema_digest, made.activated_at) = texts;
  }
  mark_missed(result.file);
  return result;
}

}  // namespace agentslock::reference
// SPDX-License-Identifier: Apache-2.0
