// What tests of writing on the real file system share: a write in one go, and what a file then carries.
#pragma once

#include <sys/stat.h>
#include <sys/xattr.h>

#include <cerrno>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "agentslock/io/atomic_write.hpp"
#include "support/temporary_directory.hpp"

namespace agentslock::testing {

using pieces = std::vector<std::string_view>;

inline const platform real = platform::system();

/// Writes in one go. What is wrong, or nothing.
inline std::string replace(const std::string& path, const pieces& with,
                           durability wanted = durability::synced) {
  auto write = atomic_write::stage(real, path, with, wanted);
  if (!write) return write.error().message();
  const auto published = write->publish();
  return published ? "" : published.error().message();
}

inline mode_t mode_of(const std::string& path) {
  return snapshot_of(path).mode & 07777U;
}

/// A file's extended attribute, or the errno for which there is none.
struct attribute_answer {
  std::string value;
  int error = 0;

  friend bool operator==(const attribute_answer&, const attribute_answer&) = default;
  friend void PrintTo(const attribute_answer& answer, std::ostream* out) {
    *out << "\"" << answer.value << "\" (errno " << answer.error << ")";
  }
};

inline attribute_answer attribute_of(const std::string& path, const char* name) {
  char value[512];
  const ssize_t size = ::getxattr(path.c_str(), name, value, sizeof value);
  if (size < 0) return {{}, errno};
  return {std::string(value, static_cast<std::size_t>(size)), 0};
}

/// Sets an attribute where the file system takes it; returns what the file then has.
inline attribute_answer set_attribute(const std::string& path, const char* name, std::string_view value) {
  (void)::setxattr(path.c_str(), name, value.data(), value.size(), 0);
  return attribute_of(path, name);
}

/// An access-control list as Linux keeps it: what owner, user 4002, group, mask and others may.
inline std::string list_of(char owner, char user, char group, char mask, char others) {
  using namespace std::string_literals;
  const std::string nobody_named = "\xFF\xFF\xFF\xFF"s;
  const auto entry = [](char tag, char rights, const std::string& id) {
    return std::string{tag, 0, rights, 0} + id;
  };
  return "\2\0\0\0"s + entry(0x01, owner, nobody_named) + entry(0x02, user, "\xA2\x0F\0\0"s) +
         entry(0x04, group, nobody_named) + entry(0x10, mask, nobody_named) +
         entry(0x20, others, nobody_named);
}

}  // namespace agentslock::testing
// SPDX-License-Identifier: Apache-2.0
