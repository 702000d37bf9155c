#include "knowledge/builds/fingerprint.h"

#include <array>

#include "knowledge/builds/scan.h"
#include "platform/base/hash.h"
#include "platform/base/text.h"

namespace mira::builds {
namespace {

// Quotes of every style become one, so that a locale or a font changes no key.
std::string plain_quotes(std::string_view text) {
  std::string out;
  constexpr auto styles =
      std::to_array<std::string_view>({"\u2018", "\u2019", "\u201c", "\u201d", "\u00ab", "\u00bb"});
  for (std::size_t at = 0; at < text.size();) {
    std::string_view style;
    for (const std::string_view one : styles) {
      if (text.substr(at).starts_with(one)) style = one;
    }
    if (!style.empty()) {
      out += '\'';
      at += style.size();
    } else {
      out += text[at] == '"' || text[at] == '`' ? '\'' : text[at];
      ++at;
    }
  }
  return out;
}

bool is_word_byte(char c) {
  return is_name_byte(c) || c == '$' || c == '@';
}
bool is_joint(char c) {  // inside a token when word bytes stand on both sides
  return c == '.' || c == '/' || c == '\\' || c == ':' || c == '-' || c == '~' || c == '#';
}

std::string_view token_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size()) {
    const bool joins = is_joint(text[end]) && end + 1 < text.size() &&
                       (is_word_byte(text[end + 1]) || is_joint(text[end + 1]));
    if (!is_word_byte(text[end]) && !joins) break;
    ++end;
  }
  return text.substr(at, end - at);
}

struct Looks {
  bool digit = false, letter = false, hex = true, slash = false, colon = false, dot = false,
       underscore = false;
  bool upper_inside = false, upper = false, lower = false;
};
Looks looks_of(std::string_view token) {
  Looks out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char c = token[i];
    const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
    out.digit = out.digit || is_digit(c);
    out.letter = out.letter || upper || lower || static_cast<unsigned char>(c) >= 0x80;
    out.upper = out.upper || upper;
    out.lower = out.lower || lower;
    out.upper_inside = out.upper_inside || (upper && i > 0);
    out.hex = out.hex && (is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == '-');
    out.slash = out.slash || c == '/' || c == '\\';
    out.colon = out.colon || c == ':';
    out.dot = out.dot || c == '.';
    out.underscore = out.underscore || c == '_' || c == '$' || c == '@' || c == '#';
  }
  return out;
}

// What the token is masked as in both templates; "" when it is kept.
std::string_view varying(std::string_view token, const Looks& looks) {
  if (token.starts_with("0x") && token.size() > 2) return "<address>";
  if (!looks.letter && looks.digit) return "<n>";
  if (looks.slash) return "<path>";
  if (looks.digit && looks.hex && token.size() >= 7) return "<hash>";
  if (token.starts_with("tmp") && token.size() > 5 && (looks.digit || looks.upper || looks.underscore))
    return "<temporary>";
  if (looks.colon && looks.digit && looks.dot) return "<place>";
  if (is_digit(token[0])) {  // "12ms", "3rd"
    std::string_view rest = token;
    take_number(rest);
    return rest.size() <= 2 ? "<n>" : "";
  }
  return "";
}

// An identifier and no word of English: by its letters, for a word has no capital inside, no digit, no joint.
bool is_identifier(const Looks& looks, std::string_view token) {
  if (looks.underscore || looks.digit || looks.dot || looks.colon || looks.upper_inside) return true;
  return token.size() == 1 && token != "a" && token != "A" && token != "I";
}

void put(std::string_view word, std::string& out) {
  if (!out.empty() && out.back() != ' ') out += ' ';
  out += word;
}

}  // namespace

std::string template_with_names(std::string_view message) {
  const std::string text = plain_quotes(message);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!is_word_byte(text[at]) && !(text[at] == '/' && at + 1 < text.size() && is_word_byte(text[at + 1]))) {
      const bool blank = text[at] == ' ' || text[at] == '\n' || text[at] == '\t';
      if (!blank)
        out += text[at];
      else if (!out.empty() && out.back() != ' ')
        out += ' ';
      ++at;
      continue;
    }
    const std::string_view token = token_at(text, at);
    const std::string_view mask = varying(token, looks_of(token));
    out += mask.empty() ? token : mask;
    at += token.size();
  }
  return out;
}

std::string template_without_names(std::string_view message) {
  const std::string text = plain_quotes(message.substr(0, message.find('\n')));
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const bool opens = c == '\'' && (at == 0 || !is_word_byte(text[at - 1]));
    if (opens) {
      const std::size_t close = text.find('\'', at + 1);
      if (close != std::string::npos) {
        put("<q>", out);
        at = close + 1;
        continue;
      }
    }
    if (!is_word_byte(c)) {
      ++at;
      continue;
    }
    const std::string_view token = token_at(text, at);
    const Looks looks = looks_of(token);
    const bool masked = !varying(token, looks).empty() || is_identifier(looks, token);
    put(masked ? "<x>" : base::to_lower(token), out);
    at += token.size();
  }
  return out;
}

Fingerprint fingerprint(const Record& record, std::string_view file) {
  const std::string head =
      std::to_string(fingerprint_version) + '\0' + record.tool + '\0' + record.code + '\0';
  Fingerprint out;
  const bool is_test = !record.test.empty();
  // A test is its id and how it failed; what it compared this time is no part of it.
  const std::string first_word(record.message.substr(0, record.message.find_first_of(": \n")));
  const std::string identity =
      is_test ? record.test + '\0' + first_word : template_with_names(record.message);
  out.identity = base::content_hash(head + identity);
  out.instance = base::content_hash(head + std::string(file) + '\0' + record.symbol + '\0' + out.identity);
  out.kind = base::content_hash(
      head + (record.code.empty() ? template_without_names(record.message) : std::string()));
  return out;
}

}  // namespace mira::builds
