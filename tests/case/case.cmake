# Implements: the generators and the fuzzer of the case reader.
# thermodose_docs writes docs/reference.md and docs/case.schema.json.
set(THERMODOSE_CASE_TESTS ${CMAKE_CURRENT_LIST_DIR})
add_executable(thermodose_docs EXCLUDE_FROM_ALL ${THERMODOSE_CASE_TESTS}/regenerate.cc)
target_link_libraries(thermodose_docs PRIVATE thermodose_options)
target_compile_definitions(thermodose_docs PRIVATE THERMODOSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
thermodose_link(thermodose_docs base case physics geometry devices dose)

# Reading key by key, on objects of its own registry (which must not appear in the reference).
add_executable(test_case_keys ${THERMODOSE_CASE_TESTS}/keys/tree_reader_test.cc)
target_link_libraries(test_case_keys PRIVATE thermodose_options GTest::gtest GTest::gtest_main)
thermodose_link(test_case_keys base case)
gtest_discover_tests(test_case_keys PROPERTIES LABELS case TIMEOUT 60)

# thermodose_fuzz [seconds] [seed] [case...]: short in the suite, long by hand.
add_executable(thermodose_fuzz ${THERMODOSE_CASE_TESTS}/fuzz_cases.cc
  ${THERMODOSE_CASE_TESTS}/mutations.cc)
target_link_libraries(thermodose_fuzz PRIVATE thermodose_options)
target_compile_definitions(thermodose_fuzz PRIVATE THERMODOSE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
thermodose_link(thermodose_fuzz base case physics geometry devices dose)
add_test(NAME fuzz_cases COMMAND thermodose_fuzz 5 1)
set_tests_properties(fuzz_cases PROPERTIES LABELS "case" TIMEOUT 60)
