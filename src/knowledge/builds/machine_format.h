// The machine format of a tool that Mira launches, asked for beside what a person sees:
// where a tool can write its report into a file and print the same as ever, it is told
// to; where it would print otherwise, test otherwise or overwrite a report that the
// project asked for, it is left alone. What the person typed stays what is shown and kept.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mira::builds {

struct MachineFormat {
  std::string tool;                      // of its records; "": nothing was asked for
  std::vector<std::string> argv;         // to launch
  std::vector<std::string> environment;  // "NAME=value", to add
  // A line of the tool's own that only tells of the report holds this; it is not passed on. "": none.
  std::string telling;
};

// `file`: absolute, where the report goes; no such file yet. `environment`: "NAME=value" as the
// command gets it. `folder`: where it runs.
MachineFormat machine_format(const std::vector<std::string>& argv,
                             const std::vector<std::string>& environment, const std::filesystem::path& folder,
                             const std::filesystem::path& file);

// Hands on what a program prints, without the one line that tells of the report.
class WithoutLine {
 public:
  explicit WithoutLine(std::string telling) : telling_(std::move(telling)) {}
  // What is to be printed now; a line that may yet be the one is held back until it is whole.
  std::string pass(std::string_view bytes);
  std::string finish();

 private:
  std::string telling_, held_;
};

}  // namespace mira::builds
