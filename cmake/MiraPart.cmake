# mira_part(FOLDER [EXTERNAL targets...]): one folder of src/ becomes one static
# library. Its target is mira_<last name>; what it links is what its line in
# scripts/layers.txt allows, so the link graph and the include graph are one
# definition. FOLDER/schema/*.sql is compiled in as <name>::schema(), and
# FOLDER/*_test.cpp becomes the test program mira_<last name>_test.

file(STRINGS "${PROJECT_SOURCE_DIR}/scripts/layers.txt" MIRA_LAYER_LINES REGEX "^[a-z].*:")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/scripts/layers.txt")

function(mira_allowed_targets folder out)
  set(targets "")
  set(found FALSE)
  foreach(line IN LISTS MIRA_LAYER_LINES)
    string(REGEX MATCH "^([a-z/_]+):(.*)$" _ "${line}")
    if(CMAKE_MATCH_1 STREQUAL folder)
      set(found TRUE)
      separate_arguments(names UNIX_COMMAND "${CMAKE_MATCH_2}")
      foreach(name IN LISTS names)
        get_filename_component(last "${name}" NAME)
        list(APPEND targets "mira_${last}")
      endforeach()
    endif()
  endforeach()
  if(NOT found)
    message(FATAL_ERROR "src/${folder} has no line in scripts/layers.txt: add one, or the folder is not part of Mira")
  endif()
  set(${out} "${targets}" PARENT_SCOPE)
endfunction()

function(mira_add_tests target)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;LINK" ${ARGN})
  if(NOT MIRA_TESTS OR NOT arg_SOURCES)
    return()
  endif()
  add_executable(${target} ${arg_SOURCES})
  mira_join_sources(${target})
  target_link_libraries(${target} PRIVATE ${arg_LINK} mira_warnings GTest::gmock GTest::gtest_main)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}")
  if(MIRA_SANITIZE)  # the instrumented optimiser takes twice the time over a test that runs once
    target_compile_options(${target} PRIVATE -O0)
  endif()
  if(arg_LABEL)
    set(properties PROPERTIES LABELS "${arg_LABEL}")
  endif()
  gtest_discover_tests(${target} TEST_PREFIX "${target}." DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 ${properties})
endfunction()

function(mira_part folder)
  cmake_parse_arguments(arg "" "" "EXTERNAL;TEST_EXTERNAL" ${ARGN})
  get_filename_component(name "${folder}" NAME)
  set(dir "${PROJECT_SOURCE_DIR}/src/${folder}")
  file(GLOB sources CONFIGURE_DEPENDS "${dir}/*.cpp")
  file(GLOB tests CONFIGURE_DEPENDS "${dir}/*_test.cpp")
  list(REMOVE_ITEM sources ${tests} "")
  file(GLOB schema CONFIGURE_DEPENDS "${dir}/schema/*.sql")
  if(schema)
    set(generated "${CMAKE_CURRENT_BINARY_DIR}/${name}_schema.cpp")
    add_custom_command(
      OUTPUT "${generated}"
      COMMAND ${CMAKE_COMMAND} -DOUT=${generated} -DNAMESPACE=${name} "-DFILES=${schema}"
              -P "${PROJECT_SOURCE_DIR}/cmake/embed_schema.cmake"
      DEPENDS ${schema} "${PROJECT_SOURCE_DIR}/cmake/embed_schema.cmake"
      VERBATIM)
    list(APPEND sources "${generated}")
  endif()
  mira_allowed_targets("${folder}" allowed)
  if(sources)
    add_library(mira_${name} STATIC ${sources})
    mira_join_sources(mira_${name})
    set(kind PUBLIC)
    target_link_libraries(mira_${name} PRIVATE mira_warnings)
  else()
    add_library(mira_${name} INTERFACE)
    set(kind INTERFACE)
  endif()
  target_include_directories(mira_${name} ${kind} "${PROJECT_SOURCE_DIR}/src")
  target_link_libraries(mira_${name} ${kind} ${allowed} ${arg_EXTERNAL})
  mira_add_tests(mira_${name}_test SOURCES ${tests} LINK mira_${name} mira_test_support ${arg_TEST_EXTERNAL})
endfunction()
