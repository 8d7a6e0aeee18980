#include "agentslock/io/detail/entry_places.hpp"

#include <boost/assert.hpp>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "name_index.hpp"

namespace agentslock {
namespace {

/// Counts lines and columns on the way through a text, each byte once.
class position_reader {
 public:
  explicit position_reader(std::string_view text) noexcept : text_(text) {}

  /// The position of a byte. Precondition: it does not stand before the last one that was asked for.
  [[nodiscard]] text_position at(std::size_t offset) noexcept {
    for (; at_ < offset; ++at_) {
      if (text_[at_] == '\n') {
        ++position_.line;
        position_.column = 1;
      } else if ((static_cast<unsigned char>(text_[at_]) & 0xC0) != 0x80) {
        ++position_.column;
      }
    }
    return position_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  text_position position_;
};

}  // namespace

struct entry_places::found_places {
  struct adapter_places {
    text_range own;
    name_index views;
    /// As many as there are names, in their order.
    std::vector<text_range> of_views;
  };

  text_buffer text;
  /// Names that the text spells with escapes. The others are borrowed from the text.
  std::deque<std::string> escaped_names;
  name_index adapters;
  std::vector<adapter_places> of_adapters;
};

entry_places::entry_places(const lock_document& document) {
  auto found = std::make_shared<found_places>();
  found->text = document.text();
  const std::string_view text = found->text.view();
  const json_walker walk(text);
  position_reader positions(text);
  std::string scratch;
  const auto read = [&](std::size_t name_at) {
    const auto name = walk.string(name_at, scratch);
    BOOST_ASSERT(name.has_value());  // it was read when the document was parsed
    const std::string_view says = name->in_text ? name->text : found->escaped_names.emplace_back(name->text);
    const text_position begin = positions.at(name_at);
    return std::pair(says, text_range{begin, positions.at(name->span.end)});
  };

  const adapters_index& index = document.index_of_adapters();
  found->of_adapters.reserve(index.adapters.size());
  for (const adapters_index::adapter_place& owner : index.adapters) {
    const auto [adapter_name, own] = read(owner.whole.begin);
    found->adapters.add(adapter_name);
    auto& places = found->of_adapters.emplace_back();
    places.own = own;
    places.of_views.reserve(owner.view_count);
    for (std::size_t i = 0; i < owner.view_count; ++i) {
      const auto [view_name, at] = read(index.views[owner.first_view + i].whole.begin);
      places.views.add(view_name);
      places.of_views.push_back(at);
    }
  }
  found_ = std::move(found);
}

std::optional<text_range> entry_places::of_adapter(std::string_view name) const {
  const auto number = found_->adapters.find(name);
  if (!number) return std::nullopt;
  return found_->of_adapters[*number].own;
}

std::optional<text_range> entry_places::of_view(view_key key) const {
  const auto owner = found_->adapters.find(key.adapter);
  if (!owner) return std::nullopt;
  const auto& places = found_->of_adapters[*owner];
  const auto number = places.views.find(key.view);
  if (!number) return std::nullopt;
  return places.of_views[*number];
}

}  // namespace agentslock
// SPDX-License-Identifier: Apache-2.0
