#include "platform/guard/secrets.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <mutex>
#include <vector>

#include "platform/base/ascii.h"
#include "platform/base/hash.h"
#include "platform/guard/keyword_scan.h"
#include "platform/guard/secret_kinds.h"

namespace mira::guard {
namespace {

// How much text one try of a pattern may look at. A text made to be slow has very many
// places that almost fit; it gets less for each, so that all together stay linear.
struct Window {
  std::uint32_t tries;
  std::size_t bytes;
};
constexpr std::array<Window, 3> windows = {{{256, 32 << 10}, {4096, 1024}, {UINT32_MAX, 160}}};

constexpr std::size_t fingerprint_digits = 4;  // few: a weak password must not be guessed from it
constexpr int most_groups = 4;                 // the whole match and three alternatives

using base::is_digit;
using base::is_letter;

// 0 for lower case, 1 for upper case, 2 for digits, 3 for the rest.
int sort_of(char c) {
  if (base::is_lower(c)) return 0;
  if (base::is_upper(c)) return 1;
  return is_digit(c) ? 2 : 3;
}

bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

// Shannon entropy in bits a byte.
double entropy(std::string_view text) {
  if (text.empty()) return 0;
  std::array<std::uint32_t, 256> counts{};
  for (char c : text) ++counts[static_cast<unsigned char>(c)];
  double bits = 0, size = static_cast<double>(text.size());
  for (std::uint32_t count : counts) {
    if (count > 0) bits -= count / size * std::log2(count / size);
  }
  return bits;
}

// A prefix begins a secret where a word begins: also behind "\n" in a JSON string and
// behind a percent escape.
bool begins_word(std::string_view text, std::size_t at) {
  if (at == 0 || !is_word(text[at - 1])) return true;
  if (at >= 2 && text[at - 2] == '\\') return std::string_view("nrtbf").contains(text[at - 1]);
  return at >= 3 && text[at - 3] == '%';
}

bool has_any(std::string_view lower, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return lower.find(part) != std::string_view::npos; });
}

bool is_placeholder(std::string_view value) {
  std::string lower(value);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return has_any(lower, {"example", "xxxx", "your", "changeme", "placeholder", "dummy", "redacted", "sample",
                         "insert", "12345678", "abcdef", "todo", "test", "fake", "secret", "passw", "token"});
}

// Of sixteen digits no text has more than four bits a byte: what is random has about 3.6 in 32 of them.
constexpr double hex_entropy = 3.0;
bool is_long_hex(std::string_view value) {
  return value.size() >= 32 && value.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// What a name alone makes suspicious must look random: digits strewn over letters, or a
// case that changes more often than in any camelCase name.
bool looks_random(std::string_view value) {
  std::array<std::size_t, 4> counts{};
  std::size_t changes = 0, digit_changes = 0;
  for (std::size_t at = 0; at < value.size(); ++at) {
    ++counts[static_cast<std::size_t>(sort_of(value[at]))];
    if (at == 0 || sort_of(value[at]) == sort_of(value[at - 1])) continue;
    ++changes;
    digit_changes += is_digit(value[at]) || is_digit(value[at - 1]);
  }
  bool letters = counts[0] + counts[1] >= 2;
  return letters && ((counts[2] >= 2 && digit_changes >= 4) || changes * 5 >= value.size() * 2);
}

// One kind, its pattern compiled when its keyword is first seen.
class Detector {
 public:
  explicit Detector(const SecretKind& kind) : kind_(kind) {}

  const SecretKind& kind() const { return kind_; }

  // Tries the kind with its keyword at `at`; false: no secret of it there. tries: how often
  // it was tried in this text.
  bool find(std::string_view text, std::size_t at, std::uint32_t tries, SecretFound& found) const {
    if (kind_.form == SecretForm::prefixed && !begins_word(text, at)) return false;
    std::size_t window =
        std::ranges::find_if(windows, [&](Window step) { return tries < step.tries; })->bytes;
    if (kind_.form == SecretForm::embedded) return find_embedded(text, at, window, found);
    return match(text, at, at, window, found);
  }

 private:
  // The keyword stands inside: the secret begins at the first place that fits.
  bool find_embedded(std::string_view text, std::size_t at, std::size_t window, SecretFound& found) const {
    std::size_t back = std::min<std::size_t>(at, static_cast<std::size_t>(kind_.lookback));
    for (std::size_t begin = at - back; begin < at; ++begin) {
      if (begins_word(text, begin) && match(text, begin, at, window, found) && found.end > at) return true;
    }
    return false;
  }

  bool match(std::string_view text, std::size_t begin, std::size_t keyword, std::size_t window_bytes,
             SecretFound& found) const {
    std::size_t end = begin + std::min(window_bytes, text.size() - begin);
    re2::StringPiece whole(text.data(), text.size());
    // Without groups first: that is a plain automaton, and nearly every try ends there.
    if (!pattern().Match(whole, begin, end, RE2::ANCHOR_START, nullptr, 0)) return false;
    re2::StringPiece groups[most_groups];
    int wanted = std::min(1 + pattern().NumberOfCapturingGroups(), most_groups);
    if (!pattern().Match(whole, begin, end, RE2::ANCHOR_START, groups, wanted)) return false;
    re2::StringPiece secret = groups[0];
    for (int group = 1; group < wanted; ++group) {
      if (groups[group].data() != nullptr) secret = groups[group];
    }
    found.begin = static_cast<std::size_t>(secret.data() - text.data());
    found.end = found.begin + secret.size();
    // What the window cut off belongs to it too.
    if (found.end == end) {
      while (found.end < text.size() && is_word(text[found.end])) ++found.end;
    }
    return is_likely(text, keyword, found);
  }

  bool is_likely(std::string_view text, std::size_t keyword, const SecretFound& found) const {
    std::string_view value = text.substr(found.begin, found.end - found.begin);
    if (kind_.form == SecretForm::guessed && !looks_random(value)) return false;
    if (kind_.form >= SecretForm::assigned && is_placeholder(value)) return false;
    std::size_t known =
        kind_.form == SecretForm::prefixed && found.begin == keyword ? kind_.keywords[0].size() : 0;
    double least = kind_.form == SecretForm::guessed && is_long_hex(value) ? hex_entropy : kind_.min_entropy;
    return least <= 0 || entropy(value.substr(std::min(known, value.size()))) >= least;
  }

  const RE2& pattern() const {
    std::call_once(compiled_, [this] {
      RE2::Options options(RE2::Latin1);
      options.set_log_errors(false);
      pattern_ = std::make_unique<RE2>(re2::StringPiece(kind_.pattern.data(), kind_.pattern.size()), options);
    });
    return *pattern_;
  }

  const SecretKind& kind_;
  mutable std::once_flag compiled_;
  mutable std::unique_ptr<RE2> pattern_;
};

class Scanner {
 public:
  Scanner() : words_(collect()), scan_(words_) {}

  template <class Found>
  void scan(std::string_view text, Found&& found) const {
    std::vector<std::uint32_t> tries;
    scan_.scan(text, [&](std::uint16_t word, std::size_t at) {
      if (tries.empty()) tries.resize(detectors_.size());
      for (std::size_t index : by_word_[word]) {
        SecretFound secret{std::string(), 0, 0};
        const Detector& detector = *detectors_[index];
        if (detector.find(text, at, tries[index]++, secret)) found(detector.kind(), secret);
      }
    });
  }

 private:
  std::vector<std::string_view> collect() {
    std::vector<std::string_view> words;
    for (const SecretKind& kind : secret_kinds()) {
      detectors_.push_back(std::make_unique<Detector>(kind));
      for (std::string_view keyword : kind.keywords) {
        if (keyword.empty()) continue;
        auto known = std::ranges::find(words, keyword);
        if (known == words.end()) {
          words.push_back(keyword);
          by_word_.emplace_back();
          known = words.end() - 1;
        }
        by_word_[static_cast<std::size_t>(known - words.begin())].push_back(detectors_.size() - 1);
      }
    }
    return words;
  }

  std::vector<std::unique_ptr<Detector>> detectors_;
  std::vector<std::vector<std::size_t>> by_word_;  // indexes of detectors
  std::vector<std::string_view> words_;
  KeywordScan scan_;
};

// Built once from the constant table; nothing in it changes what it answers.
const Scanner& scanner() {
  static const Scanner built;
  return built;
}

struct Candidate {
  const SecretKind* kind;
  std::size_t begin, end;
};

bool comes_first(const Candidate& left, const Candidate& right) {
  if (left.begin != right.begin) return left.begin < right.begin;
  return left.end > right.end;
}

// Of two kinds that claim the same bytes, the one that says more.
const SecretKind* better(const SecretKind* left, const SecretKind* right) {
  return right->form < left->form ? right : left;
}

}  // namespace

std::vector<SecretFound> find_secrets(std::string_view text) {
  std::vector<Candidate> candidates;
  scanner().scan(text, [&](const SecretKind& kind, const SecretFound& found) {
    candidates.push_back({&kind, found.begin, found.end});
  });
  std::ranges::sort(candidates, comes_first);
  std::vector<Candidate> merged;
  for (const Candidate& candidate : candidates) {
    if (!merged.empty() && candidate.begin < merged.back().end) {
      Candidate& last = merged.back();
      last.kind = better(last.kind, candidate.kind);
      last.end = std::max(last.end, candidate.end);
    } else {
      merged.push_back(candidate);
    }
  }
  std::vector<SecretFound> secrets;
  for (const Candidate& found : merged)
    secrets.push_back({std::string(found.kind->name), found.begin, found.end});
  return secrets;
}

std::string mask_secrets(std::string_view text) {
  std::vector<SecretFound> secrets = find_secrets(text);
  if (secrets.empty()) return std::string(text);
  std::string masked;
  masked.reserve(text.size());
  std::size_t copied = 0;
  for (const SecretFound& found : secrets) {
    std::string_view secret = text.substr(found.begin, found.end - found.begin);
    masked.append(text.substr(copied, found.begin - copied));
    masked +=
        fmt::format("[secret {} {}]", found.kind, base::sha256_hex(secret).substr(0, fingerprint_digits));
    masked.append(static_cast<std::size_t>(std::ranges::count(secret, '\n')), '\n');
    copied = found.end;
  }
  masked.append(text.substr(copied));
  return masked;
}

}  // namespace mira::guard
