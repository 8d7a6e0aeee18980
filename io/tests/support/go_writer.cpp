#include "go_writer.hpp"

#include <array>
#include <cerrno>

#include "agentslock/io/lock_document.hpp"
#include "agentslock/io/sidecar_identity.hpp"

namespace agentslock::testing {
namespace {

constexpr auto stale_after = std::chrono::seconds(30);
constexpr auto wait_in_all = std::chrono::seconds(5);
constexpr auto between_tries = std::chrono::seconds(2);

bool is(const boost::system::error_code& code, int number) {
  return code.value() == number;
}

error failed(const char* what) {
  return {errc::io_failed, std::string("the Go writer could not ") + what};
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

/// One writer at its work.
class writer {
 public:
  writer(memory_process& process, const std::string& path)
      : process_(process),
        path_(path),
        sidecar_(path + ".lock"),
        identity_{process.process_id(), {}, {}, {}} {}

  result<> claim() {
    const auto deadline = process_.boot_time() + wait_in_all;
    bool reclaimed = false;
    for (;;) {
      identity_.acquired = process_.now();
      identity_.token = process_.random_token();
      const std::string sibling = unique(".stale-");
      if (!write_file(process_, sibling, to_text(identity_))) return failed("write its identity");
      const auto linked = process_.link(sibling, sidecar_);
      (void)process_.unlink(sibling);
      if (linked) return {};
      if (!is(linked.error(), EEXIST)) return failed("claim the lock");

      // First look: something is there. Second look: what does it say?
      if (!process_.link_status_at(sidecar_)) continue;
      const auto text = read_file(process_, sidecar_);
      const bool vanished = !text && is(text.error(), ENOENT);
      const auto who = text ? parse_identity(*text) : std::nullopt;
      const bool stale = who && process_.now() - who->acquired > stale_after;
      if (!reclaimed && (vanished || stale)) {
        reclaimed = true;
        take_away(vanished ? "" : *text);
        continue;
      }
      if (process_.boot_time() >= deadline) return error(errc::lock_timeout, "the Go writer gave up");
      process_.sleep_for(between_tries);
    }
  }

  result<> add(const std::string& section) {
    const auto text = read_file(process_, path_);
    if (!text && !is(text.error(), ENOENT)) return failed("read");
    const auto document =
        lock_document::parse(text_buffer(text ? std::string_view(*text) : lock_document::empty_text), path_);
    if (!document) return document.error();
    staged_changes changes;
    if (auto staged = changes.set_section(section, "1"); !staged) return staged;
    const std::string temporary = unique(".go-tmp-");
    if (!write_file(process_, temporary, document->render(changes.staged()).text().view()))
      return failed("write");
    if (!process_.rename(temporary, path_)) return failed("rename");
    return {};
  }

  void release() { take_away(to_text(identity_)); }

 private:
  [[nodiscard]] std::string unique(const std::string& infix) {
    const std::string stem = infix == ".stale-" ? sidecar_ : path_;
    return stem + infix + std::to_string(process_.process_id()) + "-" + std::to_string(++names_);
  }

  /// Moves aside what has the name; puts it back when it says something else than expected. An empty expectation is not
  /// compared: that is the theft.
  void take_away(const std::string& expected) {
    const std::string aside = unique(".stale-");
    if (!process_.rename(sidecar_, aside)) return;
    if (!expected.empty()) {
      const auto moved = read_file(process_, aside);
      if (!moved || *moved != expected) (void)process_.link(aside, sidecar_);
    }
    (void)process_.unlink(aside);
  }

  memory_process& process_;
  std::string path_;
  std::string sidecar_;
  sidecar_identity identity_;
  int names_ = 0;
};

}  // namespace

result<> go_writer_adds_section(memory_process& process, const std::string& path,
                                const std::string& section) {
  writer at_work(process, path);
  if (auto claimed = at_work.claim(); !claimed) return claimed;
  auto added = at_work.add(section);
  at_work.release();
  return added;
}

}  // namespace agentslock::testing
