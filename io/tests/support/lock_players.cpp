#include <array>
#include <chrono>

#include "agentslock/io/lockfile_store.hpp"
#include "go_tool.hpp"
#include "lock_parties.hpp"

namespace agentslock::testing {
namespace {

/// The protocol's times, but few tries: a schedule of five hundred of them shows no more than one of three.
lock_options few_tries() {
  lock_options options;
  options.poll = std::chrono::seconds(2);
  return options;
}

}  // namespace

void lock_scenario::play(std::size_t number, memory_process& process, bool by_symlink) {
  party& me = parties_[number];
  me.started = true;
  work(me, process, by_symlink);
  me.in_section = false;
}

void lock_scenario::work(party& me, memory_process& process, bool by_symlink) {
  const std::string path = by_symlink ? symlink_path : document_path;
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
    case role::go_tool:
      me.ended = go_tool_adds_section(process, path, me.name);
      break;
    case role::old_go_tool:
      me.ended = old_go_tool_adds_section(process, path, me.name);
      break;
    case role::editor: {
      const auto text = disk->text_of(path);
      const auto parsed = lock_document::parse(text_buffer(text.value_or("{}\n")), path);
      staged_changes changes;
      (void)changes.set_section(me.name, "1");
      const std::string temporary = path + ".edited";
      const auto file = process.open(temporary, open_how::create_new, 0644);
      if (!parsed || !file) return;
      const text_buffer edited = parsed->document.render(changes.staged()).text();
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

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
