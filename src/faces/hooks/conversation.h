// What one conversation has been told and has touched, in a small file of its own that
// is only ever appended to: no lock to wait for, no database to be damaged. A lost or
// broken file costs a repetition, never an answer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "faces/hooks/event.h"

namespace mira::hooks {

class Conversation {
 public:
  // Reads what is there; a conversation without an id remembers nothing.
  Conversation(const std::filesystem::path& folder, const Event& event);

  bool was_told(std::string_view item) const { return told_.contains(key(item)); }
  const std::set<std::string>& touched() const { return touched_; }
  const std::vector<std::string>& prompts() const { return prompts_; }  // not yet recorded, masked

  void tell(std::string_view item);
  void touch(const std::string& path);
  void ask(const std::string& prompt);  // secrets are masked before it is kept
  void prompts_recorded();
  // After a compaction the model no longer has what it was told.
  void forget_told();
  // Writes what is new in one append.
  void save() const;

  // Removes files of conversations that nobody has spoken in for `days`.
  static void tidy(const std::filesystem::path& folder, int days);

 private:
  static std::uint64_t key(std::string_view item);
  void apply(std::string_view line);
  void add(char kind, std::string_view text);

  std::filesystem::path file_;
  std::set<std::uint64_t> told_;
  std::set<std::string> touched_;
  std::vector<std::string> prompts_;
  std::string added_;
};

}  // namespace mira::hooks
