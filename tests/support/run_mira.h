// Drives the built program as a user would: argv in, exit code and both outputs
// back, a MIRA_HOME of its own. The wall clock only detects hangs.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mira::support {

struct Ran {
  int exit_code = -1;
  int signal = 0;
  bool hung = false;
  std::string out;
  std::string err;

  nlohmann::json json() const;  // of `out`; discarded value when it is no JSON
  nlohmann::json data() const { return json().value("data", nlohmann::json()); }
};

class Mira {
 public:
  // Uses a fresh MIRA_HOME inside `scratch`.
  explicit Mira(std::filesystem::path scratch);

  Mira& in(std::filesystem::path folder);                    // working folder
  Mira& with(const std::string& name, std::string content);  // an environment variable; "" takes it away
  Mira& through(std::vector<std::string> program);           // runs under it: {"setpriv", "--reuid=65534"}
  Ran run(std::vector<std::string> arguments, std::string_view input = {}) const;
  std::filesystem::path home() const { return home_; }

  static std::filesystem::path binary();

 private:
  std::filesystem::path home_;
  std::filesystem::path folder_;
  std::map<std::string, std::string> environment_;
  std::vector<std::string> program_;
};

}  // namespace mira::support
