// Which of several symbols of one name a text means: "filter_cookies in CookieJar" means
// that one, though other classes have a method of that name.
#pragma once

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mira::code {

std::set<std::string_view> words_of(std::string_view text);
// Does the text name the scope right around the symbol, or its file?
bool is_told_apart(std::string_view qualified, std::string_view path, const std::set<std::string_view>& words,
                   const std::vector<std::string>& files);

// Leaves those that the text tells apart from the others; all, where it tells none.
template <class Symbol>
void keep_told_apart(std::vector<Symbol>& symbols, std::string_view text,
                     const std::vector<std::string>& files) {
  if (symbols.size() < 2) return;
  auto words = words_of(text);
  auto meant = [&](const Symbol& one) { return is_told_apart(one.qualified, one.path, words, files); };
  if (std::ranges::any_of(symbols, meant)) std::erase_if(symbols, std::not_fn(meant));
}

}  // namespace mira::code
