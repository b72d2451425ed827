# Implements: tests of the command line: its parts (GoogleTest) and the real program (Python).
if(TARGET thermodose)
  thermodose_test(cli base physics case geometry devices dose fem output run)
  add_test(NAME cli_program COMMAND ${THERMODOSE_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/program_test.py
    $<TARGET_FILE:thermodose> ${CMAKE_SOURCE_DIR})
  add_test(NAME cli_install COMMAND ${THERMODOSE_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/install_test.py
    ${CMAKE_COMMAND} ${CMAKE_BINARY_DIR})
  set_tests_properties(cli_program cli_install PROPERTIES LABELS cli TIMEOUT 300)
endif()
