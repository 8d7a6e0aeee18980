#include "sweep_list.hpp"

#include <unistd.h>

#include <utility>

#include "document_kinds.hpp"

namespace agentslock::cli {

struct sweep_list::documents {
  std::string word;
  std::unique_ptr<keyed_documents> all;
  std::vector<listed_document> listed;
  std::size_t at = 0;
};

sweep_list::sweep_list(char end)
    : paths_(std::make_unique<bounded_lines>(STDIN_FILENO, path_bytes_max, end)) {}

result<sweep_list> sweep_list::of_documents(const std::string& prefix) {
  const auto place = read_keyed_place(prefix);
  if (!place) return error(place.error().code(), "--document: " + place.error().message());
  auto all = place->kind->open();
  if (!all) return all.error();
  auto listed = (*all)->list(place->key);
  if (!listed) return listed.error();
  return sweep_list(std::make_shared<documents>(
      documents{std::string(place->kind->word), std::move(*all), std::move(*listed)}));
}

std::vector<bounded_line> sweep_list::next(std::size_t lines_max) {
  if (paths_) return paths_->next(lines_max);
  std::vector<bounded_line> some;
  for (; documents_->at < documents_->listed.size() && some.size() < lines_max; ++documents_->at)
    some.push_back({documents_->word + documents_->listed[documents_->at].key});
  return some;
}

boost::system::error_code sweep_list::failure() const noexcept {
  return paths_ ? paths_->failure() : boost::system::error_code();
}

result<lockfile_store> sweep_list::open(const bounded_line& line) const {
  if (documents_) {
    const auto key = std::string_view(line.text).substr(documents_->word.size());
    return lockfile_store(documents_->all->document(key));
  }
  if (const auto fit = check_path_line(line); !fit) return fit.error();
  if (line.text.empty()) return error(errc::document_missing, "the line is empty: it names no document");
  return lockfile_store(line.text);
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
