#include "platform/guard/foreign_text.h"

#include <re2/re2.h>
#include <re2/set.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "platform/base/text.h"
#include "platform/base/utf8_decode.h"

namespace mira::guard {
namespace {

// Over text that fold() made: lower case, one space between words, no comment marks.
constexpr auto orders = std::to_array<std::string_view>({
    // Taking the place of what the model was told.
    R"(\b(ignore|disregard|forget|override|bypass|do not follow|don't follow|stop following)( \w+){0,3} (previous|prior|above|preceding|earlier|your|system|original|initial|all)( \w+){0,2} (instructions?|prompts?|guidelines?|directives?|system message|rules you)\b)",
    R"(\b(ignore|disregard|forget) (everything|all|anything) (you were told|you have been told|above and|before this|you know about)\b)",
    R"(\b(new|updated|revised|real|actual) (system |secret )?(instructions|directives|prompt) ?(for (you|the (ai|assistant|model|agent)) ?)?:)",
    R"(\bsystem (prompt|message|override|instruction)s? ?: ?(you|ignore|from now|the (user|assistant))\b)",
    R"(\b(you are|you're) now (a |an |the |in )\w+( \w+){0,4} ?(mode|assistant|ai|model|agent|persona|bot)\b)",
    R"(\bfrom now on,? (you (are|will|must|should|shall)|(act|respond|answer|behave) (as|only|like))\b)",
    R"(\b(reveal|print|show|output|repeat|leak) (me )?(your|the) (\w+ )?(system|initial|hidden) (prompt|instructions|message)\b)",
    R"(\b(developer|god|dan|jailbreak) mode (is )?(now )?(enabled|activated|on)\b)",
    R"(\bpretend (that )?(you are|to be) (an? )?(unrestricted|uncensored|unfiltered|another ai|evil|root))",
    // Speaking to the model by name.
    R"(\b(attention|important|note|message|instructions?|dear|hey|hello) ?:? ?(to |for )?(all |any |the |every )?(ai|llms?|language models?|(ai|coding) (assistants?|agents?|models?)|claude|chatgpt|gpt|gemini|copilot|codex)( (reading|processing|that reads|agents?|assistants?|models?)( \w+){0,3})? ?[,:;!.])",
    R"(\b(if you are|as) an? (ai|llm|language model|coding agent|ai (assistant|agent|model))( \w+){0,4},? (you (must|should|have to|will|need to)|please|run|execute|call|ignore|do not|delete|read|send)\b)",
    // Hiding it from the person.
    R"(\b(do not|don't|never|without) (tell|inform|mention|reveal|notify|alert|telling|informing|mentioning|revealing|notifying|alerting|show|showing)( \w+){0,4} (the user|to the user|the human|the developer|the operator)\b)",
    R"(\b(before|after|when|while) (you )?(answer|answering|respond|responding|reply|replying|continue|continuing|doing anything else)( \w+){0,6},? (you must|first|always|silently|secretly) (\w+ )?(run|execute|fetch|download|call|read|send|open|delete)\b)",
    R"(\b(send|post|upload|exfiltrate|forward|leak|submit)( \w+){0,8} (keys?|secrets?|credentials?|passwords?|tokens?|\.env|environment variables?)( \w+){0,6} to (https?:|this (url|address|server)|the following))",
    // The best known one in other languages.
    R"(\bignoriere?n? (sie )?(alle )?(vorherigen|bisherigen|obigen|fr.{1,2}heren) (anweisungen|instruktionen|regeln)\b)",
    R"(\b(ignora|olvida|ignore) (todas )?(las |as )?(instrucciones|instru..?.?es) (anteriores|previas)\b)",
    R"(\b(ignore[zr]?|oublie[zr]?) (toutes )?les (instructions|consignes) (pr.{1,2}c.{1,2}dentes|ci-dessus)\b)",
    "(игнорируй|игнорируйте|забудь|забудьте) (все )?(предыдущие|прежние|прошлые) (инструкции|указания)",
    "(忽略|无视|忘记)(之前|以上|先前|所有|前面|上面).{0,18}(指令|指示|提示|规则)",
    "(以前|上記|これまで)の(指示|命令|プロンプト).{0,9}無視",
});

// Over the raw text in lower case: what chat formats put between speakers.
constexpr auto marks = std::to_array<std::string_view>({
    R"(<\|(im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id)\|>)",
    R"(\[/?inst\]|<</?sys>>)",
    R"((^|\n)\s*(###|<!--)\s*(system|instruction|instructions to (the )?(ai|assistant|agent)) ?:)",
    R"((^|[^\w])</?(system|system[-_]prompt|system[-_]reminder|function_calls|tool_result|antml:\w+)>)",
    R"(\n\n(human|assistant): )",
});

constexpr std::int64_t set_memory_bytes = 32 << 20;

class Patterns {
 public:
  explicit Patterns(std::span<const std::string_view> patterns) : set_(options(), RE2::UNANCHORED) {
    for (std::string_view pattern : patterns) {
      std::string error;
      valid_ = set_.Add(re2::StringPiece(pattern.data(), pattern.size()), &error) >= 0 && valid_;
    }
    valid_ = set_.Compile() && valid_;
  }
  // A set that could not be made or run flags everything: the safe side.
  bool match(std::string_view text) const {
    RE2::Set::ErrorInfo error{};
    std::vector<int> which;
    bool found = valid_ && set_.Match(re2::StringPiece(text.data(), text.size()), &which, &error);
    return found || !valid_ || error.kind != RE2::Set::kNoError;
  }

 private:
  static RE2::Options options() {
    RE2::Options options(RE2::Latin1);
    options.set_log_errors(false);
    options.set_max_mem(set_memory_bytes);
    return options;
  }
  RE2::Set set_;
  bool valid_ = true;
};

bool is_invisible(char32_t c) {
  return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || (c >= 0xfe00 && c <= 0xfe0f) || c == 0x180e;
}

// Cyrillic and Greek letters that look like Latin ones.
char32_t latin_twin(char32_t c) {
  constexpr std::u32string_view twins = U"аеорсхуіѕјԁһԛѡοαερν", latin = U"aeopcxyisjdhqwoaepv";
  static_assert(twins.size() == latin.size());
  std::size_t at = twins.find(c);
  return at == std::u32string_view::npos ? c : latin[at];
}

// Tag characters spell ASCII invisibly.
bool is_tag(char32_t c) {
  return c >= 0xe0020 && c <= 0xe007e;
}

enum class Twins { keep, replace };

char32_t fold_character(char32_t c, Twins twins) {
  if (c >= 0xe0020 && c <= 0xe007e) c -= 0xe0000;         // tag characters spell ASCII invisibly
  if (c >= 0xff01 && c <= 0xff5e) c = c - 0xff01 + 0x21;  // full width
  if (c == 0x2019) c = U'\'';
  if (c >= U'A' && c <= U'Z') c += 32;
  if (c >= 0x410 && c <= 0x42f) c += 32;  // Cyrillic capitals
  return twins == Twins::replace ? latin_twin(c) : c;
}

bool separates(char32_t c) {
  return c <= 0x20 || c == 0xa0 || c == U'#' || c == U'*' || c == U'/' || c == U'>' || c == U'_' ||
         c == U'`' || c == U'"' || c == U'|' || c == U'~' || c == U'\\' || c == 0x3000;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

void add_space(std::string& folded) {
  if (!folded.empty() && folded.back() != ' ') folded += ' ';
}

// A line end inside a quoted string.
bool is_escaped_space(std::string_view text, std::size_t at) {
  return text[at] == '\\' && at + 1 < text.size() && std::string_view("nrt").contains(text[at + 1]);
}

// Lower case, invisible characters gone, look-alikes replaced if asked for, and every run
// of white space and comment marks one space.
std::string fold(std::string_view text, Twins twins) {
  std::string folded;
  folded.reserve(text.size());
  bool in_tags = false;
  for (std::size_t at = 0; at < text.size();) {
    if (is_escaped_space(text, at)) {
      at += 2;
      add_space(folded);
      continue;
    }
    base::Decoded decoded = base::decode_utf8(text, at);
    at += decoded.length;
    char32_t c = decoded.valid ? fold_character(decoded.code_point, twins) : U' ';
    if (is_invisible(c)) continue;
    bool tag = is_tag(decoded.code_point);
    if (tag != in_tags) add_space(folded);
    in_tags = tag;
    separates(c) ? add_space(folded) : append_utf8(folded, c);
  }
  return folded;
}

const Patterns& order_patterns() {
  static const Patterns compiled(orders);
  return compiled;
}

const Patterns& mark_patterns() {
  static const Patterns compiled(marks);
  return compiled;
}

}  // namespace

std::string neutralise(std::string_view text) {
  return base::display_text(text);
}

bool reads_as_instruction(std::string_view text) {
  std::string plain = fold(text, Twins::keep);
  if (mark_patterns().match(base::to_lower(text)) || order_patterns().match(plain)) return true;
  std::string latin = fold(text, Twins::replace);
  return latin != plain && order_patterns().match(latin);
}

}  // namespace mira::guard
