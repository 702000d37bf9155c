#include "platform/models/http.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "platform/base/text.h"
#include "platform/models/curl.h"

namespace mira::models {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int look_ms = 50;  // how often a cancelled caller is noticed
constexpr std::size_t most_headers = 200, most_header_bytes = 8192;

template <typename Handle, typename End>
using Owned = std::unique_ptr<Handle, End>;
using Easy = Owned<CURL, decltype(Curl::easy_cleanup)>;
using Multi = Owned<CURLM, decltype(Curl::multi_cleanup)>;
using Headers = Owned<curl_slist, decltype(Curl::slist_free_all)>;

Headers header_list(const Curl& curl, const HttpRequest& request) {
  curl_slist* list = nullptr;
  for (const std::string& header : request.headers) list = curl.slist_append(list, header.c_str());
  if (!request.body.empty()) list = curl.slist_append(list, "Content-Type: application/json");
  list = curl.slist_append(list, "Expect:");
  return {list, curl.slist_free_all};
}

class Exchange {
 public:
  Exchange(const Curl& curl, const HttpRequest& request, const OnBody& on_body, base::Deadline deadline)
      : curl_(curl),
        request_(request),
        on_body_(on_body),
        deadline_(deadline),
        headers_(header_list(curl, request)),
        multi_(curl.multi_init(), curl.multi_cleanup),
        easy_(curl.easy_init(), curl.easy_cleanup) {}

  HttpReply run() {
    if (easy_ == nullptr || multi_ == nullptr) return ended(HttpEnd::not_connected, "no memory");
    set_up();
    last_byte_ = Clock::now();
    curl_.multi_add_handle(multi_.get(), easy_.get());
    int running = 1;
    while (running > 0) {
      if (curl_.multi_perform(multi_.get(), &running) != CURLM_OK) break;
      if (running == 0) break;
      if (auto over = out_of_time()) return finish(std::move(*over));
      curl_.multi_poll(multi_.get(), nullptr, 0, look_ms, nullptr);
    }
    return finish(outcome());
  }

 private:
  void set_up() {
    CURL* easy = easy_.get();
    curl_.easy_setopt(easy, CURLOPT_URL, request_.url.c_str());
    curl_.easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
    curl_.easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_.easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_.easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_.easy_setopt(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_.easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.limits.connect_ms));
    curl_.easy_setopt(easy, CURLOPT_USERAGENT, "mira");
    if (is_loopback(host_of(request_.url))) curl_.easy_setopt(easy, CURLOPT_PROXY, "");
    if (!request_.body.empty()) {
      curl_.easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      curl_.easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.data());
    }
    if (!request_.method.empty()) curl_.easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    curl_.easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Exchange::on_bytes);
    curl_.easy_setopt(easy, CURLOPT_WRITEDATA, this);
    curl_.easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    curl_.easy_setopt(easy, CURLOPT_HEADERDATA, this);
  }

  static std::size_t on_bytes(char* bytes, std::size_t, std::size_t count, void* self) {
    return static_cast<Exchange*>(self)->take_bytes({bytes, count}) ? count : 0;
  }
  static std::size_t on_header(char* bytes, std::size_t, std::size_t count, void* self) {
    static_cast<Exchange*>(self)->take_header({bytes, count});
    return count;
  }

  bool take_bytes(std::string_view bytes) {
    last_byte_ = Clock::now();
    any_byte_ = true;
    taken_ += bytes.size();
    if (taken_ > request_.limits.body_bytes) {
      reply_.end = HttpEnd::too_large;
      return false;
    }
    if (on_body_(status(), bytes)) return true;
    reply_.end = HttpEnd::stopped;
    return false;
  }

  void take_header(std::string_view line) {
    last_byte_ = Clock::now();
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.size() > most_header_bytes ||
        reply_.headers.size() >= most_headers)
      return;
    reply_.headers[base::to_lower(line.substr(0, colon))] =
        base::repair_utf8(base::trim(line.substr(colon + 1)));
  }

  int status() const {
    long code = 0;
    curl_.easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &code);
    return static_cast<int>(code);
  }

  std::optional<HttpReply> out_of_time() {
    if (deadline_.cancelled()) return ended(HttpEnd::cancelled, "it was interrupted");
    if (deadline_.expired()) return ended(HttpEnd::timed_out, "it was not done by the deadline");
    auto quiet = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - last_byte_).count();
    std::int64_t allowed = any_byte_ ? request_.limits.silence_ms : request_.limits.first_byte_ms;
    if (quiet < allowed) return std::nullopt;
    return ended(HttpEnd::silent, "it said nothing for " + std::to_string(allowed) + " ms");
  }

  HttpReply ended(HttpEnd end, std::string reason) {
    reply_.end = end;
    reply_.reason = std::move(reason);
    return std::move(reply_);
  }

  HttpReply finish(HttpReply reply) {
    reply.status = status();
    curl_.multi_remove_handle(multi_.get(), easy_.get());
    return reply;
  }

  HttpReply outcome() {
    int left = 0;
    CURLMsg* message = curl_.multi_info_read(multi_.get(), &left);
    CURLcode code = message != nullptr ? message->data.result : CURLE_RECV_ERROR;
    if (code == CURLE_OK) return ended(HttpEnd::done, "");
    if (reply_.end == HttpEnd::too_large)
      return ended(HttpEnd::too_large,
                   "its answer is over " + std::to_string(request_.limits.body_bytes) + " bytes");
    if (reply_.end == HttpEnd::stopped) return ended(HttpEnd::stopped, "its answer could not be read");
    std::string reason = base::repair_utf8(curl_.easy_strerror(code));
    return ended(was_connected() ? HttpEnd::cut : HttpEnd::not_connected, std::move(reason));
  }

  // Whether the request may have reached the server.
  bool was_connected() const {
    curl_off_t ready_us = 0;
    curl_.easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &ready_us);
    return ready_us > 0;
  }

  const Curl& curl_;
  const HttpRequest& request_;
  const OnBody& on_body_;
  base::Deadline deadline_;
  Headers headers_;
  Multi multi_;
  Easy easy_;
  HttpReply reply_;
  std::size_t taken_ = 0;
  bool any_byte_ = false;
  Clock::time_point last_byte_;
};

}  // namespace

HttpReply exchange(const HttpRequest& request, const OnBody& on_body, base::Deadline deadline) {
  const Curl* library = curl();
  if (library == nullptr)
    return {.end = HttpEnd::not_connected, .reason = "libcurl.so.4 is not installed or cannot start"};
  return Exchange(*library, request, on_body, deadline).run();
}

std::string host_of(std::string_view url) {
  std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return "";
  std::string_view host = url.substr(scheme, url.find_first_of("/?#", scheme) - scheme);
  if (host.contains('@') || host.find_first_of(" \t\r\n\\") != std::string_view::npos) return "";
  return base::to_lower(host);
}

bool is_loopback(std::string_view host) {
  std::string_view name =
      host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
  return name == "localhost" || name == "[::1]" || name.starts_with("127.");
}

}  // namespace mira::models
