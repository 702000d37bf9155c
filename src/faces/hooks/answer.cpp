#include <fmt/format.h>

#include <algorithm>

#include "faces/clients/turn.h"
#include "faces/hooks/conversation.h"
#include "faces/hooks/facts.h"
#include "faces/hooks/hook.h"
#include "platform/base/home.h"
#include "platform/base/text.h"
#include "platform/guard/secrets.h"
#include "platform/workspace/project.h"

namespace mira::hooks {
namespace {

namespace fs = std::filesystem;

constexpr int keep_days = 14;
constexpr std::size_t least_prompt_bytes = 8;
constexpr std::size_t most_edits = 8;
constexpr std::size_t most_listed = 30;

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
        return known_cures(ask_in(event_.folder), event_.output);
      case Moment::turn_end:
      case Moment::session_end:
        record_turn();
        return {};
      case Moment::before_compaction:
      case Moment::other:
        return {};
    }
    return {};
  }

  Ask ask_in(const std::string& folder) const { return {host_, folder, deadline_}; }

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
    return out;
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
    conversation_.ask(event_.prompt);
    if (event_.prompt.size() < least_prompt_bytes) return {};
    Ask ask = ask_in(event_.folder);
    std::vector<Item> out = remembered(ask, event_.prompt, event_.session);
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

  void record_turn() {
    Ask ask = ask_in(event_.folder);
    if (!ask.has("record")) return;
    bool all = true;
    for (const std::string& prompt : conversation_.prompts()) all = all && record(ask, "user", prompt);
    if (all) conversation_.prompts_recorded();
    if (!event_.answer.empty()) record(ask, "assistant", event_.answer);
  }

  bool record(const Ask& ask, const char* role, const std::string& text) const {
    if (base::trim(text).empty()) return true;
    std::string masked = guard::mask_secrets(text);
    Json arguments{{"text", masked},
                   {"role", role},
                   {"session", event_.session},
                   {"client", std::string(client_name(event_.client))},
                   {"message", clients::turn_id(role, masked)}};
    if (!event_.model.empty() && std::string_view(role) == "assistant") arguments["model"] = event_.model;
    return ask.tell("record", arguments);
  }

  const Event& event_;
  contracts::Host& host_;
  base::Deadline deadline_;
  base::Home home_;
  fs::path folder_;
  Conversation conversation_;
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
