#include "agentslock/io/staged_changes.hpp"

#include "agentslock/io/detail/json_walk.hpp"
#include "agentslock/kernel/detail/utf8.hpp"
#include "document_members.hpp"

namespace agentslock {
namespace {

error bad_utf8(std::string_view what) {
  return error(errc::invalid_argument, std::string(what) + " is not UTF-8");
}

}  // namespace

result<> staged_changes::set_section(std::string_view name, std::string_view json) {
  if (!is_utf8(name)) return bad_utf8("a section's name");
  const std::string quoted = "\"" + std::string(name) + "\"";
  if (is_reserved(name)) return error(errc::reserved_section, quoted + " is reserved, it is no section");
  if (name == adapters_name) {
    return error(errc::reserved_section, quoted + " is written by the operations on adapters only");
  }
  const json_walker walk(json);
  const std::size_t begin = walk.past_space(0);
  auto end = walk.skip(begin, 1);
  if (end && walk.past_space(*end) != json.size()) {
    end = json_fault{errc::not_json, walk.past_space(*end), "something follows the value"};
  }
  if (!end) return to_error(end.error(), json, "the value of section " + quoted);
  const std::scoped_lock lock(mutex_);
  staged_.sections.insert_or_assign(std::string(name), std::string(json.substr(begin, *end - begin)));
  return {};
}

result<> staged_changes::set_inputs_digest(std::string_view digest) {
  if (!is_utf8(digest)) return bad_utf8("the inputs digest");
  const std::scoped_lock lock(mutex_);
  staged_.inputs_digest = digest;
  return {};
}

staged_changes::snapshot staged_changes::staged() const {
  const std::scoped_lock lock(mutex_);
  return staged_;
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
