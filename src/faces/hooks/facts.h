// The sharp facts: what a prompt names, what an edit has broken, what usually changes
// with it, what was said before. Each function returns items, best first, and nothing
// when it is not sure.
#pragma once

#include <filesystem>
#include <set>

#include "faces/hooks/ask.h"
#include "faces/hooks/event.h"
#include "faces/hooks/item.h"

namespace mira::hooks {

// Definitions and callers of symbols that the text names, once each.
std::vector<Item> named_symbols(const Ask& ask, std::string_view text);
// Files that a commit of `path` changes too, as a rule, without those in `but`.
std::vector<Item> partners(const Ask& ask, const std::string& path, const std::set<std::string>& but);
// The same for files that a text names.
std::vector<Item> named_files(const Ask& ask, const std::filesystem::path& root, std::string_view text);
// Callers of functions whose signature the edit has changed. `path` is relative to `root`.
std::vector<Item> broken_callers(const Ask& ask, const std::filesystem::path& root, const std::string& path,
                                 const Edit& edit);
// What earlier conversations say, when recall is sure of it.
std::vector<Item> remembered(const Ask& ask, const std::string& text, const std::string& this_session);
// Whether nearly all words that a prompt asks with stand in what was said, which is no question itself.
bool says_what_is_asked(std::string_view prompt, std::string_view memory);
// What holds, where we were and what is open, as memory tells it at the start of a session.
std::vector<Item> session_start(const Ask& ask);
// A command that ran is kept when it was a build or a test. What cured an error of it before, where that is
// sharp and was not told in this conversation.
std::vector<Item> build_seen(const Ask& ask, const Event& event);

// Words of a text that look like names in code: `quoted`, a::b, a_b, aB, f().
std::vector<std::string> code_names(std::string_view text);
// Words that look like paths and are files beneath `root`, relative to it.
std::vector<std::string> file_names(const std::filesystem::path& root, std::string_view text);

}  // namespace mira::hooks
