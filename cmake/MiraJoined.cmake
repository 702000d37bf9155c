# mira_join_sources(TARGET): with MIRA_JOINED, the sources of a target that can stand in one translation unit are
# compiled as one. Which can is found by scripts/source_groups.py: two files that give the same name to different
# things are kept apart.

if(MIRA_JOINED)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(script "${PROJECT_SOURCE_DIR}/scripts/source_groups.py")
  set(groups "${CMAKE_BINARY_DIR}/source_groups.cmake")
  execute_process(COMMAND "${Python3_EXECUTABLE}" "${script}" --cmake "${groups}" COMMAND_ERROR_IS_FATAL ANY)
  include("${groups}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${script}")
endif()

function(mira_join_sources target)
  if(NOT MIRA_JOINED)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE OUTPUT_VARIABLE file)
    cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}")
    if(DEFINED "MIRA_GROUP_${file}")
      set_source_files_properties("${source}" PROPERTIES UNITY_GROUP "${MIRA_GROUP_${file}}")
    endif()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
