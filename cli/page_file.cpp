#include "page_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <boost/filesystem.hpp>

#include "agentslock/io/atomic_write.hpp"
#include "streams.hpp"

namespace agentslock::cli {
namespace {

namespace fs = boost::filesystem;

result<> write_into(const std::string& path, std::string_view page) {
  const open_file target(posix_file_system(), ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!target) return error(errc::access_denied, fmt::format("could not open {} for writing", path));
  if (const auto written = write_all(target.descriptor(), page); !written)
    return error(errc::io_failed, fmt::format("could not write {}: {}", path, written.error().message()));
  return {};
}

}  // namespace

result<> write_page(const std::string& path, std::string_view page, const std::string& document) {
  boost::system::error_code unknown;
  fs::path target = path;
  const fs::file_status there = fs::status(target, unknown);
  if (fs::is_directory(there)) return error(errc::not_a_file, fmt::format("{} is a directory", path));
  if (fs::equivalent(target, document, unknown)) {
    return error(errc::invalid_argument, fmt::format("{} is the document, which would be replaced", path));
  }
  if (fs::exists(there) && !fs::is_regular_file(there)) return write_into(path, page);
  // A symlink to nothing stays one, too.
  if (fs::is_symlink(fs::symlink_status(target, unknown))) target = fs::weakly_canonical(target, unknown);
  const std::array pieces{page};
  auto write = atomic_write::stage(platform::system(), target.native(), pieces);
  if (!write) return write.error();
  return write->publish();
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
