// A request and a response as values, so that everything but the sockets (server.cpp) is
// plain functions.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mira::http {

struct Head {
  std::string method;
  std::string target;  // path and query as sent
  // Names in lower case; several values of one name are all there.
  std::multimap<std::string, std::string, std::less<>> headers;

  std::size_t count(std::string_view name) const { return headers.count(name); }
  // The first value, "" when there is none.
  std::string_view get(std::string_view name) const {
    auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  }
  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

struct Response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace mira::http
