# Turns schema/NNN_name.sql files into a C++ source that returns them in order.
# A file named NNN_name.sql belongs to index.db; NNN_name.main.sql to mira.db.
list(SORT FILES)
foreach(which index main)
  set(${which} "")
endforeach()
foreach(file IN LISTS FILES)
  get_filename_component(base "${file}" NAME)
  if(NOT base MATCHES "^([0-9][0-9][0-9])_([a-z0-9_]+)(\\.main)?\\.sql$")
    message(FATAL_ERROR "${base}: a migration is named NNN_name.sql (index.db) or NNN_name.main.sql (mira.db)")
  endif()
  set(number "${CMAKE_MATCH_1}")
  set(name "${CMAKE_MATCH_2}")
  set(which index)
  if(CMAKE_MATCH_3)
    set(which main)
  endif()
  file(READ "${file}" sql)
  math(EXPR decimal "${number}")
  string(APPEND ${which} "      {${decimal}, \"${name}\", R\"mirasql(${sql})mirasql\"},\n")
endforeach()
file(WRITE "${OUT}" "// Generated from schema/*.sql.
#include \"platform/store/migrate.h\"
namespace mira::${NAMESPACE} {
store::Schema schema() {
  return {\"${NAMESPACE}\",
    {
${index}    },
    {
${main}    }};
}
}  // namespace mira::${NAMESPACE}
")
