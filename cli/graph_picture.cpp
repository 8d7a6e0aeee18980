#include "graph_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "graph.hpp"
#include "markup.hpp"
#include "shortened.hpp"
#include "table.hpp"

namespace agentslock::cli {
namespace {

constexpr std::size_t adapters_max = 40;
constexpr std::size_t rows_max = 10;
constexpr std::size_t shared_views_min = 3;
constexpr double card_width = 226;
constexpr double card_gap_x = 84;
constexpr double card_gap_y = 20;
constexpr double head_height = 30;
constexpr double row_height = 20;

/// A row of a card: a view, or all that are not shown.
struct card_row {
  /// Null for the rest.
  const graph_view* view = nullptr;
  std::size_t rest = 0;
  std::vector<graph_arrow> reads;
};

struct card {
  const graph_adapter* adapter;
  std::vector<card_row> rows;
  /// What all views of the adapter read from: one arrow for all of them, if they are many.
  std::vector<graph_arrow> shared = {};
  /// How many cards stand between this one and the right edge, at least.
  std::size_t depth = 0;
  point corner{};

  [[nodiscard]] double height() const noexcept {
    return head_height + static_cast<double>(rows.size()) * row_height + (rows.empty() ? 0 : 8);
  }
  [[nodiscard]] double head_y() const noexcept { return corner.y + head_height / 2; }
  [[nodiscard]] double row_y(std::size_t row) const noexcept {
    return corner.y + head_height + (static_cast<double>(row) + 0.5) * row_height;
  }
  /// Calls `tell(arrow, y)` for each arrow, with where it begins.
  template <class Tell>
  void each_arrow(Tell tell) const {
    for (const graph_arrow& arrow : shared)
      tell(arrow, head_y());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (const graph_arrow& arrow : rows[row].reads)
        tell(arrow, row_y(row));
    }
  }
};

/// The arrows that lead to adapters that are drawn.
std::vector<graph_arrow> drawn(const std::vector<graph_arrow>& arrows) {
  std::vector<graph_arrow> kept;
  std::ranges::copy_if(arrows, std::back_inserter(kept),
                       [](const graph_arrow& arrow) { return arrow.to < adapters_max; });
  return kept;
}

/// Where all views of an adapter read from, with its active schema; nothing for a few views.
std::vector<graph_arrow> shared_by_all(const graph_adapter& adapter) {
  std::map<std::size_t, std::size_t> readers;
  for (const graph_view& one : adapter.views) {
    for (const graph_arrow& arrow : drawn(one.reads))
      readers[arrow.to] += arrow.is_current ? 1 : 0;
  }
  std::vector<graph_arrow> shared;
  for (const auto& [to, count] : readers) {
    if (count >= shared_views_min && count == adapter.views.size()) shared.push_back({to, true});
  }
  return shared;
}

card card_of(const graph_adapter& adapter) {
  std::vector<const graph_view*> views;
  for (const graph_view& one : adapter.views)
    views.push_back(&one);
  const bool is_cut = views.size() > rows_max;
  if (is_cut) {
    std::stable_partition(views.begin(), views.end(),
                          [](const graph_view* one) { return one->state != view_state::ready; });
  }
  const std::size_t shown = is_cut ? rows_max - 1 : views.size();
  card made{&adapter, {}, shared_by_all(adapter)};
  const auto own_arrows = [&](const graph_view& one) {
    std::vector<graph_arrow> own = drawn(one.reads);
    std::erase_if(own, [&](const graph_arrow& arrow) {
      return std::ranges::find(made.shared, arrow.to, &graph_arrow::to) != made.shared.end();
    });
    return own;
  };
  for (std::size_t i = 0; i < shown; ++i)
    made.rows.push_back({views[i], 0, own_arrows(*views[i])});
  if (!is_cut) return made;
  std::map<std::size_t, bool> rest;
  for (std::size_t i = shown; i < views.size(); ++i) {
    for (const graph_arrow& arrow : own_arrows(*views[i])) {
      const auto [at, is_new] = rest.emplace(arrow.to, arrow.is_current);
      if (!is_new) at->second = at->second && arrow.is_current;
    }
  }
  made.rows.push_back({nullptr, views.size() - shown, {}});
  for (const auto& [to, is_current] : rest)
    made.rows.back().reads.push_back({to, is_current});
  return made;
}

/// Places cards in columns: one that reads from others to their left. Where adapters read from each other, somewhere an arrow
/// leads back.
class layout {
 public:
  explicit layout(std::vector<card>& cards) : cards_(cards), seen_(cards.size(), mark::none) {
    for (std::size_t at = 0; at < cards_.size(); ++at)
      visit(at);
    for (const card& one : cards_)
      depth_ = std::max(depth_, one.depth);
    for (std::size_t depth = 0; depth <= depth_; ++depth)
      place_column(depth);
  }
  [[nodiscard]] double width() const noexcept {
    return static_cast<double>(depth_ + 1) * (card_width + card_gap_x) - card_gap_x + 2 * picture_margin +
           (has_loops_ ? card_gap_x / 2 : 0);
  }
  [[nodiscard]] double height() const noexcept { return bottom_ + picture_margin; }

 private:
  enum class mark : std::uint8_t { none, begun, done };

  void visit(std::size_t at) {
    seen_[at] = mark::begun;
    cards_[at].each_arrow([&](const graph_arrow& arrow, double) {
      if (seen_[arrow.to] == mark::none) visit(arrow.to);
      if (seen_[arrow.to] == mark::done) {
        cards_[at].depth = std::max(cards_[at].depth, cards_[arrow.to].depth + 1);
      } else {
        has_loops_ = true;
      }
    });
    seen_[at] = mark::done;
  }

  /// The middle of what a card reads from, of which the deeper columns stand already.
  [[nodiscard]] double wanted_y(const card& one) const {
    double sum = 0;
    std::size_t count = 0;
    one.each_arrow([&](const graph_arrow& arrow, double) {
      if (cards_[arrow.to].depth >= one.depth) return;
      sum += cards_[arrow.to].head_y();
      ++count;
    });
    return count == 0 ? 0 : sum / static_cast<double>(count);
  }

  void place_column(std::size_t depth) {
    std::vector<card*> column;
    for (card& one : cards_) {
      if (one.depth == depth) column.push_back(&one);
    }
    std::ranges::stable_sort(column, {}, [&](const card* one) { return wanted_y(*one); });
    double y = picture_margin;
    for (card* one : column) {
      one->corner = {picture_margin + static_cast<double>(depth_ - depth) * (card_width + card_gap_x), y};
      y += one->height() + card_gap_y;
      bottom_ = std::max(bottom_, y - card_gap_y);
    }
  }

  std::vector<card>& cards_;
  std::vector<mark> seen_;
  std::size_t depth_ = 0;
  bool has_loops_ = false;
  double bottom_ = picture_margin;
};

void draw_arrows(svg_picture& picture, const std::vector<card>& cards, const card& from) {
  from.each_arrow([&](const graph_arrow& arrow, double y) {
    const card& to = cards[arrow.to];
    const std::string_view classes = arrow.is_current ? "" : "outdated";
    const point left{from.corner.x, y};
    const point right{from.corner.x + card_width, y};
    const point arrives{to.corner.x, to.head_y()};
    const point arrives_behind{to.corner.x + card_width, to.head_y()};
    if (to.depth < from.depth) {
      picture.curve(right, 1, arrives, 1, classes);
    } else if (to.depth == from.depth) {
      picture.curve(right, 1, arrives_behind, -1, classes);
    } else {
      picture.curve(left, -1, arrives_behind, -1, classes);
    }
  });
}

void draw_card(svg_picture& picture, const card& one) {
  const point at = one.corner;
  picture.rectangle({at, card_width, one.height()}, one.adapter->entry == nullptr ? "card missing" : "card",
                    8);
  const std::string name = shortened(one.adapter->name);
  picture.name({at.x + 12, at.y + 20}, name, picture_name_columns, "adapter",
               one.adapter->entry == nullptr ? "the document has no entry for " + name : name);
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    const card_row& row = one.rows[i];
    const double y = one.row_y(i) + 4;
    if (row.view == nullptr) {
      picture.more({at.x + 26, y}, row.rest);
      continue;
    }
    const view_state state = row.view->state;
    picture.text({at.x + 10, y}, symbol(state, charset::utf8), "status " + identifier(state));
    const cell status = status_cell(row.view->entry->status.state(),
                                    shortened(row.view->entry->status.text()), charset::utf8);
    const std::string view_name = shortened(row.view->name);
    picture.name({at.x + 26, y}, view_name, picture_name_columns - 2, "name",
                 fmt::format("{}: {}", view_name, status.text));
  }
}

}  // namespace

drawn_graph graph_picture(const document_graph& graph) {
  std::vector<card> cards;
  for (std::size_t i = 0; i < std::min(graph.adapters.size(), adapters_max); ++i)
    cards.push_back(card_of(graph.adapters[i]));
  const layout placed(cards);
  svg_picture picture;
  for (const card& one : cards)
    draw_arrows(picture, cards, one);
  for (const card& one : cards)
    draw_card(picture, one);
  drawn_graph done{
      picture.finish(placed.width(), placed.height(), "Adapters, their views, and what those read from"), {}};
  if (const std::size_t more = graph.adapters.size() - cards.size(); more > 0) {
    done.left_out = more == 1 ? "1 more adapter is left out, and the arrows to it."
                              : fmt::format("{} more adapters are left out, and the arrows to them.", more);
  }
  return done;
}

}  // namespace agentslock::cli
// SPDX-License-Identifier: Apache-2.0
