// Tokens of logs against tokens of what Mira tells of them: a list of "red|green EXIT PATH" lines
// in, one JSON object out. Every error's message, expected and actual value must stand in what is told.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "knowledge/builds/diagnoser.h"
#include "knowledge/builds/digest.h"
#include "platform/base/text.h"
#include "platform/guard/foreign_text.h"
#include "platform/guard/secrets.h"
#include "platform/tokens/tokens.h"

namespace {

using namespace mira;

struct Sum {
  std::size_t logs = 0, log_tokens = 0, told_tokens = 0;
  std::vector<double> saved;
  nlohmann::json json() {
    std::ranges::sort(saved);
    return {{"logs", logs},
            {"log_tokens", log_tokens},
            {"told_tokens", told_tokens},
            {"median_saved", saved.empty() ? 0 : saved[saved.size() / 2]}};
  }
};

// As Digest tells text.
std::string told_form(const std::string& text) {
  std::string out = guard::neutralise(guard::mask_secrets(text));
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

struct Told {
  std::string text;
  std::size_t messages = 0, left_out = 0;
};

Told tell(const std::string& log, int exit_code, const std::shared_ptr<const builds::Toolset>& tools) {
  builds::Digest digest;
  std::vector<builds::Record> errors;
  builds::Diagnoser diagnoser(
      [&](builds::Record&& record) {
        digest.add(record);
        if (record.severity == builds::Severity::error) errors.push_back(std::move(record));
      },
      tools);
  diagnoser.feed(log);
  const builds::Verdict verdict = diagnoser.finish({.exit_code = exit_code});
  if (verdict.unparsed) digest.add(*verdict.unparsed);
  digest.judged(verdict);
  Told out{.text = verdict.failed ? digest.text() : "passed: the command (1.2 s, 0 warnings, run 1)\n"};
  for (const builds::Record& record : errors) {
    for (const std::string& text : {record.message, record.expected, record.actual}) {
      if (text.empty()) continue;
      ++out.messages;
      if (out.text.find(told_form(text)) == std::string::npos) {
        ++out.left_out;
        std::fprintf(stderr, "left out: %s\n", text.c_str());
      }
    }
  }
  return out;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) return 2;
  std::ifstream list(words[1]);
  Sum red, green;
  std::size_t messages = 0, left_out = 0;
  const auto tools = builds::Toolset::make();
  for (std::string line; std::getline(list, line);) {
    std::istringstream parts(line);
    std::string kind, path;
    int exit_code = 0;
    parts >> kind >> exit_code >> path;
    std::ifstream in(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    const std::string log = base::repair_utf8(bytes);
    const Told told = tell(log, exit_code, tools);
    Sum& sum = kind == "red" ? red : green;
    const std::size_t before = tokens::count(log), after = tokens::count(told.text);
    ++sum.logs;
    sum.log_tokens += before;
    sum.told_tokens += after;
    sum.saved.push_back(100.0 - 100.0 * static_cast<double>(after) /
                                    static_cast<double>(std::max<std::size_t>(1, before)));
    messages += told.messages;
    left_out += told.left_out;
  }
  std::printf(
      "%s\n",
      nlohmann::json{
          {"red", red.json()}, {"green", green.json()}, {"messages", messages}, {"left_out", left_out}}
          .dump()
          .c_str());
  return 0;
}
