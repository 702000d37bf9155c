#include <gtest/gtest.h>

#include "knowledge/code/semantics/type_model.h"

namespace mira::semantics {
namespace {

// "Shape*" many, "Shape" one, "()" callable, "" nothing.
std::string read(std::string_view written) {
  WrittenType type = read_type(written);
  return type.name + (type.callable ? "()" : "") + (type.many ? "*" : "");
}

TEST(WrittenType, IsWhatItHolds) {
  struct Case {
    std::string_view written, read;
  };
  for (const Case& one : std::initializer_list<Case>{{"Shape", "Shape"},
                                                     {"const Shape&", "Shape"},
                                                     {"ns::Shape*", "Shape"},
                                                     {"std::unique_ptr<ns::Shape>", "Shape"},
                                                     {"std::vector<std::shared_ptr<Shape>>", "Shape*"},
                                                     {"std::map<std::string, Shape>", "Shape*"},
                                                     {"Optional[Shape]", "Shape"},
                                                     {"Shape | None", "Shape"},
                                                     {"Shape | Other", ""},
                                                     {"list[Shape]", "Shape*"},
                                                     {"t.List[t.Optional[Shape]]", "Shape*"},
                                                     {"Dict[str, List[Shape]]", "Shape*"},
                                                     {"Shape[]", "Shape*"},
                                                     {"Array<Shape>", "Shape*"},
                                                     {"[]Shape", "Shape*"},
                                                     {"&'static mut Shape", "Shape"},
                                                     {"Option<Box<dyn Shape>>", "Shape"},
                                                     {"List<? extends Shape>", "Shape*"},
                                                     {"Callable[[int], None]", "()"},
                                                     {"List[Callable[..., Any]]", "()*"},
                                                     {"(event: Event) => void", "()"},
                                                     {"std::function<void(int)>", "()"},
                                                     {"Box<Shape, Alloc", ""},
                                                     {"", ""},
                                                     {"<<<", ""}})
    EXPECT_EQ(read(one.written), one.read) << one.written;
}

}  // namespace
}  // namespace mira::semantics
