// A question as sources see it: the words, and what the oracle and the features
// drew from them and from the state of the project. Nobody has to pass a flag.
#pragma once

#include <string>
#include <vector>

namespace mira::contracts {

enum class Intent { general, explain, find, change, fix, who, history };

struct ErrorMention {
  std::string text;  // the line as it stands in the question
  std::string path;  // "" when it names none
  int line = 0;
};

struct Focus {
  std::string path;
  int start_line = 0, end_line = 0;
  std::string symbol;  // qualified name, or ""
  double weight = 1;   // 1 is the strongest
  std::string reason;  // "named in the question", "found by search", "changed now"
};

struct Question {
  std::string text;                      // repaired UTF-8, capped
  std::vector<std::string> words;        // content words, lower case, in order, once each
  std::vector<std::string> identifiers;  // parts that look like code: a::b, foo_bar, FooBar, `quoted`
  std::vector<std::string> paths;        // parts that look like paths or file names
  std::vector<ErrorMention> errors;
  Intent intent = Intent::general;
  std::vector<std::string> changed_files;  // uncommitted now, filled by prepare()
  std::vector<Focus> focus;                // places that matter, best first, filled between the stages
  int budget_tokens = 0;
};

}  // namespace mira::contracts
