#include "apply_script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agentslock/io/json_text.hpp"
#include "agentslock/kernel/lockfile.hpp"
#include "agentslock/kernel/rfc3339.hpp"

namespace agentslock::cli {
namespace {

using member_map = std::map<std::string, script_value, std::less<>>;

/// Dependencies whose texts it owns.
class dependency_list {
 public:
  void add(std::string adapter, std::string schema_digest, std::string version) {
    texts_.push_back({std::move(adapter), std::move(schema_digest), std::move(version)});
  }
  [[nodiscard]] std::vector<dependency> view() const {
    std::vector<dependency> all;
    for (const auto& [adapter, schema_digest, version] : texts_)
      all.push_back({adapter, schema_digest, version});
    return all;
  }

 private:
  std::vector<std::array<std::string, 3>> texts_;
};

/// Reads an operation's members. The first thing that is wrong is kept, so that the reading code needs no checks in
/// between; members that nobody asked for are wrong too.
class arguments {
 public:
  arguments(const member_map& members, timestamp present) : members_(members), present_(present) {
    asked_.emplace_back("op");
  }

  std::string text(std::string_view name) {
    const script_value* value = find(name);
    if (value == nullptr) return missing(name), std::string();
    return take(value->text());
  }
  std::string text_or_empty(std::string_view name) {
    const script_value* value = find(name);
    return value == nullptr || value->is_null() ? std::string() : take(value->text());
  }
  bool boolean(std::string_view name) {
    const script_value* value = find(name);
    if (value == nullptr) return missing(name), false;
    return take(value->boolean());
  }
  bool boolean_or_false(std::string_view name) {
    const script_value* value = find(name);
    return value != nullptr && take(value->boolean());
  }
  std::string_view json(std::string_view name) {
    const script_value* value = find(name);
    if (value == nullptr) return missing(name), std::string_view();
    return value->json();
  }
  timestamp now() {
    const script_value* value = find("now");
    if (value == nullptr) return present_;
    const std::string spelt = take(value->text());
    const auto time = parse_rfc3339(spelt);
    if (!time) fail(fmt::format("\"now\" is no RFC 3339 time: {}", spelt));
    return time.value_or(present_);
  }
  dependency_list dependencies(std::string_view name) {
    dependency_list all;
    const script_value* value = find(name);
    if (value == nullptr) return all;
    for (const script_value& item : take(value->items())) {
      const member_map parts = item.is_null() ? member_map() : take(item.members());
      arguments each(parts, present_);
      std::string adapter = each.text_or_empty("adapter");
      std::string schema_digest = each.text_or_empty("schema_digest");
      all.add(std::move(adapter), std::move(schema_digest), each.text_or_empty("version"));
      if (const auto wrong = each.wrong()) fail(*wrong);
    }
    return all;
  }
  /// Texts by name; null values are kept as nothing.
  std::map<std::string, std::optional<std::string>, std::less<>> texts(std::string_view name) {
    std::map<std::string, std::optional<std::string>, std::less<>> all;
    const script_value* value = find(name);
    if (value == nullptr || value->is_null()) return all;
    for (const auto& [key, item] : take(value->members())) {
      all.emplace(key, item.is_null() ? std::nullopt : std::optional(take(item.text())));
    }
    return all;
  }
  [[nodiscard]] bool has(std::string_view name) { return find(name) != nullptr; }
  std::vector<script_value> items(std::string_view name) {
    const script_value* value = find(name);
    return value == nullptr ? std::vector<script_value>() : take(value->items());
  }
  void fail(std::string why) {
    if (!wrong_) wrong_ = std::move(why);
  }

  /// What is wrong with the members, when all have been asked for.
  [[nodiscard]] std::optional<std::string> wrong() {
    for (const auto& [name, value] : members_) {
      if (!wrong_ && std::ranges::find(asked_, name) == asked_.end()) {
        wrong_ = fmt::format("does not know the member \"{}\"", name);
      }
    }
    return wrong_;
  }

 private:
  const script_value* find(std::string_view name) {
    asked_.emplace_back(name);
    const auto found = members_.find(name);
    return found == members_.end() ? nullptr : &found->second;
  }
  template <class T>
  T take(result<T> value) {
    if (value) return std::move(*value);
    fail(value.error().message());
    return T();
  }
  void missing(std::string_view name) { fail(fmt::format("needs the member \"{}\"", name)); }

  const member_map& members_;
  timestamp present_;
  std::vector<std::string> asked_;
  std::optional<std::string> wrong_;
};

std::string json_list(const std::vector<std::string>& values) {
  return fmt::format("[{}]", fmt::join(values, ","));
}

std::string quoted_list(const std::vector<view_key>& keys) {
  std::vector<std::string> texts;
  for (view_key key : keys)
    texts.push_back(quote(to_string(key)));
  return json_list(texts);
}

/// Runs one script.
class runner {
 public:
  runner(document_edit& edit, timestamp present) : edit_(edit), present_(present), working_(&edit.adapters) {}

  /// The adapters that operations work on from now on are not the ones that are written.
  void work_on_a_copy() {
    copy_ = edit_.adapters;
    working_ = &copy_;
  }
  /// What is written is what the adapters are now.
  void save_copy() { edit_.adapters = copy_; }

  op_result run(const script_op& op) {
    result_ = {op.op, std::nullopt, {}};
    arguments given(op.members, present_);
    const auto known = std::ranges::find(operations, op.op, &operation::name);
    if (known == std::end(operations)) {
      result_.error = fmt::format("no operation is called \"{}\"", op.op);
    } else {
      (this->*known->run)(given);
    }
    return std::move(result_);
  }

 private:
  struct operation {
    std::string_view name;
    void (runner::*run)(arguments&);
  };
  static const std::array<operation, 16> operations;

  /// Whether the members can be used; if not, the operation is refused.
  bool accept(arguments& given) {
    if (auto wrong = given.wrong()) result_.error = std::move(*wrong);
    return !result_.error;
  }
  template <class T>
  bool take(const outcome<T>& done) {
    if (!done) result_.error = done.why().message;
    return done.has_value();
  }
  void take(const result<>& done) {
    if (!done) result_.error = done.error().message();
  }
  void add(std::string name, std::string json) {
    result_.members.emplace_back(std::move(name), std::move(json));
  }

  void activate(arguments& given) {
    const std::string name = given.text("name");
    const std::string source = given.text("source_digest");
    const std::string schema = given.text("schema_digest");
    const timestamp now = given.now();
    if (accept(given)) take(working_->activate(name, source, schema, now));
  }

  void adapter_names(arguments& given) {
    if (!accept(given)) return;
    std::vector<std::string> names;
    for (std::string_view name : working_->adapter_names())
      names.push_back(quote(name));
    add("names", json_list(names));
  }

  void register_view(arguments& given) {
    const std::string adapter = given.text("adapter");
    const std::string view = given.text("view");
    const std::string digest = given.text("digest");
    const dependency_list on = given.dependencies("deps");
    const timestamp now = given.now();
    if (accept(given)) take(working_->register_view({adapter, view}, digest, on.view(), now));
  }

  void view_status_of(arguments& given) {
    const std::string adapter = given.text("adapter");
    const std::string view = given.text("view");
    if (!accept(given)) return;
    const agentslock::view* entry = working_->find_view({adapter, view});
    add("ok", entry == nullptr ? "false" : "true");
    add("status", entry == nullptr ? "\"\"" : quote(entry->status.text()));
  }

  void mark_dependee_bumped(arguments& given) {
    const std::string dependee = given.text("dependee");
    const std::string schema = given.text_or_empty("schema_digest");
    const std::string version = given.text_or_empty("version");
    const timestamp now = given.now();
    if (!accept(given)) return;
    const auto bumped = working_->mark_dependee_bumped(dependee, now, {schema, version});
    if (take(bumped)) add("affected", quoted_list(*bumped));
  }

  void resolve_recompat(arguments& given) {
    const std::string adapter = given.text("adapter");
    const std::string view = given.text("view");
    const bool compatible = given.boolean("compatible");
    const dependency_list on = given.dependencies("deps");
    const timestamp now = given.now();
    if (!accept(given)) return;
    const verdict judged = compatible ? verdict::passed : verdict::failed;
    take(working_->resolve_recompat({adapter, view}, judged, on.view(), now));
  }

  void mark_view_rebuilt(arguments& given) {
    const std::string adapter = given.text("adapter");
    const std::string view = given.text("view");
    const std::string digest = given.text("digest");
    const auto read = given.texts("schemas_read");
    const bool checks = given.has("schemas_read");
    const timestamp now = given.now();
    if (!accept(given)) return;
    std::vector<adapter_schema> schemas;
    for (const auto& [name, schema] : read)
      schemas.push_back({name, schema ? std::string_view(*schema) : ""});
    take(working_->mark_view_rebuilt(
        {adapter, view}, digest, now,
        checks ? std::optional<std::span<const adapter_schema>>(schemas) : std::nullopt));
  }

  void activation_blockers(arguments& given) {
    const std::string dependee = given.text("dependee");
    if (accept(given)) add("blockers", quoted_list(working_->activation_blockers(dependee)));
  }

  void reconcile(arguments& given) {
    const auto store = given.texts("presence");
    const bool no_store = given.boolean_or_false("nil_presence");
    const timestamp now = given.now();
    if (!accept(given)) return;
    const auto ask = [&](view_key key) -> std::optional<presence> {
      const auto found = store.find(to_string(key));
      if (no_store || found == store.end() || !found->second) return presence{};
      return presence{true, *found->second};
    };
    reconcile_report report;
    if (!take(working_->reconcile(ask, report, now))) return;
    std::vector<std::string> changes;
    for (const state_change& one : report.changes) {
      changes.push_back(fmt::format(R"({{"adapter":{},"view":{},"from":{},"to":{},"reason":{}}})",
                                    quote(one.key.adapter), quote(one.key.view), quote(one.from),
                                    quote(spelling(one.to)), quote(one.reason)));
    }
    add("changes", json_list(changes));
    add("validation_due", quoted_list(report.due));
    add("gates_shut", quoted_list(report.shut));
  }

  void cutover(arguments& given) {
    const std::string dependee = given.text("dependee");
    const std::string source = given.text("source_digest");
    const std::string schema = given.text("schema_digest");
    const std::string version = given.text_or_empty("version");
    struct judged {
      std::string adapter;
      std::string view;
      verdict found;
      std::vector<dependency> dependencies;
    };
    std::vector<dependency_list> owners;
    std::vector<judged> all;
    for (const script_value& item : given.items("verdicts")) {
      const auto members = item.members();
      if (!members) {
        given.fail(members.error().message());
        continue;
      }
      arguments each(*members, present_);
      judged one{each.text("adapter"),
                 each.text("view"),
                 each.boolean("compatible") ? verdict::passed : verdict::failed,
                 {}};
      owners.push_back(each.dependencies("deps"));
      if (auto wrong = each.wrong()) given.fail(std::move(*wrong));
      all.push_back(std::move(one));
    }
    const timestamp now = given.now();
    if (!accept(given)) return;
    std::vector<cutover_verdict> verdicts;
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].dependencies = owners[i].view();
      verdicts.push_back({{all[i].adapter, all[i].view}, all[i].found, all[i].dependencies});
    }
    const auto report = working_->cutover({dependee, source, schema, version}, verdicts, *working_, now);
    if (!take(report)) return;
    add("activated", report->activated ? "true" : "false");
    add("frozen", quoted_list(report->frozen));
    add("passed", quoted_list(report->passed));
    add("failed", quoted_list(report->failed));
    add("blockers", quoted_list(report->blockers));
  }

  void remove_view(arguments& given) {
    const std::string adapter = given.text("adapter");
    const std::string view = given.text("view");
    if (accept(given)) take(working_->remove_view({adapter, view}));
  }

  void remove_adapter(arguments& given) {
    const std::string name = given.text("name");
    if (accept(given)) take(working_->remove_adapter(name));
  }

  void save(arguments& given) {
    if (accept(given)) edit_.state_adapters = true;
  }

  void inputs_digest(arguments& given) {
    if (!accept(given)) return;
    const auto staged = edit_.sections.staged().inputs_digest;
    const auto digest = staged ? *staged : edit_.document.inputs_digest().value_or("");
    add("digest", quote(digest));
    add("ok", digest.empty() ? "false" : "true");
  }

  void set_inputs_digest(arguments& given) {
    const std::string digest = given.text("digest");
    if (accept(given)) take(edit_.sections.set_inputs_digest(digest));
  }

  void update_section(arguments& given) {
    const std::string section = given.text("section");
    const std::string_view value = given.json("value");
    if (accept(given)) take(edit_.sections.set_section(section, value));
  }

  document_edit& edit_;
  timestamp present_;
  lockfile copy_;
  lockfile* working_;
  op_result result_;
};

const std::array<runner::operation, 16> runner::operations{{
    {"activate", &runner::activate},
    {"adapter_names", &runner::adapter_names},
    {"register_view", &runner::register_view},
    {"view_status_of", &runner::view_status_of},
    {"mark_dependee_bumped", &runner::mark_dependee_bumped},
    {"resolve_recompat", &runner::resolve_recompat},
    {"mark_view_rebuilt", &runner::mark_view_rebuilt},
    {"activation_blockers", &runner::activation_blockers},
    {"reconcile", &runner::reconcile},
    {"cutover", &runner::cutover},
    {"remove_view", &runner::remove_view},
    {"remove_adapter", &runner::remove_adapter},
    {"save", &runner::save},
    {"inputs_digest", &runner::inputs_digest},
    {"set_inputs_digest", &runner::set_inputs_digest},
    {"update_section", &runner::update_section},
}};

constexpr std::string_view save_name = "save";
constexpr std::array<std::string_view, 3> writing_names{save_name, "set_inputs_digest", "update_section"};

}  // namespace

result<apply_script> apply_script::parse(std::string_view text, std::string_view path) {
  const auto whole = script_value::parse(text, path);
  if (!whole) return whole.error();
  const auto members = whole->members();
  if (!members) return members.error();
  const auto ops = members->find("ops");
  if (ops == members->end())
    return error(errc::invalid_argument, fmt::format("{} has no member \"ops\"", path));
  for (const auto& [name, value] : *members) {
    if (name != "ops" && name != "description") {
      return error(errc::invalid_argument,
                   fmt::format("{} has a member \"{}\", which no script has", path, name));
    }
  }
  const auto items = ops->second.items();
  if (!items) return items.error();

  apply_script script;
  for (std::size_t i = 0; i < items->size(); ++i) {
    auto parts = (*items)[i].members();
    if (!parts) return parts.error();
    const auto name = parts->find("op");
    if (name == parts->end()) {
      return error(errc::invalid_argument, fmt::format("{}: operation {} has no member \"op\"", path, i + 1));
    }
    auto op = name->second.text();
    if (!op) return op.error();
    script.ops_.push_back({std::move(*op), std::move(*parts)});
  }
  return script;
}

bool apply_script::is_writing(const script_op& op) noexcept {
  return std::ranges::find(writing_names, op.op) != writing_names.end();
}

std::vector<op_result> apply_script::run(document_edit& edit, timestamp present, bool keep_going) const {
  // What is done to the adapters after the last save is not written. When the last operation is that save, as is usual,
  // the document's own adapters can be worked on. A save that has members is refused, and is none.
  const bool ends_in_save = !ops_.empty() && ops_.back().op == save_name && ops_.back().members.size() == 1;
  runner run(edit, present);
  if (!ends_in_save) run.work_on_a_copy();
  std::vector<op_result> results;
  for (const script_op& op : ops_) {
    results.push_back(run.run(op));
    if (results.back().error) {
      if (!keep_going) return results;
    } else if (op.op == save_name && !ends_in_save) {
      run.save_copy();
    }
  }
  return results;
}

}  // namespace agentslock::cli
