#include <fmt/format.h>

#include <algorithm>

#include "faces/clients/turn.h"
#include "faces/hooks/conversation.h"
#include "faces/hooks/facts.h"
#include "faces/hooks/hook.h"
#include "faces/hooks/notes.h"
#include "platform/base/home.h"
#include "platform/base/text.h"
#include "platform/workspace/project.h"

namespace mira::hooks {
namespace {

namespace fs = std::filesystem;

constexpr int keep_days = 14;
constexpr std::size_t least_prompt_bytes = 8;
constexpr std::size_t most_edits = 8;
constexpr std::size_t most_listed = 30;
constexpr std::size_t most_swept = 8;

// One event, on its way from what happened to what is said.
class Answering {
 public:
  Answering(const Event& event, contracts::Host& host, base::Home home, base::Deadline deadline)
      : event_(event),
        host_(host),
        deadline_(deadline),
        home_(std::move(home)),
        folder_(home_.state / "hooks"),
        conversation_(folder_, event) {}

  std::string run() {
    std::vector<Item> items = items_of_event();
    std::erase_if(items, [&](const Item& item) { return conversation_.was_told(item.id); });
    Fitted fitted = fit(items);
    for (const std::string& id : fitted.ids) conversation_.tell(id);
    if (base::make_private_folder(folder_)) conversation_.save();
    if (fault_) {
      base::SystemClock clock;
      note_fault(folder_, client_name(event_.client), event_.name, fault_->message, clock.now_ms());
    }
    return fitted.text;
  }

 private:
  std::vector<Item> items_of_event() {
    switch (event_.moment) {
      case Moment::session_start:
        return at_start();
      case Moment::prompt:
        return at_prompt();
      case Moment::edited:
        return after_edit();
      case Moment::failed:
      case Moment::ran:
        return build_seen(ask_in(event_.folder), event_);
      case Moment::turn_end:
        conversation_.say("assistant", event_.answer, event_.model);
        record_turns(conversation_);
        return {};
      case Moment::session_end:
        record_turns(conversation_);
        return {};
      case Moment::compacted:
        conversation_.forget_told();
        return {};
      case Moment::before_compaction:
      case Moment::other:
        return {};
    }
    return {};
  }

  Ask ask_in(const std::string& folder) { return {host_, folder, deadline_, fault_}; }

  std::optional<fs::path> root_of(const std::string& path) const {
    auto project = workspace::find_project(path.empty() ? "." : path, home_);
    if (!project) return std::nullopt;
    return project->root;
  }

  std::vector<Item> at_start() {
    std::vector<Item> out;
    if (event_.after_compaction) {
      conversation_.forget_told();
      if (auto item = edited_so_far()) out.push_back(std::move(*item));
    } else {
      Conversation::tidy(folder_, keep_days);
    }
    for (Item& item : session_start(ask_in(event_.folder))) out.push_back(std::move(item));
    record_what_waits();
    return out;
  }

  // Turns that a lock or a kill kept from being recorded, of any conversation.
  void record_what_waits() {
    for (Conversation& one : Conversation::with_waiting(folder_, most_swept)) {
      if (one.speaking().session == conversation_.speaking().session) continue;
      record_turns(one);
      one.save();
    }
  }

  std::optional<Item> edited_so_far() const {
    if (conversation_.touched().empty()) return std::nullopt;
    std::string list;
    std::size_t count = 0;
    for (const std::string& path : conversation_.touched())
      if (count++ < most_listed) list += (count > 1 ? ", " : "") + path;
    return Item{"files of this conversation",
                fmt::format("files edited in this conversation so far ({}): {}", count, list)};
  }

  std::vector<Item> at_prompt() {
    conversation_.say("user", event_.prompt, "");
    std::vector<Item> out;
    // A client that does not start a session anew after a compaction is told here.
    if (auto item = conversation_.was_compacted() ? edited_so_far() : std::nullopt)
      out.push_back(std::move(*item));
    if (event_.prompt.size() < least_prompt_bytes) return out;
    Ask ask = ask_in(event_.folder);
    for (Item& item : remembered(ask, event_.prompt, event_.session)) out.push_back(std::move(item));
    for (Item& item : named_symbols(ask, event_.prompt)) out.push_back(std::move(item));
    if (auto root = root_of(event_.folder))
      for (Item& item : named_files(ask, *root, event_.prompt)) out.push_back(std::move(item));
    return out;
  }

  std::vector<Item> after_edit() {
    std::vector<Item> broken, together;
    std::vector<std::pair<fs::path, std::string>> files;
    for (const Edit& edit : event_.edits) {
      auto place = place_of(edit.path);
      if (!place || files.size() == most_edits) continue;
      conversation_.touch(place->second);
      files.push_back(*place);
      for (Item& item : broken_callers(ask_in(place->first.string()), place->first, place->second, edit))
        broken.push_back(std::move(item));
    }
    for (const auto& [root, path] : files)
      for (Item& item : partners(ask_in(root.string()), path, conversation_.touched()))
        together.push_back(std::move(item));
    std::ranges::move(together, std::back_inserter(broken));
    return broken;
  }

  // Root of the project that an edited file belongs to, and its path in it.
  std::optional<std::pair<fs::path, std::string>> place_of(const std::string& path) const {
    std::error_code error;
    fs::path whole = fs::path(path).is_absolute() ? fs::path(path) : fs::path(event_.folder) / path;
    fs::path real = fs::canonical(whole, error);
    if (error) return std::nullopt;
    auto root = root_of(real.string());
    if (!root) return std::nullopt;
    fs::path relative = real.lexically_relative(*root);
    if (relative.empty() || *relative.begin() == "..") return std::nullopt;
    return std::pair{*root, relative.generic_string()};
  }

  // All or none are taken off the queue: each has an id, so recording one again changes nothing.
  void record_turns(Conversation& conversation) {
    const Speaking& speaking = conversation.speaking();
    Ask ask = ask_in(speaking.folder);
    if (conversation.waiting().empty() || !ask.has("record")) return;
    for (const WaitingTurn& turn : conversation.waiting()) {
      Json arguments{{"text", turn.text},
                     {"role", turn.role},
                     {"session", speaking.session},
                     {"client", speaking.client},
                     {"message", clients::turn_id(turn.role, turn.text)}};
      if (!turn.model.empty()) arguments["model"] = turn.model;
      if (!ask.tell("record", arguments)) return;
    }
    conversation.turns_recorded();
  }

  const Event& event_;
  contracts::Host& host_;
  base::Deadline deadline_;
  base::Home home_;
  fs::path folder_;
  Conversation conversation_;
  std::optional<base::Error> fault_;
};

// Whether the client takes context at this event.
bool takes_context(const Event& event) {
  return event.moment == Moment::session_start || event.moment == Moment::prompt ||
         event.moment == Moment::edited || event.moment == Moment::failed;
}

std::string wrapped(const Event& event, const std::string& text) {
  Json out;
  if (event.client == Client::cursor) {
    out["additional_context"] = text;
    if (event.moment == Moment::prompt) out["continue"] = true;
  } else {
    out["hookSpecificOutput"] = {{"hookEventName", event.name}, {"additionalContext", text}};
  }
  return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string answer(const Event& event, contracts::Host& host, base::Deadline deadline) {
  if (event.moment == Moment::other) return {};
  auto home = base::find_home();
  if (!home) return {};
  try {
    std::string text = Answering(event, host, std::move(*home), deadline).run();
    return text.empty() || !takes_context(event) ? std::string() : wrapped(event, text);
  } catch (const std::exception&) {
    return {};  // a hook that fails has nothing to say
  }
}

}  // namespace mira::hooks
