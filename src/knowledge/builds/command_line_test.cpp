#include "knowledge/builds/command_line.h"

#include <gmock/gmock.h>

namespace mira::builds {
namespace {

struct Case {
  std::string_view line, command, folder;
  bool own_exit_code = true, only_shows = false;
};

TEST(TypedCommands, AreTheBuildInThem) {
  for (const Case& one : {
           Case{"make -j3", "make -j3", ""},
           Case{"  make -j3 2>&1 ", "make -j3", ""},
           Case{"cd app && make", "make", "app"},
           Case{"cd app; cd core && make", "make", "app/core"},
           Case{"cd /srv/app && cd core && make", "make", "/srv/app/core"},
           Case{"make 2>&1 | tail -20", "make", "", false},
           Case{"cd app && npm test 2>&1 | tee log.txt | tail -5", "npm test", "app", false},
           Case{"make || true", "make || true", "", false},
           Case{"make; echo done", "make; echo done", "", false},
           Case{"make && ./run", "make && ./run", ""},
           Case{"pytest -k 'a|b'", "pytest -k 'a|b'", ""},
           Case{"go test ./... | jq .", "go test ./... | jq .", "", false},
           Case{"cat build.log", "cat build.log", "", true, true},
           Case{"/usr/bin/grep -n error build.log | head", "/usr/bin/grep -n error build.log", "", false,
                true},
           Case{"cd \"$HOME/x\" && make", "cd \"$HOME/x\" && make", ""},
           Case{"", "", ""},
       }) {
    const TypedCommand got = read_command(one.line);
    EXPECT_EQ(got.command, one.command) << one.line;
    EXPECT_EQ(got.folder, one.folder) << one.line;
    EXPECT_EQ(got.own_exit_code, one.own_exit_code) << one.line;
    EXPECT_EQ(got.only_shows, one.only_shows) << one.line;
  }
}

}  // namespace
}  // namespace mira::builds
