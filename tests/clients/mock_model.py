"""A model host on loopback that four agents take for theirs: it answers each request with one tool call when it is
asked for it and the tool is offered, else with a sentence, and keeps every request for the test to look at.

Speaks /v1/messages (Anthropic), /v1/responses and /v1/chat/completions (OpenAI), and streamGenerateContent (Gemini).
"""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ASK_FOR_TOOL = "use the recall tool"
ANSWER = "The mock model has answered."
TOOL_QUERY = "ocelot rule"


def event(name, data):
    return (f"event: {name}\n" if name else "") + "data: " + json.dumps(data) + "\n\n"


def wants_tool(request):
    """True when the newest question asks for the tool and no result of one is there."""
    text = json.dumps(request)
    answered = any(mark in text for mark in ('"tool_result"', '"function_call_output"', '"role": "tool"', '"functionResponse"'))
    return ASK_FOR_TOOL in text and not answered


def tool_of(request):
    """The offered tool that is Mira's recall: (name, namespace)."""
    for tool in request.get("tools") or []:
        for declared in tool.get("functionDeclarations") or tool.get("function_declarations") or []:
            if declared["name"].endswith("recall"):
                return declared["name"], None
        if tool.get("type") == "namespace":
            for inner in tool.get("tools") or []:
                if inner.get("name", "").endswith("recall"):
                    return inner["name"], tool["name"]
        name = tool.get("name") or (tool.get("function") or {}).get("name") or ""
        if name.endswith("recall"):
            return name, tool.get("namespace")
    return None


def anthropic(request, tool):
    start = {"id": "msg_1", "type": "message", "role": "assistant", "model": request.get("model", "mock"), "content": [],
             "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 10, "output_tokens": 1}}
    block = {"type": "tool_use", "id": "toolu_1", "name": tool[0], "input": {}} if tool else {"type": "text", "text": ""}
    delta = ({"type": "input_json_delta", "partial_json": json.dumps({"query": TOOL_QUERY})} if tool
             else {"type": "text_delta", "text": ANSWER})
    stop = "tool_use" if tool else "end_turn"
    if not request.get("stream"):
        block.update({"input": {"query": TOOL_QUERY}} if tool else {"text": ANSWER})
        return "application/json", json.dumps({**start, "content": [block], "stop_reason": stop})
    return "text/event-stream", "".join([
        event("message_start", {"type": "message_start", "message": start}),
        event("content_block_start", {"type": "content_block_start", "index": 0, "content_block": block}),
        event("content_block_delta", {"type": "content_block_delta", "index": 0, "delta": delta}),
        event("content_block_stop", {"type": "content_block_stop", "index": 0}),
        event("message_delta", {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None},
                                "usage": {"output_tokens": 5}}),
        event("message_stop", {"type": "message_stop"})])


def responses(request, tool):
    if tool:
        item = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": tool[0],
                "arguments": json.dumps({"query": TOOL_QUERY})}
        if tool[1]:
            item["namespace"] = tool[1]
    else:
        item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": ANSWER}]}
    usage = {"input_tokens": 10, "input_tokens_details": None, "output_tokens": 5, "output_tokens_details": None, "total_tokens": 15}
    return "text/event-stream", "".join([
        event("response.created", {"type": "response.created", "response": {"id": "resp_1"}}),
        event("response.output_item.done", {"type": "response.output_item.done", "output_index": 0, "item": item}),
        event("response.completed", {"type": "response.completed", "response": {"id": "resp_1", "usage": usage}})])


def chat(request, tool):
    def chunk(delta, reason=None):
        return event("", {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "mock",
                          "choices": [{"index": 0, "delta": delta, "finish_reason": reason}]})
    if tool:
        call = {"index": 0, "id": "call_1", "type": "function",
                "function": {"name": tool[0], "arguments": json.dumps({"query": TOOL_QUERY})}}
        body = chunk({"role": "assistant", "tool_calls": [call]}) + chunk({}, "tool_calls")
    else:
        body = chunk({"role": "assistant", "content": ANSWER}) + chunk({}, "stop")
    usage = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "mock", "choices": [],
             "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}}
    return "text/event-stream", body + event("", usage) + "data: [DONE]\n\n"


def gemini(request, tool, streamed):
    wants_json = "json" in str((request.get("generationConfig") or {}).get("responseMimeType"))
    text = json.dumps({"reasoning": "done", "next_speaker": "user", "model_choice": "pro"}) if wants_json else ANSWER
    part = {"functionCall": {"name": tool[0], "args": {"query": TOOL_QUERY}}} if tool else {"text": text}
    answer = {"candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
              "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15},
              "modelVersion": "gemini-2.5-pro"}
    return ("text/event-stream", event("", answer)) if streamed else ("application/json", json.dumps(answer))


class MockModel:
    """`with MockModel() as model`: model.port, model.requests (path and body, in order)."""

    def __enter__(self):
        model = self
        model.requests = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reply(self, kind, text, code=200):
                data = text.encode()
                self.send_response(code)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self):
                self.reply("application/json", json.dumps({"object": "list", "data": [{"id": "mock", "object": "model"}],
                                                           "models": [{"slug": "mock", "id": "mock"}]}))

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                try:
                    request = json.loads(body)
                except ValueError:
                    return self.reply("application/json", "{}", 400)
                path = self.path.split("?")[0]
                model.requests.append((path, request))
                tool = tool_of(request) if wants_tool(request) else None
                if path.endswith("/count_tokens") or path.endswith(":countTokens"):
                    return self.reply("application/json", json.dumps({"input_tokens": 10, "totalTokens": 10}))
                if path.endswith("/messages"):
                    return self.reply(*anthropic(request, tool))
                if path.endswith("/responses"):
                    return self.reply(*responses(request, tool))
                if path.endswith("/chat/completions"):
                    return self.reply(*chat(request, tool))
                if "enerateContent" in path:
                    return self.reply(*gemini(request, tool, "stream" in path))
                self.reply("application/json", "{}")

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
