#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "knowledge/code/extract_expect.h"

namespace mira::code {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(ExtractGo, NamesTypesFieldsAndMethods) {
  Read read("go", R"(package server

// Server serves.
type ^^Server struct {
	*^^Base
	^^mu, ^^nu sync.Mutex
}
type ^^Handler interface {
	Closer
	^^Serve(w Writer, rest ...int) (int, error)
}
type ^^ID int
const ^^Limit = 3
var ^^start, ^^stop = New(), 2
func (s *Server) ^^Run(ctx context.Context, a, b int) (res *T, err error) { return }
func (List[T]) ^^Len() int { return 0 }
func ^^main() {}
var ^^handle = func(x int) { run(x) }
)");
  EXPECT_EQ(read.facts.package, "server");
  EXPECT_THAT(read.symbols(),
              ElementsAre("struct Server", "field Server.Base", "field Server.mu", "field Server.nu",
                          "interface Handler", "method Handler.Serve;", "type ID", "constant Limit",
                          "variable start", "variable stop", "method Server.Run", "method List.Len",
                          "function main", "function handle"));
  EXPECT_EQ(read.places(), read.marks());
  EXPECT_EQ(read.symbol("Server").doc, "Server serves.");
  EXPECT_THAT(read.symbol("Server").bases, ElementsAre("Base"));
  EXPECT_THAT(read.symbol("Handler").bases, ElementsAre("Closer"));
  const Symbol& run = read.symbol("Server.Run");
  EXPECT_EQ(run.scope_name, "Server");
  EXPECT_EQ(run.type, "(*T, error)");
  ASSERT_EQ(run.parameters.size(), 3u);
  EXPECT_EQ(run.parameters[2].type, "int");
  EXPECT_EQ(run.visibility, Visibility::public_);
  EXPECT_EQ(read.symbol("main").visibility, Visibility::package);
}

TEST(ExtractGo, TellsReceivers) {
  Read read("go", R"(package a
func (s *S) F(x T) {
	s.g()
	s.mu.Lock()
	fmt.Println(x...)
	go func() { s.h() }()
	defer x.Close()
	http.HandleFunc("/", serve)
	x.(*Foo).go_()
	m[1].f()
	New().run()
	return func() int { return k() }
}
)");
  EXPECT_THAT(read.calls(), ElementsAre("S.F -> self.g(0)", "S.F -> self.mu.Lock(0)", "S.F -> fmt.Println(1)",
                                        "S.F -> self.h(0)", "S.F -> x.Close(0)", "S.F -> &serve",
                                        "S.F -> http.HandleFunc(2)", "S.F -> <Foo>.go_(0)", "S.F -> m[].f(0)",
                                        "S.F -> New().run(0)", "S.F -> New(0)", "S.F -> k(0)"));
}

TEST(ExtractGo, FollowsValues) {
  Read read("go", R"(package a
func f() (*T, error) {
	x, err := g(), h()
	y, z := pair()
	v, ok := m[k]
	for i, e := range list { e.Do() }
	s := &S{Name: n, fn: handle}
	t := new(T)
	msg := <-ch
	table := map[string]F{"a": fa}
	s.field = x
	return t, nil
}
)");
  EXPECT_THAT(
      read.assignments(),
      ElementsAre("f: x = call g", "f: err = call h", "f: y = member pair()[0]", "f: z = member pair()[1]",
                  "f: v = member m[]", "f: i = other", "f: e = member list[]", "f: s = new S", "f: t = new T",
                  "f: msg = member ch[]", "f: table = container map", "f: table[a] = name fa",
                  "f: s.field = name x", "f: return = container tuple", "f: return[0] = name t"));
  EXPECT_THAT(read.calls(), Contains("f -> new S(2)"));
  EXPECT_THAT(read.calls(), Contains("f -> &handle"));
}

TEST(ExtractGo, ReadsImports) {
  Read read("go", "package a\nimport (\n\t\"fmt\"\n\tstr \"strings\"\n\t. \"math\"\n\t_ \"embed\"\n)\n");
  EXPECT_THAT(read.imports(),
              ElementsAre("import fmt", "import strings as str", "from math import *", "import embed as _"));
}

TEST(ExtractGo, TypeSwitchesTypeTheirName) {
  Read read("go", "package a\nfunc f(v any) {\n\tswitch t := v.(type) {\n\tcase *S:\n\t\tt.Run()\n\t}\n}\n");
  EXPECT_THAT(read.types(), ElementsAre("f: v: any", "f: t: *S"));
}

}  // namespace
}  // namespace mira::code
