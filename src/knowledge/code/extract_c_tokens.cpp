#include "knowledge/code/extract_c_tokens.h"

#include <vector>

#include "platform/base/text.h"

namespace mira::code {

bool CTokens::next() {
  begin_ = end_;
  while (begin_ < text_.size()) {
    std::size_t passed = after_blank(begin_);
    if (passed == begin_) break;
    begin_ = passed;
  }
  end_ = begin_;
  if (begin_ >= text_.size()) return false;
  if (is_word_start(text_[end_])) {
    while (end_ < text_.size() && is_word(text_[end_])) ++end_;
  } else if (text_[end_] == '#' && starts_line(end_)) {
    end_ = after_directive(end_);
  } else {
    ++end_;
  }
  return true;
}

std::size_t CTokens::after_blank(std::size_t at) const {
  char byte = text_[at];
  if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') return at + 1;
  if (text_.substr(at, 2) == "//") return std::min(text_.find('\n', at), text_.size());
  if (text_.substr(at, 2) == "/*") {
    std::size_t close = text_.find("*/", at + 2);
    return close == std::string_view::npos ? text_.size() : close + 2;
  }
  if (byte == '"' || byte == '\'') {
    std::size_t end = at + 1;
    while (end < text_.size() && text_[end] != byte && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text_.size());
  }
  if (byte == '#' && directives_ == Directives::skip && starts_line(at)) return after_directive(at);
  return at;
}

std::size_t CTokens::after_directive(std::size_t at) const {
  std::size_t end = at;
  do {
    end = text_.find('\n', end + 1);
  } while (end != std::string_view::npos && text_[end - 1] == '\\');
  return std::min(end, text_.size());
}

bool CTokens::starts_line(std::size_t at) const {
  while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t')) --at;
  return at == 0 || text_[at - 1] == '\n';
}

namespace {

struct Span {
  std::size_t begin = 0, end = 0;
};

struct Conditional {
  std::vector<Span> directives;  // #if, #elif, #else, #endif
  bool broken = false;
  int depth = 0, first_depth = 0;  // brackets opened in this branch; in the first
};

// A whole declaration or statement may begin after this token.
bool is_boundary(std::string_view token, std::string_view before) {
  if (token == ":")
    return before == "public" || before == "private" || before == "protected" || before == "default";
  return token.empty() || token == ";" || token == "{" || token == "}";
}

std::string_view directive_word(std::string_view line) {
  std::size_t begin = line.find_first_not_of("# \t");
  if (begin == std::string_view::npos) return {};
  std::size_t end = begin;
  while (end < line.size() && is_word(line[end])) ++end;
  return line.substr(begin, end - begin);
}

void blank(std::string& text, Span span) {
  for (std::size_t at = span.begin; at < span.end; ++at) {
    if (text[at] != '\n' && text[at] != '\r') text[at] = ' ';
  }
}

void blank_conditional(std::string& text, const Conditional& conditional) {
  for (const Span& line : conditional.directives) blank(text, line);
  if (conditional.directives.size() > 2) {
    blank(text, {conditional.directives[1].begin, conditional.directives.back().end});
  }
}

class Conditionals {
 public:
  void directive(std::string_view word, Span span, bool at_boundary) {
    if (word == "if" || word == "ifdef" || word == "ifndef") {
      open_.push_back({{span}, !at_boundary, 0, 0});
    } else if (!open_.empty() && (word == "elif" || word == "else")) {
      end_branch(span);
    } else if (!open_.empty() && word == "endif") {
      end_branch(span);
      Conditional done = std::move(open_.back());
      open_.pop_back();
      if (!open_.empty()) open_.back().depth += done.first_depth;
      if (done.broken) broken.push_back(std::move(done));
    }
  }
  void bracket(int by) {
    if (!open_.empty()) open_.back().depth += by;
  }
  // The first token of a branch shows whether it goes on with something.
  void first_of_branch(bool starts_something) {
    if (!open_.empty() && !starts_something) open_.back().broken = true;
  }

  std::vector<Conditional> broken;

 private:
  void end_branch(Span span) {
    Conditional& top = open_.back();
    if (top.directives.size() == 1) top.first_depth = top.depth;
    top.broken |= top.depth != 0;
    top.depth = 0;
    top.directives.push_back(span);
  }

  std::vector<Conditional> open_;
};

}  // namespace

void blank_broken_conditionals(std::string& text) {
  CTokens tokens(text, CTokens::Directives::give);
  Conditionals conditionals;
  std::string_view previous, before;
  bool first = false;
  while (tokens.next()) {
    std::string_view token = tokens.token();
    if (token[0] == '#' && token.size() > 1) {
      bool boundary = is_boundary(previous, before) || previous == ")";
      std::string_view word = directive_word(token);
      conditionals.directive(word, {tokens.begin(), tokens.end()}, boundary);
      first = word.starts_with("if") || word.starts_with("el");
      continue;
    }
    if (first)
      conditionals.first_of_branch(is_word_start(token[0]) || token == "{" || token == "}" || token == "~" ||
                                   token == "(" || token == "*" || token == "[" || token == ":");
    first = false;
    if (token == "{" || token == "(") conditionals.bracket(1);
    if (token == "}" || token == ")") conditionals.bracket(-1);
    before = previous;
    previous = token;
  }
  for (const Conditional& conditional : conditionals.broken) blank_conditional(text, conditional);
}

}  // namespace mira::code
