#include "system_error.hpp"

#include <atomic>
#include <cerrno>
#include <filesystem>

#include "agentslock/io/json_text.hpp"

namespace agentslock {
namespace {

errc code_for(boost::system::error_code cause) noexcept {
  switch (cause.value()) {
    case EACCES:
    case EPERM:
    case EROFS:
      return errc::access_denied;
    case ENOSPC:
    case EDQUOT:
      return errc::no_space;
    case EISDIR:
    case ENOTDIR:
    case ELOOP:
      return errc::not_a_file;
    case ENOMEM:
      return errc::out_of_memory;
    case ENAMETOOLONG:
      return errc::name_too_long;
    default:
      return errc::io_failed;
  }
}

}  // namespace

error system_failure(std::string_view what, std::string_view path, boost::system::error_code cause) {
  std::string message("could not ");
  message.append(what).append(" ").append(path).append(": ").append(cause.message());
  return {code_for(cause), std::move(message), cause};
}

sys_result<open_file> open_at(file_system& files, const std::string& path, open_how how, unsigned mode) {
  const auto descriptor = uninterrupted([&] { return files.open(path, how, mode); });
  if (!descriptor) return descriptor.error();
  return open_file(files, *descriptor);
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string_view name_of(std::string_view path) noexcept {
  return path.substr(path.rfind('/') + 1);
}

result<> check_path(std::string_view path) {
  if (path.find('\0') == std::string_view::npos) return {};
  return error(errc::invalid_argument, "the path " + quote(path) + " holds a NUL character");
}

std::string clean_path(std::string_view path) {
  std::string clean = std::filesystem::path(path).lexically_normal().native();
  while (clean.size() > 1 && clean.back() == '/')
    clean.pop_back();
  if (clean.starts_with("//")) clean.erase(0, clean.find_first_not_of('/') - 1);
  return clean.empty() ? "." : clean;
}

sys_result<std::string> follow_links(file_system& files, std::string path) {
  constexpr int links_max = 40;
  for (int i = 0; i < links_max; ++i) {
    auto target = uninterrupted([&] { return files.read_link(path); });
    if (!target) {
      // EINVAL: something that is no link; ENOENT: nothing, where a link may point to.
      if (is(target.error(), EINVAL) || is(target.error(), ENOENT)) return path;
      return target.error();
    }
    path = target->starts_with('/') ? *target : folder_of(path) + "/" + *target;
  }
  return boost::system::error_code(ELOOP, boost::system::system_category());
}

std::string unique_name(host& machine, std::string_view stem) {
  static std::atomic<unsigned> sequence{0};
  std::string name(stem);
  name.append(std::to_string(machine.process_id()));
  name.append("-").append(std::to_string(machine.now().time_since_epoch().count()));
  name.append("-").append(std::to_string(sequence.fetch_add(1, std::memory_order_relaxed)));
  return name;
}

}  // namespace agentslock
