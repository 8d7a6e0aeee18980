#include "lock_scenario.hpp"

#include <algorithm>
#include <array>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/lockfile_store.hpp"
#include "go_writer.hpp"

namespace agentslock::testing {
namespace {

constexpr const char* directory = "/project";
constexpr const char* document_path = "/project/.agentsrc.lock";
constexpr const char* link_path = "/project/link.lock";
constexpr const char* sidecar_path = "/project/.agentsrc.lock.lock";
constexpr const char* holder_path = "/project/.agentsrc.lock.lock/holder";
constexpr std::string_view first_text = "{\n  \"adapters\": {},\n  \"lock_version\": 1\n}\n";

/// The protocol's times, but few tries: a schedule of five hundred of them shows no more than one of three.
lock_options few_tries() {
  lock_options options;
  options.poll = std::chrono::seconds(2);
  return options;
}

enum class role : std::uint8_t { queued, plain, go_writer, editor, mover, leaver, old_go_writer };

/// What is known of one process.
struct party {
  role plays = role::queued;
  std::string name;
  std::optional<result<>> ended;
  bool started = false;
  bool came_to_the_queue = false;
  bool killed = false;
  /// Between its claim and its release.
  bool in_section = false;
  /// Its claim came so long after it began that its lease was over already: it holds nothing, and may not write.
  bool claimed_too_late = false;
  std::chrono::nanoseconds claim_began{0};
  std::chrono::nanoseconds acquired{0};
  std::string claimed_token;
  /// Numbers of steps; 0 is never.
  std::size_t staged = 0;
  std::size_t looked_at_sidecar = 0;
  std::size_t looked_at_document = 0;
  std::size_t claimed = 0;
  std::size_t lost_sidecar = 0;
  std::size_t document_changed = 0;
  std::chrono::nanoseconds looked_at{0};
  std::uint64_t document_read = 0;
  /// Something happened between its last look and its rename; and it was the lock that was lost then.
  bool escaped_the_look = false;
  bool lost_lock_unseen = false;
  /// Its sidecar was taken away, perhaps for a moment, since it claimed it.
  bool was_away = false;
  bool replaced_document = false;

  [[nodiscard]] bool is_ours() const noexcept { return plays == role::queued || plays == role::plain; }
  [[nodiscard]] bool acknowledged() const {
    return ended && (*ended || ended->error().code() == errc::not_durable);
  }
};

class lock_scenario final : public scenario {
 public:
  explicit lock_scenario(const lock_setup& setup) : setup_(setup) {
    const auto add = [&](role plays, int count, const char* called) {
      for (int i = 0; i < count; ++i) {
        party one;
        one.plays = plays;
        one.name = std::string(called) + " " + std::to_string(i + 1);
        parties_.push_back(std::move(one));
      }
    };
    add(role::queued, setup.with_queue, "ours");
    add(role::plain, setup.without_queue, "ours without a queue");
    add(role::go_writer, setup.go_writers, "go tool");
    add(role::editor, setup.editor ? 1 : 0, "editor");
    add(role::mover, setup.directory_is_replaced ? 1 : 0, "mover");
    add(role::old_go_writer, setup.old_go_writers, "old go tool");
    add(role::leaver, setup.holder_leaves ? 1 : 0, "first holder");
  }

  void set_up(memory_disk& made) override {
    made.has_nameless_files = setup_.nameless_files;
    made.has_hard_links = setup_.hard_links;
    made.put_directory(directory);
    made.put_file(document_path, first_text);
    if (setup_.path_is_link) made.put_link(link_path, ".agentsrc.lock");
    if (setup_.stale_sidecar) {
      const sidecar_identity dead{77, made.clock.wall - std::chrono::minutes(1), "dead", std::nullopt};
      made.put_file(sidecar_path, to_text(dead));
    }
    if (setup_.holder_leaves) {
      const auto number = first_process + static_cast<int>(parties_.size()) - 1;
      made.put_file(sidecar_path, to_text({number, made.clock.wall, "first", std::nullopt}));
    }
    document_ = number_of(document_path);
    owner_ = owner_of_sidecar();
  }

  std::vector<actor> actors() override {
    std::vector<actor> all;
    for (std::size_t i = 0; i < parties_.size(); ++i) {
      const bool by_link = setup_.path_is_link && i % 2 == 0;
      all.push_back({parties_[i].name,
                     [this, i, by_link](memory_process& process) { play(i, process, by_link); },
                     static_cast<int>(parties_[i].plays) * 2 + (by_link ? 1 : 0)});
    }
    return all;
  }

  bool is_visible(const system_call& call) const override {
    const auto shared = [](const std::string& path) {
      return path == document_path || path == sidecar_path || path == directory || path == link_path ||
             path == std::string(link_path) + ".lock" || path == holder_path;
    };
    const auto swept = [](const std::string& path) { return path.find(".stale-") != std::string::npos; };
    const bool by_go =
        of(call.process).plays == role::go_writer || of(call.process).plays == role::old_go_writer;
    switch (call.kind) {
      case call_kind::rename:
      case call_kind::rename_new:
      case call_kind::link:
      case call_kind::link_open:
        return shared(call.path) || shared(call.second_path);
      case call_kind::list:
        return by_go || call.path == sidecar_path;
      case call_kind::make_directory:
        return call.path == sidecar_path;
      case call_kind::read:
      case call_kind::write:
      case call_kind::set_mode:
        // The bytes behind a name that is claimed by link do not change any more.
        return call.path == sidecar_path && writes_in_place_;
      case call_kind::open:
      case call_kind::create:
      case call_kind::status_at:
      case call_kind::link_status_at:
        // What stands aside is looked at where a Go tool may sweep it.
        if (call.kind == call_kind::link_status_at && swept(call.path))
          return setup_.go_writers + setup_.old_go_writers > 0;
        return shared(call.path) && call.path != directory;
      case call_kind::read_link:
        return setup_.path_is_link && shared(call.path);
      case call_kind::lock:
      case call_kind::unlock:
        return call.path == directory;
      case call_kind::open_directory:
        return setup_.directory_is_replaced;
      default:
        return false;
    }
  }

  bool is_worth_starting(int process) const override {
    if (setup_.queue_too || of(process).plays != role::queued) return true;
    // Of two that are about to enter the queue, one is like the other.
    const bool another_is_at_the_queue = std::ranges::any_of(parties_, [](const party& who) {
      return who.plays == role::queued && who.started && !who.came_to_the_queue && !who.killed;
    });
    return !queue_holder() && !another_is_at_the_queue;
  }
  bool is_worth_killing(int process) const override {
    return setup_.queue_too || of(process).plays != role::queued || queue_holder() == process;
  }

  void about_to(const system_call& call) override;
  void crashed(int process) override {
    party& who = of(process);
    who.killed = true;
    who.in_section = false;
  }
  void time_has_passed() override { time_passed_ = true; }
  std::optional<std::string> check_step() override;
  std::optional<std::string> check_end() override;
  std::uint64_t fingerprint() const override;

  std::vector<decision> time_events() const override {
    std::vector<decision> events;
    if (setup_.time_passes) {
      events.push_back({decision::kind::pass_time, 0, std::chrono::seconds(21)});
      events.push_back({decision::kind::pass_time, 0, std::chrono::seconds(31)});
    }
    if (setup_.clock_is_set) {
      events.push_back({decision::kind::set_clock, 0, std::chrono::hours(1)});
      events.push_back({decision::kind::set_clock, 0, -std::chrono::hours(1)});
    }
    return events;
  }

 private:
  static constexpr int first_process = 10;

  party& of(int process) { return parties_[static_cast<std::size_t>(process - first_process)]; }
  [[nodiscard]] const party& of(int process) const {
    return parties_[static_cast<std::size_t>(process - first_process)];
  }
  [[nodiscard]] std::optional<int> queue_holder() const { return disk->lock_holder(number_of(directory)); }
  [[nodiscard]] std::uint64_t number_of(const std::string& path) const { return disk->number_of(path); }
  /// What the sidecar says: a directory says what the holder in it says.
  [[nodiscard]] std::optional<std::string> sidecar_text() const {
    const auto* node = disk->find(sidecar_path, false);
    if (node == nullptr) return std::nullopt;
    return node->kind == file_kind::directory ? disk->text_of(holder_path) : node->data;
  }
  /// Which of the parties the sidecar names; -1 when none.
  [[nodiscard]] int owner_of_sidecar() const {
    const auto text = sidecar_text();
    const auto who = text ? parse_identity(*text) : std::nullopt;
    if (!who || who->process < first_process ||
        who->process >= first_process + static_cast<int>(parties_.size())) {
      return -1;
    }
    return static_cast<int>(who->process);
  }

  /// A rename onto the document, as it was right before.
  struct replacement {
    int process;
    bool owned_the_lock;
    bool had_read_it;
  };

  void play(std::size_t number, memory_process& process, bool by_link);
  void work(party& me, memory_process& process, bool by_link);
  void about_to_move_sidecar(party& who, int process);
  void about_to_replace_document(party& who, int process);
  void has_replaced_document(const replacement& done);
  void about_to_discard(const party& who, const std::string& path);
  void wrong(std::string what) {
    if (!wrong_) wrong_ = std::move(what);
  }
  std::optional<std::string> check_losses();
  std::optional<std::string> check_what_is_left();

  lock_setup setup_;
  std::vector<party> parties_;
  std::size_t step_ = 0;
  int owner_ = -1;
  /// Who claimed, or put back, the sidecar last.
  int linked_last_ = -1;
  std::uint64_t document_ = 0;
  std::optional<replacement> replacing_;
  bool writes_in_place_ = false;
  /// A Go tool wrote although the lock was no longer its own, or had not been for a moment.
  bool go_wrote_without_lock_ = false;
  bool editor_wrote_ = false;
  bool time_passed_ = false;
  std::optional<std::string> wrong_;
};

void lock_scenario::play(std::size_t number, memory_process& process, bool by_link) {
  party& me = parties_[number];
  me.started = true;
  work(me, process, by_link);
  me.in_section = false;
}

void lock_scenario::work(party& me, memory_process& process, bool by_link) {
  const std::string path = by_link ? link_path : document_path;
  switch (me.plays) {
    case role::queued:
    case role::plain: {
      process.has_advisory_locks = me.plays == role::queued;
      store_options options;
      options.lock = few_tries();
      me.ended = lockfile_store(path, options, process.on()).update([&](lockfile& file) -> result<> {
        if (auto done = file.activate(me.name, "s", "d", timestamp()); !done) return error(done.why());
        return {};
      });
      break;
    }
    case role::go_writer:
      me.ended = go_writer_adds_section(process, path, me.name);
      break;
    case role::old_go_writer:
      me.ended = old_go_writer_adds_section(process, path, me.name);
      break;
    case role::editor: {
      const auto text = disk->text_of(path);
      const auto parsed = lock_document::parse(text_buffer(text.value_or("{}\n")), path);
      staged_changes changes;
      (void)changes.set_section(me.name, "1");
      const std::string temporary = path + ".edited";
      const auto file = process.open(temporary, open_how::create_new, 0644);
      if (!parsed || !file) return;
      const text_buffer edited = parsed->render(changes.staged()).text();
      const std::array pieces{edited.view()};
      (void)process.write(*file, pieces);
      (void)process.close(*file);
      (void)process.rename(temporary, path);
      break;
    }
    case role::leaver: {
      const std::string aside = std::string(sidecar_path) + ".stale-first";
      if (process.rename(sidecar_path, aside)) (void)process.unlink(aside);
      break;
    }
    case role::mover: {
      // As one step: what matters is who waits meanwhile.
      if (!process.rename(directory, "/moved")) return;
      for (party& who : parties_)
        who.in_section = false;  // their sidecars went with it, as they can see
      const std::string text = disk->text_of("/moved/.agentsrc.lock").value_or("");
      disk->put_directory(directory);
      disk->put_file(document_path, text);
      break;
    }
  }
}

void lock_scenario::about_to(const system_call& call) {
  ++step_;
  party& who = of(call.process);
  const auto is_temporary = [](const std::string& path) { return path.find(".tmp-") != std::string::npos; };
  switch (call.kind) {
    case call_kind::create_nameless:
      who.claim_began = disk->clock.boot;
      break;
    case call_kind::create:
      if (call.path.starts_with(sidecar_path)) who.claim_began = disk->clock.boot;
      if (is_temporary(call.path)) {
        who.staged = step_;
        who.looked_at_sidecar = who.looked_at_document = 0;
      }
      if (call.path == sidecar_path) {
        writes_in_place_ = true;
        who.staged = 0;
        linked_last_ = call.process;
      }
      if (call.path == holder_path) linked_last_ = call.process;
      break;
    case call_kind::open:
    case call_kind::link_status_at:
      if (call.path == sidecar_path) {
        who.looked_at_sidecar = step_;
        who.looked_at = disk->clock.boot;
      }
      // What is read before anything is staged is what the new document is made from.
      if (call.path == document_path && call.kind == call_kind::open && who.staged == 0) {
        who.document_read = number_of(document_path);
        who.document_changed = 0;
      }
      break;
    case call_kind::link:
    case call_kind::link_open:
      if (call.second_path == sidecar_path) {
        who.staged = 0;  // it begins, perhaps anew
        linked_last_ = call.process;
      }
      break;
    case call_kind::rename_new:
      if (call.second_path == sidecar_path) linked_last_ = call.process;
      break;
    case call_kind::lock:
      if (call.path == directory) who.came_to_the_queue = true;
      break;
    case call_kind::unlock:
      who.in_section = false;
      break;
    case call_kind::unlink:
      if (call.path.find(".stale-") != std::string::npos) about_to_discard(who, call.path);
      break;
    case call_kind::status_at:
      if (call.path == document_path) {
        who.looked_at_document = step_;
        who.looked_at = disk->clock.boot;
      }
      break;
    case call_kind::rename:
      if (call.second_path == document_path) about_to_replace_document(who, call.process);
      if (call.path == sidecar_path) about_to_move_sidecar(who, call.process);
      break;
    default:
      break;
  }
}

void lock_scenario::about_to_move_sidecar(party& who, int process) {
  const int owner = owner_of_sidecar();
  if (owner == process) {
    who.in_section = false;  // it lets go by itself
    owner_ = -1;
    return;
  }
  if (owner < 0 || !who.is_ours()) return;
  // Not even for a moment, if it has been told that the sidecar is that one's.
  const party& other = of(owner);
  const bool alive = other.in_section && !other.killed && !other.ended;
  const auto says = parse_identity(sidecar_text().value_or(""));
  const bool stale = disk->clock.wall - says->acquired > lock_options().stale;
  if (alive && !stale && other.claimed < who.looked_at_sidecar)
    wrong(who.name + " moves the live lock of " + other.name + " aside, which it has seen");
}

void lock_scenario::about_to_replace_document(party& who, int process) {
  // Judged by what is there now; it counts only if the rename is seen to have been done.
  replacement now{process, owner_of_sidecar() == process, number_of(document_path) == who.document_read};
  replacing_ = now;
}

void lock_scenario::has_replaced_document(const replacement& done) {
  party& who = of(done.process);
  who.replaced_document = true;
  if (who.plays == role::editor) {
    editor_wrote_ = true;
    return;
  }
  if (!who.is_ours()) {
    if (!done.owned_the_lock || who.was_away) go_wrote_without_lock_ = true;
    return;
  }
  if (!done.owned_the_lock) {
    const bool could_have_known =
        who.looked_at_sidecar <= who.staged || who.lost_sidecar < who.looked_at_sidecar;
    if (could_have_known) wrong(who.name + " replaces the document although it has lost the lock");
    who.escaped_the_look = who.lost_lock_unseen = true;
  }
  if (!done.had_read_it) {
    const bool could_have_known =
        who.looked_at_document <= who.staged || who.document_changed < who.looked_at_document;
    if (could_have_known) wrong(who.name + " replaces a document that it has not read");
    who.escaped_the_look = true;
  }
  if (who.looked_at - who.acquired > lock_options().lease || who.claimed_too_late)
    wrong(who.name + " writes after its lease is over");
}

void lock_scenario::about_to_discard(const party& who, const std::string& path) {
  const auto text = disk->text_of(path);
  const auto of_whom = text ? parse_identity(*text) : std::nullopt;
  const auto index = of_whom ? of_whom->process - first_process : -1;
  if (!who.is_ours() || index < 0 || index >= static_cast<std::int64_t>(parties_.size())) return;
  const party& other = parties_[static_cast<std::size_t>(index)];
  const bool alive = &other != &who && other.in_section && !other.killed && !other.ended;
  const bool stale = disk->clock.wall - of_whom->acquired > lock_options().stale;
  // A sibling that was only ever a claim's own is linked twice, or was never the sidecar.
  const bool was_the_sidecar = disk->find(path)->links == 1 && other.claimed_token == of_whom->token;
  if (alive && !stale && was_the_sidecar && !disk->find(sidecar_path)) {
    wrong(who.name + " takes away the live lock of " + other.name);
  }
}

std::optional<std::string> lock_scenario::check_step() {
  const auto sidecar = sidecar_text();
  const bool is_file = sidecar && disk->find(sidecar_path, false)->kind == file_kind::regular;
  if (is_file && !parse_identity(*sidecar)) wrong("the sidecar does not say who holds it");
  const int owner = owner_of_sidecar();
  if (owner != owner_) {
    if (owner_ >= 0) {
      of(owner_).lost_sidecar = step_;
      of(owner_).was_away = true;
    }
    // A sidecar that somebody took away by mistake and put back is no new claim.
    if (owner >= 0 && owner == linked_last_) {
      party& who = of(owner);
      who.acquired = disk->clock.boot;
      who.claimed = step_;
      who.was_away = false;
      who.claimed_token = parse_identity(*sidecar)->token;
      who.claimed_too_late = who.is_ours() && disk->clock.boot - who.claim_began > lock_options().lease;
      for (const party& other : parties_) {
        const bool both_ours = other.plays == role::queued && who.plays == role::queued;
        if (&other != &who && both_ours && other.in_section && !who.claimed_too_late) {
          wrong(who.name + " holds the lock while " + other.name + " holds it");
        }
      }
      who.in_section = !who.claimed_too_late;
    }
    owner_ = owner;
  }
  if (const auto now = number_of(document_path); now != document_) {
    document_ = now;
    if (replacing_) has_replaced_document(*replacing_);
    for (party& who : parties_) {
      if (who.document_read != 0 && who.document_read != now) who.document_changed = step_;
    }
  }
  replacing_.reset();
  return wrong_;
}

std::optional<std::string> lock_scenario::check_end() {
  if (auto lost = check_losses()) return lost;
  const bool alone =
      setup_.go_writers == 0 && setup_.old_go_writers == 0 && !setup_.editor && !setup_.directory_is_replaced;
  for (const party& who : parties_) {
    if (!who.is_ours() || who.killed) continue;
    if (!who.ended) return who.name + " never came to an end";
    if (alone && setup_.without_queue == 0 && !time_passed_ && !who.acknowledged()) {
      return who.name + " did not get on: " + who.ended->error().message();
    }
    const bool uncertain = !*who.ended && who.ended->error().code() == errc::outcome_uncertain;
    if (who.lost_lock_unseen && !uncertain) {
      return who.name + " lost the lock right before it wrote, and did not say that the outcome is uncertain";
    }
  }
  // A wait that is over is over; but whoever was neither killed nor kept waiting has written.
  // A first holder that is paused keeps all the others waiting, and then gets on itself.
  const bool held_long = setup_.holder_leaves && time_passed_;
  const bool nobody_got_on = !held_long && std::ranges::none_of(parties_, [](const party& who) {
    return who.killed || who.acknowledged() || who.replaced_document;
  });
  if (nobody_got_on && !setup_.directory_is_replaced) return "no process got on";
  return check_what_is_left();
}

std::optional<std::string> lock_scenario::check_losses() {
  // What the last look can't see, and what others do who don't look at all: the residual schedules.
  const bool escaped = std::ranges::any_of(parties_, [](const party& who) { return who.escaped_the_look; });
  if (setup_.directory_is_replaced) return std::nullopt;  // with the directory goes what was written into it
  if (escaped && setup_.go_writers == 0 && setup_.old_go_writers == 0 && setup_.without_queue == 0 &&
      !setup_.editor) {
    return "without anybody else, something escaped a last look";
  }
  if (go_wrote_without_lock_ || editor_wrote_ || escaped) return std::nullopt;
  const auto document =
      lock_document::parse(text_buffer(disk->text_of(document_path).value_or("")), document_path);
  if (!document) return "the document can't be read: " + document.error().message();
  for (const party& who : parties_) {
    if (!who.acknowledged()) continue;
    const bool there = who.is_ours() ? document->adapters().find_adapter(who.name) != nullptr
                                     : document->section(who.name).has_value();
    if (!there) return "the acknowledged update of " + who.name + " is lost";
  }
  return std::nullopt;
}

std::optional<std::string> lock_scenario::check_what_is_left() {
  call_hook nothing;
  const auto update = [&](int number) {
    memory_process next(*disk, nothing, number);
    // What a process left that used the link is in the way of those only that use it too.
    const char* path = setup_.path_is_link && number == 81 ? link_path : document_path;
    return lockfile_store(path, {}, next.on()).update([](lockfile& file) -> result<> {
      if (auto done = file.activate("next", "s", "d", timestamp()); !done) return error(done.why());
      return {};
    });
  };
  const auto text = sidecar_text();
  const auto left = text ? parse_identity(*text) : std::nullopt;
  const bool at_once = disk->find(sidecar_path, false) == nullptr ||
                       (left && left->mark && left->mark->directory.inode == number_of(directory));
  const auto before = disk->clock.boot;
  const auto first = update(80);
  if (at_once && !first) return "the next writer does not go on: " + first.error().message();
  if (at_once && disk->clock.boot != before) return "the next writer had to wait";
  // What is dated in the future, because the clock was set back, is young until the clock has caught up.
  const auto clocks_apart = [](const sim_clock& clock) { return clock.wall.time_since_epoch() - clock.boot; };
  const auto set_back =
      std::max(clocks_apart(sim_clock()) - clocks_apart(disk->clock), std::chrono::nanoseconds(0));
  for (int number : {81, 82, 83}) {
    disk->clock.pass(set_back + std::chrono::seconds(62));
    if (const auto later = update(number); !later) {
      return "a minute later the next writer does not go on: " + later.error().message();
    }
  }
  for (const std::string& name : disk->names_in(directory)) {
    // What a Go tool, an editor or a link is called is not ours to sweep.
    const bool ours = name.find(".stale-") != std::string::npos ||
                      name.find(".lock.tmp-") != std::string::npos || name.ends_with(".lock.lock");
    if (ours) return "left behind: " + name;
  }
  return std::nullopt;
}

std::uint64_t lock_scenario::fingerprint() const {
  std::uint64_t hash = static_cast<std::uint64_t>(owner_ + 1);
  const auto add = [&](std::uint64_t number) {
    hash = (hash ^ number) * 0x9E3779B97F4A7C15ULL + (hash >> 17);
  };
  add(go_wrote_without_lock_ ? 1U : 0U);
  add(editor_wrote_ ? 1U : 0U);
  add(writes_in_place_ ? 1U : 0U);
  for (const party& who : parties_) {
    add((who.killed ? 1U : 0U) + (who.started ? 2U : 0U) + (who.came_to_the_queue ? 4U : 0U));
    add((who.in_section ? 1U : 0U) + (who.claimed_too_late ? 2U : 0U));
    add(static_cast<std::uint64_t>(who.acquired.count()));
    add(static_cast<std::uint64_t>(who.claim_began.count()));
    add(who.document_read);
    // Of the steps only their order matters.
    add(who.lost_sidecar > who.looked_at_sidecar ? 1U : 0U);
    add(who.document_changed > who.looked_at_document ? 1U : 0U);
    add(who.looked_at_sidecar > who.staged ? 1U : 0U);
    add(who.looked_at_document > who.staged ? 1U : 0U);
    add((who.escaped_the_look ? 1U : 0U) + (who.lost_lock_unseen ? 2U : 0U) + (who.was_away ? 4U : 0U));
    add(who.claimed < who.looked_at_sidecar ? 1U : 0U);
  }
  return hash;
}

}  // namespace

std::unique_ptr<scenario> make_lock_scenario(const lock_setup& setup) {
  return std::make_unique<lock_scenario>(setup);
}

std::vector<lock_setup> lock_setups(exploring how_far) {
  // Bounds: preemptions, crashes, time events.
  std::vector<lock_setup> setups{
      {.what = "2 of ours", .with_queue = 2, .bounds = {3, 1, 1}, .queue_too = true},
      {.what = "3 of ours", .with_queue = 3, .bounds = {3, 1, 1}},
      {.what = "4 of ours", .with_queue = 4, .bounds = {3, 1, 1}},
      {.what = "4 of ours, a stale sidecar",
       .with_queue = 4,
       .stale_sidecar = true,
       .bounds = {3, 1, 1},
       .clock_is_set = false},
      {.what = "1 of ours, 1 Go tool", .with_queue = 1, .go_writers = 1, .bounds = {3, 1, 1}},
      {.what = "1 of ours, 1 Go tool, a clock that jumps",
       .with_queue = 1,
       .go_writers = 1,
       .bounds = {4, 0, 1},
       .time_passes = false},
      {.what = "2 of ours, 1 Go tool", .with_queue = 2, .go_writers = 1, .bounds = {3, 1, 0}},
      {.what = "3 of ours, 1 Go tool", .with_queue = 3, .go_writers = 1, .bounds = {3, 1, 0}},
      {.what = "3 of ours, 1 Go tool, pauses",
       .with_queue = 3,
       .go_writers = 1,
       .bounds = {2, 0, 1},
       .clock_is_set = false},
      {.what = "1 of ours, 1 Go tool, no nameless files",
       .with_queue = 1,
       .go_writers = 1,
       .nameless_files = false,
       .bounds = {3, 1, 0}},
      {.what = "2 of ours, 1 Go tool, no nameless files",
       .with_queue = 2,
       .go_writers = 1,
       .nameless_files = false,
       .bounds = {2, 1, 0}},
      {.what = "1 of ours, 1 old Go tool", .with_queue = 1, .old_go_writers = 1, .bounds = {2, 1, 1}},
      {.what = "2 of ours, 1 old Go tool", .with_queue = 2, .old_go_writers = 1, .bounds = {3, 1, 0}},
      {.what = "1 of ours, 1 Go tool, 1 old Go tool",
       .with_queue = 1,
       .go_writers = 1,
       .old_go_writers = 1,
       .bounds = {2, 1, 0}},
      {.what = "1 of ours, 2 Go tools", .with_queue = 1, .go_writers = 2, .bounds = {3, 1, 0}},
      {.what = "1 of ours, 2 Go tools, a clock that jumps",
       .with_queue = 1,
       .go_writers = 2,
       .bounds = {3, 0, 1},
       .time_passes = false},
      {.what = "1 of ours, 1 Go tool, a holder that leaves",
       .with_queue = 1,
       .go_writers = 1,
       .holder_leaves = true,
       .bounds = {4, 1, 0}},
      {.what = "2 of ours, 1 Go tool, a holder that leaves",
       .with_queue = 2,
       .go_writers = 1,
       .holder_leaves = true,
       .bounds = {3, 1, 0}},
      {.what = "2 without a queue", .without_queue = 2, .bounds = {2, 1, 1}, .clock_is_set = false},
      {.what = "4 without a queue, a stale sidecar",
       .without_queue = 4,
       .stale_sidecar = true,
       .bounds = {2, 0, 0}},
      {.what = "2 of ours, 1 without a queue", .with_queue = 2, .without_queue = 1, .bounds = {3, 1, 0}},
      {.what = "1 of ours, 1 without a queue, 1 Go tool",
       .with_queue = 1,
       .without_queue = 1,
       .go_writers = 1,
       .bounds = {2, 1, 0}},
      {.what = "2 of ours, by a link and by its target",
       .with_queue = 2,
       .path_is_link = true,
       .bounds = {3, 1, 1},
       .clock_is_set = false},
      {.what = "1 of ours by a link, 1 Go tool",
       .with_queue = 1,
       .go_writers = 1,
       .path_is_link = true,
       .bounds = {2, 1, 0}},
      {.what = "2 of ours, an editor", .with_queue = 2, .editor = true, .bounds = {3, 1, 0}},
      {.what = "2 of ours, no nameless files, the directory is replaced",
       .with_queue = 2,
       .directory_is_replaced = true,
       .nameless_files = false,
       .bounds = {2, 0, 0}},
      {.what = "2 of ours, the directory is replaced",
       .with_queue = 2,
       .directory_is_replaced = true,
       .bounds = {2, 0, 1},
       .clock_is_set = false},
  };
  for (lock_setup& setup : setups) {
    if (how_far == exploring::small) {
      setup.bounds.preemptions = std::min(setup.bounds.preemptions, 1);
      setup.bounds.time_events = 0;
    } else if (how_far == exploring::large) {
      setup.bounds.preemptions += 1;
      setup.bounds.time_events = std::max(setup.bounds.time_events, 1);
    }
  }
  return setups;
}

}  // namespace agentslock::testing
