// One statement that a hook may put before a model: a fact with where it is from. Items
// are pushed only when they are sharp; the fit keeps them within what a prompt may
// cost, and what reads like an order to a model is never pushed at all.
#pragma once

#include <string>
#include <vector>

namespace mira::hooks {

inline constexpr std::size_t most_tokens = 1200;
inline constexpr std::size_t most_bytes = 9500;

struct Item {
  std::string id;         // what it is about; nothing is told twice in one conversation by it
  std::string text;       // statements only
  std::string cite = {};  // shown after it, where the text does not say where it is from
};

// Takes items in their order while they fit; returns the text and the items in it. "" when none fits.
struct Fitted {
  std::string text;
  std::vector<std::string> ids;
};
Fitted fit(const std::vector<Item>& items);

}  // namespace mira::hooks
