#include "small_world.hpp"

#include "agentslock/kernel/detail/lockfile_restorer.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>

namespace agentslock::properties {
namespace {

constexpr std::string_view dependee = "crg";
constexpr std::array<std::string_view, 4> schemas{"", "d1", "d2", "d3"};
constexpr std::array<std::string_view, 4> digests{"", "built from d1", "built from d2", "built from d3"};
constexpr std::array<view_key, views_max> keys{view_key{"a", "one"}, view_key{"b", "two"},
                                               view_key{"c", "three"}};
constexpr timestamp now{std::chrono::seconds(1782907200)};
constexpr std::string_view garbled = "what is this?";

schema_number number_of(const std::array<std::string_view, 4>& texts, std::string_view text) {
  return static_cast<schema_number>(std::ranges::find(texts, text) - texts.begin());
}

std::vector<owned_dependency> reads(schema_number schema) {
  return {{std::string(dependee), std::string(schemas[schema]), ""}};
}

/// The schema that a program finds: the active one. Of a dependee without an entry this document knows only what the
/// view records, and does not compare it.
schema_number found_schema(const small_state& state, const small_view& view) {
  return state.active != 0 ? state.active : view.recorded;
}

using todo = std::optional<operation>;

todo cut_over(const small_event& event, const small_state&) {
  operations::cutover what{std::string(dependee), "s", std::string(schemas[event.schema]), "", {}};
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool passes = (event.verdicts >> i & 1U) != 0;
    what.verdicts.push_back({keys[i], passes ? verdict::passed : verdict::failed, {}});
  }
  return operation{std::move(what), now};
}

todo register_it(const small_event& event, const small_state& state) {
  if (state.active != 0 && state.active != event.schema)
    return std::nullopt;  // registrations give the active digest
  return operation{
      operations::register_view{keys[event.view], std::string(digests[event.schema]), reads(event.schema)},
      now};
}

todo bump_it(const small_event& event, const small_state&) {
  return operation{
      operations::mark_dependee_bumped{std::string(dependee), std::string(schemas[event.schema]), ""}, now};
}

todo resolve_it(const small_event& event, const small_state&) {
  const verdict judged = event.verdicts != 0 ? verdict::passed : verdict::failed;
  return operation{
      operations::resolve_recompat{keys[event.view], judged,
                                   event.schema == 0 ? std::vector<owned_dependency>() : reads(event.schema)},
      now};
}

todo revalidate_it(const small_event& event, const small_state&) {
  return operation{
      operations::revalidate{keys[event.view], event.verdicts != 0 ? verdict::passed : verdict::failed, {}},
      now};
}

operations::mark_view_rebuilt rebuild_of(const small_event& event, const small_state& state) {
  const schema_number from = found_schema(state, state.views[event.view]);
  return {keys[event.view], std::string(digests[from]), std::nullopt};
}

todo rebuild_it(const small_event& event, const small_state& state) {
  operations::mark_view_rebuilt what = rebuild_of(event, state);
  what.schemas_read.emplace();
  if (state.active != 0)
    what.schemas_read->push_back({std::string(dependee), std::string(schemas[state.active])});
  return operation{std::move(what), now};
}

todo rebuild_silently(const small_event& event, const small_state& state) {
  return operation{rebuild_of(event, state), now};
}

todo reconcile_all(const small_event&, const small_state& state) {
  operations::reconcile what;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (state.views[i].stored != 0) what.store.digests.emplace(keys[i], digests[state.views[i].stored]);
  }
  return operation{std::move(what), now};
}

todo mark_missed(const small_event&, const small_state&) {
  return operation{operations::mark_missed_bumps{}, now};
}

todo remove_it(const small_event& event, const small_state&) {
  return operation{operations::remove_view{keys[event.view]}, now};
}

todo remove_dependee(const small_event&, const small_state&) {
  return operation{operations::remove_adapter{std::string(dependee)}, now};
}

todo activate_anyway(const small_event& event, const small_state&) {
  return operation{operations::activate{std::string(dependee), "s", std::string(schemas[event.schema])}, now};
}

std::string passed(std::uint8_t verdicts) {
  std::string text;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if ((verdicts >> i & 1U) != 0) text += " " + to_string(keys[i]);
  }
  return text.empty() ? " none" : text;
}

std::string on_view(std::string_view what, std::size_t view) {
  return std::string(what) + " " + to_string(keys[view]);
}

}  // namespace

std::uint32_t packed(const small_state& state) {
  std::uint32_t number = state.active;
  for (const small_view& view : state.views) {
    number = number * 6 + static_cast<std::uint32_t>(view.state);
    number = number * schemas_max + view.recorded - 1U;
    number = number * schemas_max + view.built - 1U;
    number = number * schemas_max + view.validated - 1U;
    number = number * (schemas_max + 1U) + view.stored;
  }
  return number;
}

small_state unpacked(std::uint32_t number) {
  const auto take = [&](std::uint32_t bound) {
    const auto digit = static_cast<std::uint8_t>(number % bound);
    number /= bound;
    return digit;
  };
  small_state state;
  for (auto view = state.views.rbegin(); view != state.views.rend(); ++view) {
    view->stored = take(schemas_max + 1U);
    view->validated = static_cast<schema_number>(take(schemas_max) + 1);
    view->built = static_cast<schema_number>(take(schemas_max) + 1);
    view->recorded = static_cast<schema_number>(take(schemas_max) + 1);
    view->state = static_cast<view_state>(take(6));
  }
  state.active = static_cast<schema_number>(number);
  return state;
}

lockfile lockfile_of(const small_state& state) {
  lockfile_restorer restore;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const small_view& view = state.views[i];
    adapter& owner = *restore.add_adapter(keys[i].adapter);
    if (view.state == view_state::none) continue;
    agentslock::view& entry = *restore.add_view(owner, keys[i].view);
    entry.status = is_status(view.state) ? recorded_status(status_of(view.state)) : recorded_status(garbled);
    entry.view_digest = digests[view.built];
    entry.depends_on.push_back({dependee, schemas[view.recorded], {}});
  }
  if (state.active != 0) restore.add_adapter(dependee)->schema_digest = schemas[state.active];
  return std::move(restore).finish();
}

std::vector<small_event> events(const world_rules& rules) {
  std::vector<small_event> all;
  for (schema_number schema = 1; schema <= rules.schemas; ++schema) {
    const std::string to(schemas[schema]);
    for (std::uint8_t verdicts = 0; verdicts >> rules.views == 0; ++verdicts)
      all.push_back(
          {"cut over to " + to + ", passed:" + passed(verdicts), true, cut_over, 0, schema, verdicts});
    all.push_back({"bump to " + to, false, bump_it, 0, schema, 0});
    if (rules.anything_goes) all.push_back({"activate " + to, false, activate_anyway, 0, schema, 0});
  }
  all.push_back({"bump", false, bump_it, 0, 0, 0});
  all.push_back({"reconcile", true, reconcile_all, 0, 0, 0});
  all.push_back({"mark missed bumps", true, mark_missed, 0, 0, 0});
  all.push_back({"remove the dependee", false, remove_dependee, 0, 0, 0});
  for (std::size_t view = 0; view < rules.views; ++view) {
    for (schema_number schema = 0; schema <= rules.schemas; ++schema) {
      const std::string now_reads = schema == 0 ? "" : ", now reads " + std::string(schemas[schema]);
      if (schema == 0 || rules.verdicts_bring_dependencies)
        all.push_back({on_view("validation passes of", view) + now_reads, true, resolve_it, view, schema, 1});
      if (schema != 0)
        all.push_back({on_view("register", view) + now_reads, false, register_it, view, schema, 0});
      all.push_back({on_view("the store now has of", view) + " " + std::string(digests[schema]), false,
                     nullptr, view, schema, 0});
    }
    all.push_back({on_view("validation fails of", view), false, resolve_it, view, 0, 0});
    all.push_back(
        {on_view("against what is active validation passes of", view), true, revalidate_it, view, 0, 1});
    all.push_back(
        {on_view("against what is active validation fails of", view), false, revalidate_it, view, 0, 0});
    all.push_back({on_view("remove", view), false, remove_it, view, 0, 0});
    if (rules.builds_say_what_they_read)
      all.push_back({on_view("rebuild", view), true, rebuild_it, view, 0, 0});
    if (!rules.builds_say_what_they_read || rules.anything_goes)
      all.push_back({on_view("rebuild without a word of", view), false, rebuild_silently, view, 0, 0});
    if (rules.anything_goes) all.push_back({on_view("an editor garbles", view), false, nullptr, view, 0, 1});
  }
  return all;
}

std::optional<small_step> happen(const small_event& event, const small_state& before, const lockfile& file) {
  small_step step{before, false};
  if (event.todo == nullptr) {
    small_view& view = step.after.views[event.view];
    if (view.state == view_state::none) return std::nullopt;
    if (event.verdicts != 0) {
      view.state = view_state::unrecognised;
    } else {
      view.stored = event.schema;
    }
    return step;
  }
  const auto todo = event.todo(event, before);
  if (!todo) return std::nullopt;
  lockfile after = file;
  const auto result = apply(after, *todo);
  step.by_kernel = true;
  if (!result.refused) step.after = state_after(before, *todo, result, after);
  return step;
}

small_state state_after(const small_state& before, const operation& done, const operation_result& result,
                        const lockfile& after) {
  small_state state = before;
  const adapter* active = after.find_adapter(dependee);
  state.active = active == nullptr ? schema_number{0} : number_of(schemas, active->schema_digest);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    small_view& view = state.views[i];
    const agentslock::view* entry = after.find_view(keys[i]);
    if (entry == nullptr) {
      view = {};
      continue;
    }
    view.state = entry->status.state();
    view.recorded = number_of(schemas, entry->depends_on.front().schema_digest);
    view.built = number_of(digests, entry->view_digest);
    const owned_key key(keys[i]);
    const owned_key* named = laws::named_view_of(done);
    const bool concerned = named != nullptr && *named == key;
    if (concerned && std::holds_alternative<operations::register_view>(done.what))
      view.validated = view.stored = view.built;
    if (concerned && std::holds_alternative<operations::mark_view_rebuilt>(done.what))
      view.stored = view.built;
    if (const auto* one = std::get_if<operations::resolve_recompat>(&done.what);
        concerned && one != nullptr && one->judged == verdict::passed)
      view.validated = one->new_dependencies.empty() ? found_schema(before, view) : view.recorded;
    if (const auto* one = std::get_if<operations::revalidate>(&done.what);
        concerned && one != nullptr && one->judged == verdict::passed)
      view.validated = found_schema(before, view);
    if (const auto* one = std::get_if<operations::cutover>(&done.what)) {
      const auto& passed = result.cut_over.passed;
      if (std::ranges::find(passed, key) != passed.end())
        view.validated = number_of(schemas, one->schema_digest);
    }
  }
  return state;
}

std::size_t place_of(view_key key) {
  return static_cast<std::size_t>(std::ranges::find(keys, key) - keys.begin());
}

std::string to_string(const small_state& state) {
  std::string text = "active " + (state.active == 0 ? "nothing" : std::string(schemas[state.active]));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const small_view& view = state.views[i];
    if (view.state == view_state::none) continue;
    text += "; " + to_string(keys[i]) + " " + std::string(name(view.state));
    text += " records " + std::string(schemas[view.recorded]) + ", " + std::string(digests[view.built]) +
            ", validated against " + std::string(schemas[view.validated]);
  }
  return text;
}

}  // namespace agentslock::properties
// SPDX-License-Identifier: Apache-2.0
