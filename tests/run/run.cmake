# Implements: tests of whole runs through the real program (Python).
if(TARGET thermodose)
  add_test(NAME run_end_to_end COMMAND ${THERMODOSE_PYTHON}
    ${CMAKE_CURRENT_LIST_DIR}/end_to_end_test.py $<TARGET_FILE:thermodose> ${CMAKE_SOURCE_DIR})
  set_tests_properties(run_end_to_end PROPERTIES LABELS run TIMEOUT 300)
endif()
