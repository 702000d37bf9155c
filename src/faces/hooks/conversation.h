// What one conversation has been told, has touched and has still to be recorded, in a
// small file of its own that is only ever appended to: no lock to wait for, no database
// to be damaged. It is also the queue of turns: what could not be recorded when it was
// said waits there for the next hook of any conversation. A lost or broken file costs
// a repetition, never an answer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "faces/hooks/event.h"

namespace mira::hooks {

// A turn that was said and is not recorded; secrets are masked.
struct WaitingTurn {
  std::string role;  // "user" or "assistant"
  std::string text;
  std::string model;
};

// Whose conversation it is.
struct Speaking {
  std::string client;   // "claude"
  std::string session;  // the client's id
  std::string folder;   // working folder
};

class Conversation {
 public:
  // Reads what is there; a conversation without an id remembers nothing.
  Conversation(const std::filesystem::path& folder, const Event& event);

  bool was_told(std::string_view item) const { return told_.contains(key(item)); }
  bool was_compacted() const { return compacted_; }
  const std::set<std::string>& touched() const { return touched_; }
  const Speaking& speaking() const { return speaking_; }
  const std::vector<WaitingTurn>& waiting() const { return waiting_; }

  void tell(std::string_view item);
  void touch(const std::string& path);
  // Keeps a turn until turns_recorded(); secrets are masked before it is kept.
  void say(std::string_view role, std::string_view text, std::string_view model);
  void turns_recorded();
  // After a compaction the model no longer has what it was told.
  void forget_told();
  // Writes what is new in one append.
  void save() const;

  // Conversations with turns that wait; at most `most`.
  static std::vector<Conversation> with_waiting(const std::filesystem::path& folder, std::size_t most);
  // Removes files of conversations that nobody has spoken in for `days`.
  static void tidy(const std::filesystem::path& folder, int days);

 private:
  explicit Conversation(std::filesystem::path file);
  static std::uint64_t key(std::string_view item);
  void read();
  void apply(std::string_view line);
  void apply_text(char kind, const Json& value);
  void add(char kind, std::string_view text);

  std::filesystem::path file_;
  Speaking speaking_;
  std::set<std::uint64_t> told_;
  std::set<std::string> touched_;
  std::vector<WaitingTurn> waiting_;
  bool compacted_ = false;
  bool too_large_ = false;
  std::string added_;
};

}  // namespace mira::hooks
