# Implements: the generators and the fuzzer of the case reader.
# thermodose_docs writes docs/reference.md and docs/case.schema.json.
set(THERMODOSE_CASE_TESTS ${CMAKE_CURRENT_LIST_DIR})
add_executable(thermodose_docs EXCLUDE_FROM_ALL ${THERMODOSE_CASE_TESTS}/regenerate.cc)
target_link_libraries(thermodose_docs PRIVATE thermodose_options)
target_compile_definitions(thermodose_docs PRIVATE THERMODOSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
thermodose_link(thermodose_docs base case physics geometry devices dose)
