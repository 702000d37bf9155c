#include "oracle/question.h"

#include <algorithm>
#include <array>

#include "platform/base/ascii.h"
#include "platform/base/limits.h"
#include "platform/base/text.h"

namespace mira::oracle {
namespace {

using base::is_digit;
using base::is_lower;
using base::is_name_byte;
using base::is_upper;
using base::starts_name;
using contracts::ErrorMention;
using contracts::Question;

void add_once(std::vector<std::string>& list, std::string_view item, std::size_t limit) {
  if (list.size() >= limit || item.empty()) return;
  if (std::ranges::find(list, item) == list.end()) list.emplace_back(item);
}

// They say what is wanted, not of what.
constexpr auto request_words = std::to_array<std::string_view>(
    {"know", "knows", "explain", "describe", "understand", "find", "locate", "work", "works"});

bool is_content_word(std::string_view lower) {
  return lower.size() >= 2 && lower.size() <= max_drawn_bytes && !base::is_stop_word(lower) &&
         std::ranges::find(request_words, lower) == request_words.end();
}

void draw_words(Question& question) {
  for (std::string_view word : base::words(question.text)) {
    if (question.words.size() >= max_words) break;
    std::string lower = base::to_lower(word);
    if (is_content_word(lower)) add_once(question.words, lower, max_words);
  }
}

// fooBar, FooBar, HTTPServer, foo_bar; not Foo, FOO, "APIs" or "iOS".
bool is_code_word(std::string_view name) {
  std::size_t first = name.find_first_not_of('_');
  if (first == std::string_view::npos) return false;
  if (name.find('_') != std::string_view::npos && name.size() > 2) return true;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    if (is_lower(name[i - 1]) && is_upper(name[i]) && name.size() > 3) return true;
    if (i + 2 < name.size() && is_upper(name[i - 1]) && is_upper(name[i]) && is_lower(name[i + 1]) &&
        is_lower(name[i + 2]))
      return true;
  }
  return false;
}

// Length of "::", "." or "->" at text[at] when a name follows, else 0.
std::size_t connector_at(std::string_view text, std::size_t at) {
  for (std::string_view connector : {std::string_view("::"), std::string_view("->"), std::string_view(".")}) {
    std::size_t after = at + connector.size();
    if (text.substr(at).starts_with(connector) && after < text.size() && starts_name(text[after]))
      return connector.size();
  }
  return 0;
}

struct Name {
  std::size_t end;
  bool qualified;
};

Name name_at(std::string_view text, std::size_t at) {
  Name name{at, false};
  while (true) {
    while (name.end < text.size() && is_name_byte(text[name.end])) ++name.end;
    std::size_t connector = connector_at(text, name.end);
    if (connector == 0) return name;
    name.qualified = true;
    name.end += connector;
  }
}

// "e.g", "i.e", "a.m": every part a single letter.
bool is_abbreviation(std::string_view name) {
  return std::ranges::all_of(base::split(name, '.'), [](std::string_view part) { return part.size() < 2; });
}

bool is_called(std::string_view text, std::size_t end) {
  return end + 1 < text.size() && text[end] == '(' && text[end + 1] != 's';
}

// All names of a piece of text that was marked as code.
void draw_code(Question& question, std::string_view code) {
  for (std::size_t at = 0; at < code.size();) {
    if (!starts_name(code[at])) {
      ++at;
      continue;
    }
    Name name = name_at(code, at);
    std::string_view word = code.substr(at, name.end - at);
    if (word.size() > 1 && word.size() <= max_drawn_bytes && !base::is_stop_word(word))
      add_once(question.identifiers, word, max_identifiers);
    at = name.end;
  }
}

// Code in backticks, and single quoted words.
void draw_quoted(Question& question) {
  std::string_view text = question.text;
  for (std::size_t at = 0; at < text.size() && question.identifiers.size() < max_identifiers; ++at) {
    char quote = text[at];
    if (quote != '`' && quote != '"' && quote != '\'') continue;
    if (quote == '\'' && at > 0 && is_name_byte(text[at - 1])) continue;  // an apostrophe
    std::string_view window = text.substr(at + 1, max_drawn_bytes);
    std::size_t close = window.find(quote);
    if (close == std::string_view::npos || close == 0) continue;
    std::string_view inner = window.substr(0, close);
    if (inner.contains('\n')) continue;
    bool one_name = starts_name(inner[0]) && name_at(inner, 0).end == inner.size();
    if (quote == '`' || one_name) draw_code(question, inner);
    if (quote == '`' || one_name) at += close + 1;
  }
}

void draw_names(Question& question) {
  std::string_view text = question.text;
  for (std::size_t at = 0; at < text.size() && question.identifiers.size() < max_identifiers;) {
    if (!starts_name(text[at]) || (at > 0 && (is_name_byte(text[at - 1]) || text[at - 1] == '/'))) {
      ++at;
      continue;
    }
    Name name = name_at(text, at);
    std::string_view word = text.substr(at, name.end - at);
    bool in_path = name.end < text.size() && text[name.end] == '/';
    bool is_path = std::ranges::find(question.paths, word) != question.paths.end();
    bool is_name =
        (name.qualified && !is_abbreviation(word)) || is_code_word(word) || is_called(text, name.end);
    if (is_name && !in_path && !is_path && word.size() <= max_drawn_bytes)
      add_once(question.identifiers, word, max_identifiers);
    at = name.end;
  }
}

// What compilers, interpreters, test runners and shells print. Lower case.
constexpr auto error_marks = std::to_array<std::string_view>({"error:",
                                                              "error[",
                                                              "error c",
                                                              "error ts",
                                                              "exception:",
                                                              "exception in",
                                                              "warning:",
                                                              "fatal:",
                                                              "panic:",
                                                              "panicked at",
                                                              "undefined reference",
                                                              "traceback (",
                                                              "segmentation fault",
                                                              "assertion failed",
                                                              "assertion `",
                                                              "failed assertion",
                                                              "core dumped",
                                                              "unresolved external",
                                                              "cannot find symbol",
                                                              "--> "});

bool is_stack_frame(std::string_view trimmed) {
  return trimmed.starts_with("File \"") || (trimmed.starts_with("at ") && trimmed.contains('(')) ||
         (trimmed.starts_with("#") && trimmed.contains(" at "));
}

bool is_error_line(std::string_view trimmed) {
  if (is_stack_frame(trimmed)) return true;
  std::string lower = base::to_lower(trimmed.substr(0, max_error_line_bytes));
  return std::ranges::any_of(error_marks, [&](std::string_view mark) { return lower.contains(mark); });
}

void draw_errors(Question& question) {
  for (std::string_view line : base::split(question.text, '\n')) {
    if (question.errors.size() >= max_errors) return;
    std::string_view kept = base::truncate_utf8(base::trim(line), max_error_line_bytes);
    if (kept.empty() || !is_error_line(kept)) continue;
    ErrorMention error{.text = std::string(kept), .path = {}, .line = 0};
    std::vector<Mention> places = mentions(kept);
    auto place = std::ranges::find_if(places, [](const Mention& m) { return m.line > 0; });
    if (place == places.end()) place = places.begin();
    if (place != places.end()) {
      error.path = place->path;
      error.line = place->line;
    }
    question.errors.push_back(std::move(error));
  }
}

}  // namespace

contracts::Question draw_question(std::string_view bytes, int budget_tokens) {
  Question question;
  std::string_view cut = bytes.substr(0, limits::query_bytes);
  question.text = base::repair_utf8(cut);
  question.budget_tokens = budget_tokens;
  for (const Mention& mention : mentions(question.text)) add_once(question.paths, mention.path, max_paths);
  draw_words(question);
  draw_quoted(question);
  draw_names(question);
  draw_errors(question);
  question.intent = draw_intent(question.text, !question.errors.empty());
  return question;
}

}  // namespace mira::oracle
