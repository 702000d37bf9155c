// Tools that ask the client: in the middle of the call up to 2025-11-25, by several tries
// from 2026-07-28 on. Each is written once for both.
#include "tests/conformance/fixture.h"

namespace mira::conformance {
namespace {

using mcp::Question;
using mcp::ToolReply;
using Work = std::function<base::Result<std::string>(const Json&, CallContext&)>;

void add(mcp::Offer& offer, const std::string& name, const char* description, Work work,
         Json schema = no_arguments(), mcp::TaskUse task = mcp::TaskUse::never) {
  mcp::Tool tool{.name = name, .description = description, .input_schema = std::move(schema), .task = task};
  tool.call = [work = std::move(work)](const Json& arguments, CallContext& context) {
    auto text = work(arguments, context);
    if (text) return said(*text);
    ToolReply reply = said(text.error().message);
    reply.is_error = true;
    return reply;
  };
  offer.tools.push_back(std::move(tool));
}

Question form(const std::string& key, const std::string& message, Json properties, Json required) {
  return {key,
          "elicitation/create",
          {{"mode", "form"},
           {"message", message},
           {"requestedSchema",
            {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}}}}};
}

Question one_field(const std::string& key, const std::string& message, const std::string& field) {
  return form(key, message, {{field, {{"type", "string"}}}}, Json::array({field}));
}

Question sampling(const std::string& key, const std::string& prompt) {
  return {key,
          "sampling/createMessage",
          {{"messages", Json::array({mcp::user_message(mcp::text_block(prompt))})}, {"maxTokens", 100}}};
}

std::string field_of(const Json& answer, const char* field) {
  Json content = answer.value("content", Json::object());
  Json value = content.is_object() ? content.value(field, Json()) : Json();
  return value.is_string() ? value.get<std::string>() : std::string("nobody");
}

std::string told(const Json& answer) {
  return "action=" + answer.value("action", "") +
         ", content=" + answer.value("content", Json::object()).dump();
}

std::string text_argument(const Json& arguments, const char* name) {
  Json value = arguments.value(name, Json());
  return value.is_string() ? value.get<std::string>() : std::string("(none)");
}

Json defaults_form() {
  return {
      {"name", {{"type", "string"}, {"default", "John Doe"}}},
      {"age", {{"type", "integer"}, {"default", 30}}},
      {"score", {{"type", "number"}, {"default", 95.5}}},
      {"status", {{"type", "string"}, {"enum", {"active", "inactive", "pending"}}, {"default", "active"}}},
      {"verified", {{"type", "boolean"}, {"default", true}}}};
}

Json titled(const char* title) {
  Json out = Json::array();
  for (const char* number : {"1", "2", "3"})
    out.push_back({{"const", std::string("value") + number}, {"title", std::string(title) + " " + number}});
  return out;
}

Json enums_form() {
  return {{"untitledSingle", {{"type", "string"}, {"enum", {"option1", "option2", "option3"}}}},
          {"titledSingle", {{"type", "string"}, {"oneOf", titled("Option")}}},
          {"legacyEnum",
           {{"type", "string"},
            {"enum", {"opt1", "opt2", "opt3"}},
            {"enumNames", {"Option One", "Option Two", "Option Three"}}}},
          {"untitledMulti",
           {{"type", "array"}, {"items", {{"type", "string"}, {"enum", {"option1", "option2", "option3"}}}}}},
          {"titledMulti", {{"type", "array"}, {"items", {{"anyOf", titled("Choice")}}}}}};
}

base::Result<std::string> asks_for_form(CallContext& context, const Question& question, const char* words) {
  Json answers = MIRA_TRY(context.client->ask({question}));
  return words + told(answers[question.key]);
}

void add_forms(mcp::Offer& offer) {
  Json user{{"username", {{"type", "string"}}}, {"email", {{"type", "string"}}}};
  Json schema = no_arguments();
  schema["properties"]["message"] = {{"type", "string"}};
  add(
      offer, "test_elicitation", "Asks the user for a name and an address",
      [user](const Json& arguments, CallContext& context) {
        return asks_for_form(
            context,
            form("user", text_argument(arguments, "message"), user, Json::array({"username", "email"})),
            "User response: ");
      },
      schema);
  add(offer, "test_elicitation_sep1034_defaults", "Asks the user with defaults",
      [](const Json&, CallContext& context) {
        return asks_for_form(context, form("user", "Please review", defaults_form(), Json::array()),
                             "Elicitation completed: ");
      });
  add(offer, "test_elicitation_sep1330_enums", "Asks the user with choices",
      [](const Json&, CallContext& context) {
        return asks_for_form(context, form("user", "Please choose", enums_form(), Json::array()),
                             "Elicitation completed: ");
      });
  add(offer, "test_streaming_elicitation", "Asks the user", [](const Json&, CallContext& context) {
    return asks_for_form(context, one_field("user_name", "What is your name?", "name"), "User response: ");
  });
}

base::Result<std::string> samples(const std::string& prompt, CallContext& context) {
  Json answers = MIRA_TRY(context.client->ask({sampling("sampled", prompt)}));
  Json content = answers["sampled"]["content"];
  return "LLM response: " + (content.is_object() ? content.value("text", "") : content.dump());
}

base::Result<std::string> multi_round(CallContext& context) {
  Json state = context.client->state();
  if (state.is_null()) {
    Json first =
        MIRA_TRY(context.client->ask({one_field("step1", "What is your name?", "name")}, {{"at", 1}}));
    return "too early: " + first.dump();
  }
  if (state["at"] == 1) {
    Json first =
        MIRA_TRY(context.client->ask({one_field("step1", "What is your name?", "name")}, {{"at", 1}}));
    Json next{{"at", 2}, {"name", field_of(first["step1"], "name")}};
    MIRA_TRY(context.client->ask({one_field("step2", "Which colour?", "color")}, next));
    return std::string("too early");
  }
  Json second = MIRA_TRY(context.client->ask({one_field("step2", "Which colour?", "color")}, state));
  return "Name: " + state["name"].get<std::string>() + ", colour: " + field_of(second["step2"], "color");
}

base::Result<std::string> many_inputs(CallContext& context) {
  Json answers = MIRA_TRY(context.client->ask({one_field("user_name", "What is your name?", "name"),
                                               sampling("greeting", "Greet the user"),
                                               {"client_roots", "roots/list"}},
                                              {{"asked", true}}));
  return "Name: " + field_of(answers["user_name"], "name") + ", roots: " + answers["client_roots"].dump();
}

// Only what the client declared.
base::Result<std::string> by_capability(CallContext& context) {
  std::vector<Question> questions;
  if (context.client->can("elicitation")) questions.push_back(one_field("user_name", "Your name?", "name"));
  if (context.client->can("sampling")) questions.push_back(sampling("greeting", "Greet the user"));
  if (context.client->can("roots")) questions.push_back({"client_roots", "roots/list"});
  if (questions.empty()) return std::string("the client can be asked nothing");
  Json answers = MIRA_TRY(context.client->ask(questions));
  return answers.dump();
}

}  // namespace

void add_asking_tools(mcp::Offer& offer) {
  add_forms(offer);
  Json schema = no_arguments();
  schema["properties"]["prompt"] = {{"type", "string"}};
  add(
      offer, "test_sampling", "Asks the client's model",
      [](const Json& arguments, CallContext& context) {
        return samples(text_argument(arguments, "prompt"), context);
      },
      schema);
  add(offer, "test_missing_capability", "Needs a client with sampling",
      [](const Json&, CallContext& context) { return samples("Say hello", context); });
}

void add_retried_tools(mcp::Offer& offer) {
  const std::string prefix = "test_input_required_result_";
  add(offer, prefix + "elicitation", "Asks for a name",
      [](const Json&, CallContext& context) -> base::Result<std::string> {
        Json answers = MIRA_TRY(context.client->ask({one_field("user_name", "What is your name?", "name")}));
        return "Hello, " + field_of(answers["user_name"], "name") + "!";
      });
  add(offer, prefix + "sampling", "Asks the client's model",
      [](const Json&, CallContext& context) -> base::Result<std::string> {
        Json answers =
            MIRA_TRY(context.client->ask({sampling("capital_question", "What is the capital of France?")}));
        return "The model said: " + answers["capital_question"].dump();
      });
  add(offer, prefix + "list_roots", "Asks for the roots",
      [](const Json&, CallContext& context) -> base::Result<std::string> {
        Json answers = MIRA_TRY(context.client->ask({{"client_roots", "roots/list"}}));
        return "Roots: " + answers["client_roots"].dump();
      });
  auto confirms = [](const Json&, CallContext& context) -> base::Result<std::string> {
    Question question =
        form("confirm", "Please confirm", {{"ok", {{"type", "boolean"}}}}, Json::array({"ok"}));
    MIRA_TRY(context.client->ask({question}, {{"token", "kept"}}));
    bool kept = context.client->state().is_object();
    return std::string(kept ? "state-ok" : "state-missing");
  };
  add(offer, prefix + "request_state", "Keeps a state over two tries", confirms);
  add(offer, prefix + "tampered_state", "Keeps a state that may not be changed", confirms);
  add(offer, prefix + "multiple_inputs", "Asks three things at once",
      [](const Json&, CallContext& context) { return many_inputs(context); });
  add(offer, prefix + "multi_round", "Asks twice",
      [](const Json&, CallContext& context) { return multi_round(context); });
  add(offer, prefix + "capabilities", "Asks what the client can be asked",
      [](const Json&, CallContext& context) { return by_capability(context); });
}

void add_task_tools(mcp::Offer& offer) {
  using mcp::TaskUse;
  add(offer, "greet", "Greets", [](const Json& arguments, CallContext&) -> base::Result<std::string> {
    return "Hello, " + text_argument(arguments, "name") + "!";
  });
  auto slow = [](const Json& arguments, CallContext& context) -> base::Result<std::string> {
    Json seconds = arguments.value("seconds", Json(0));
    context.client->begin_task();
    pause(static_cast<int>(1000 * (seconds.is_number() ? seconds.get<double>() : 0)), context);
    return std::string("computed");
  };
  add(offer, "slow_compute", "Takes its time", slow, no_arguments(), TaskUse::may);
  auto fails = [](const Json&, CallContext& context) -> base::Result<std::string> {
    context.client->begin_task();
    pause(1000, context);
    return base::fail(base::ErrorCode::failed, "the job failed");
  };
  add(offer, "failing_job", "Fails after a second", fails, no_arguments(), TaskUse::only);
  mcp::Tool broken{.name = "protocol_error_job",
                   .description = "Ends in an error of the protocol",
                   .input_schema = no_arguments(),
                   .task = TaskUse::may};
  broken.call = [](const Json&, CallContext& context) {
    context.client->begin_task();
    ToolReply reply = said("");
    reply.fault = mcp::Fault{mcp::code::internal_error, "the job broke", nullptr};
    return reply;
  };
  offer.tools.push_back(std::move(broken));
  auto confirms = [](const Json&, CallContext& context) -> base::Result<std::string> {
    context.client->begin_task();
    Question question = form("confirm", "Delete it?", {{"confirm", {{"type", "boolean"}}}}, Json::array());
    Json answers = MIRA_TRY(context.client->ask({question}));
    return "Deletion: " + told(answers["confirm"]);
  };
  add(offer, "confirm_delete", "Asks before it deletes", confirms, no_arguments(), TaskUse::may);
  auto two = [](const Json&, CallContext& context) -> base::Result<std::string> {
    context.client->begin_task();
    Json answers = MIRA_TRY(context.client->ask(
        {one_field("first", "First?", "value"), one_field("second", "Second?", "value")}));
    return "Both: " + answers.dump();
  };
  add(offer, "multi_input", "Asks two things at once", two, no_arguments(), TaskUse::may);
  auto named = [](const Json&, CallContext& context) -> base::Result<std::string> {
    Json answers = MIRA_TRY(context.client->ask({one_field("user_name", "What is your name?", "name")}));
    context.client->begin_task();
    pause(200, context);
    return "Hello, " + field_of(answers["user_name"], "name") + "!";
  };
  add(offer, "test_tool_with_task", "Asks, then becomes a task", named, no_arguments(), TaskUse::only);
}

}  // namespace mira::conformance
