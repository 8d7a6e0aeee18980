#include "go_tool.hpp"

#include <array>
#include <cerrno>
#include <chrono>

#include "agentslock/io/detail/sidecar_identity.hpp"
#include "agentslock/io/lock_document.hpp"

namespace agentslock::testing {
namespace {

constexpr auto stale_after = std::chrono::seconds(30);
constexpr auto without_holder_after = std::chrono::seconds(2);
constexpr auto wait_in_all = std::chrono::seconds(5);
constexpr auto between_tries = std::chrono::seconds(2);

bool is(const boost::system::error_code& code, int number) {
  return code.value() == number;
}

error failed(const char* what) {
  return {errc::io_failed, std::string("the Go tool could not ") + what};
}

sys_result<std::string> read_file(memory_process& process, const std::string& path) {
  const auto file = process.open(path, open_how::read, 0);
  if (!file) return file.error();
  std::array<char, 4096> bytes;
  std::string text;
  for (;;) {
    const auto got = process.read(*file, bytes);
    if (!got || *got == 0) break;
    text.append(bytes.data(), *got);
  }
  (void)process.close(*file);
  return text;
}

sys_result<> write_file(memory_process& process, const std::string& path, std::string_view text) {
  const auto file = process.open(path, open_how::create_new, 0600);
  if (!file) return file.error();
  const std::array pieces{text};
  const auto written = process.write(*file, pieces);
  (void)process.close(*file);
  if (!written) return written.error();
  return {};
}

/// What both releases do.
class writer {
 public:
  writer(memory_process& process, const std::string& path)
      : process_(process), path_(path), sidecar_(path + ".lock") {}

  result<> add(const std::string& section) {
    const auto text = read_file(process_, path_);
    if (!text && !is(text.error(), ENOENT)) return failed("read");
    const auto parsed =
        lock_document::parse(text_buffer(text ? std::string_view(*text) : lock_document::empty_text), path_);
    if (!parsed) return parsed.error();
    staged_changes changes;
    if (auto staged = changes.set_section(section, "1"); !staged) return staged;
    const std::string temporary = unique(path_ + ".go-tmp-");
    if (!write_file(process_, temporary, parsed->document.render(changes.staged()).text().view()))
      return failed("write");
    if (!process_.rename(temporary, path_)) return failed("rename");
    return {};
  }

 protected:
  [[nodiscard]] std::string unique(const std::string& stem) {
    return stem + std::to_string(process_.process_id()) + "-" + std::to_string(++names_);
  }
  [[nodiscard]] std::string unique_sibling() { return unique(sidecar_ + ".stale-"); }

  /// Deletes a file, or a directory with a holder in it.
  void remove_all(const std::string& name) {
    const auto removed = process_.unlink(name);
    if (removed || !is(removed.error(), EISDIR)) return;
    (void)process_.unlink(name + "/holder");
    (void)process_.remove_directory(name);
  }

  /// Deletes all that is called like something that was moved aside, however young and whoever's.
  void sweep() {
    const std::string directory = path_.substr(0, path_.rfind('/'));
    const auto names = process_.list(directory);
    if (!names) return;
    for (const std::string& name : *names) {
      const std::string full = directory + "/" + name;
      if (full.starts_with(sidecar_ + ".stale-")) remove_all(full);
    }
  }

  memory_process& process_;
  std::string path_;
  std::string sidecar_;

 private:
  int names_ = 0;
};

/// Its lock is a file.
class file_writer : public writer {
 public:
  file_writer(memory_process& process, const std::string& path)
      : writer(process, path), identity_{process.process_id(), {}, {}, {}} {}

  result<> claim() {
    const auto deadline = process_.boot_time() + wait_in_all;
    bool reclaimed = false;
    for (;;) {
      identity_.acquired = process_.now();
      identity_.token = process_.random_token();
      const std::string sibling = unique_sibling();
      if (!write_file(process_, sibling, to_text(identity_))) return failed("write its identity");
      const auto linked = process_.hard_link(sibling, sidecar_);
      (void)process_.unlink(sibling);
      if (linked) return {};
      const bool swept = is(linked.error(), ENOENT);  // by another's release
      if (!swept && !is(linked.error(), EEXIST)) return failed("claim the lock");

      // First look: something is there. Second look: what does it say?
      if (!swept) {
        if (!process_.symlink_status_at(sidecar_)) continue;
        const auto text = read_file(process_, sidecar_);
        const bool vanished = !text && is(text.error(), ENOENT);
        const auto who = text ? parse_identity(*text) : std::nullopt;
        const bool stale = who && process_.now() - who->acquired > stale_after;
        if (!reclaimed && (vanished || stale)) {
          reclaimed = true;
          take_away(vanished ? "" : *text);
          continue;
        }
      }
      if (process_.boot_time() >= deadline) return error(errc::lock_timeout, "the Go tool gave up");
      process_.sleep_for(between_tries);
    }
  }

  void release() {
    take_away(to_text(identity_));
    sweep();
  }

 private:
  /// Moves aside what has the name; puts it back when it says something else than expected. An empty expectation is not
  /// compared: that is the theft.
  void take_away(const std::string& expected) {
    const std::string aside = unique_sibling();
    if (!process_.rename(sidecar_, aside)) return;
    if (!expected.empty()) {
      const auto moved = read_file(process_, aside);
      if (!moved || *moved != expected) (void)process_.hard_link(aside, sidecar_);
    }
    (void)process_.unlink(aside);
  }

  sidecar_identity identity_;
};

/// Its lock is a directory.
class directory_writer : public writer {
 public:
  using writer::writer;

  result<> claim() {
    const auto deadline = process_.boot_time() + wait_in_all;
    bool reclaimed = false;
    for (;;) {
      const auto made = process_.make_directory(sidecar_);
      if (made) {
        holder_ = std::to_string(process_.process_id()) + "\n" +
                  std::to_string(process_.now().time_since_epoch().count()) + "\n";
        if (write_file(process_, sidecar_ + "/holder", holder_)) return {};
      } else if (!is(made.error(), EEXIST)) {
        return failed("claim the lock");
      } else if (!reclaimed && is_stale()) {
        const std::string aside = unique_sibling();
        if (process_.rename(sidecar_, aside)) {
          remove_all(aside);
          reclaimed = true;
          continue;
        }
      }
      if (process_.boot_time() >= deadline) return error(errc::lock_timeout, "the old Go tool gave up");
      process_.sleep_for(between_tries);
    }
  }

  void release() {
    const auto holder = read_file(process_, sidecar_ + "/holder");
    if (!holder || *holder != holder_) return;
    if (process_.rename(sidecar_, unique_sibling())) sweep();
  }

 private:
  [[nodiscard]] bool is_stale() {
    const auto holder = read_file(process_, sidecar_ + "/holder");
    if (const auto who = holder ? parse_identity(*holder) : std::nullopt)
      return process_.now() - who->acquired > stale_after;
    const auto there = process_.status_at(sidecar_);
    return there && process_.now() - there->modified > (holder ? stale_after : without_holder_after);
  }

  std::string holder_;
};

template <class Writer>
result<> add_section(memory_process& process, const std::string& path, const std::string& section) {
  Writer at_work(process, path);
  if (auto claimed = at_work.claim(); !claimed) return claimed;
  auto added = at_work.add(section);
  at_work.release();
  return added;
}

}  // namespace

result<> go_tool_adds_section(memory_process& process, const std::string& path, const std::string& section) {
  return add_section<file_writer>(process, path, section);
}

result<> old_go_tool_adds_section(memory_process& process, const std::string& path,
                                  const std::string& section) {
  return add_section<directory_writer>(process, path, section);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
