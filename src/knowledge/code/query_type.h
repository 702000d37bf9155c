// What a search text asks for: the symbols, paths and words in it, its filters
// (path:, lang:, sym:) and whether tests or examples are wanted. Pure text: whether
// a symbol or path exists is found out by the search.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "knowledge/code/query_words.h"

namespace mira::code {

enum class QueryKind {
  symbol,  // one identifier and nothing else: "DBImpl::Get"
  path,    // one path and nothing else: "src/main.c:42"
  text,    // a sentence, an error message, an issue
};

struct SymbolMention {
  std::string written;    // "DBImpl::Get", as in the query
  std::string name;       // "Get"
  std::string scope;      // "DBImpl", "" when none is written
  bool explicit_ = true;  // looks like code; false: a capitalised word of a sentence
};

struct PathMention {
  std::string path;  // "src/main.c"
  int line = 0;      // 0: none given
  double share =
      1;  // of what a path in the first line counts: less below it, and less for an outer call of a trace
};

struct QueryFilters {
  std::string path;      // part of the path
  std::string language;  // name of languages.h
  std::string symbol;    // part of the qualified name
};

struct TypedQuery {
  QueryKind kind = QueryKind::text;
  std::vector<QueryWord> words;    // to look up: once each, most telling first; capped
  std::vector<std::string> plain;  // the content words of the text alone, without wholes of split identifiers
  std::vector<SymbolMention> symbols;
  std::vector<PathMention> paths;
  QueryFilters filters;
  bool report = false;  // a text of several lines or of many words: it tells of a fault or a wish
  bool wants_tests = false;
  bool wants_examples = false;
  bool wants_system = false;  // it names an operating system
};

TypedQuery type_query(std::string_view text);

// "a::b::c", "a.b.c", "a->c", "c()" taken apart. `name` is empty when `text` is no identifier.
SymbolMention symbol_mention(std::string_view text);

}  // namespace mira::code
