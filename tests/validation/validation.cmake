# Implements: published experiments as slow tests (label `validation`), and what guards them in the
# default run: the measures on known shapes, and a page that is what the records say.
find_program(THERMODOSE_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(THERMODOSE_PYTHON python3 REQUIRED)

add_test(NAME validation_measures COMMAND ${THERMODOSE_PYTHON} -B
  ${CMAKE_CURRENT_LIST_DIR}/measures_test.py)
add_test(NAME validation_page_is_fresh COMMAND ${THERMODOSE_PYTHON} -B
  ${CMAKE_SOURCE_DIR}/scripts/validation_report.py --check)
set_tests_properties(validation_measures validation_page_is_fresh PROPERTIES
  LABELS "unit;validation_records" TIMEOUT 60)

# A case that no longer reads would show only when the slow tests are run.
file(GLOB validation_cases CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/cases/*.yaml)
foreach(case ${validation_cases})
  get_filename_component(name ${case} NAME_WE)
  add_test(NAME validation_case_${name} COMMAND thermodose check ${case})
  set_tests_properties(validation_case_${name} PROPERTIES
    LABELS "unit;validation_records" TIMEOUT 60)
endforeach()

foreach(experiment littrup double_freeze magalov icesphere)
  add_test(NAME validation_${experiment} COMMAND ${THERMODOSE_PYTHON} -B
    ${CMAKE_CURRENT_LIST_DIR}/validate.py ${experiment}
    --program $<TARGET_FILE:thermodose> --work ${CMAKE_BINARY_DIR}/validation.d)
  set_tests_properties(validation_${experiment} PROPERTIES LABELS "validation;slow" TIMEOUT 3600
    RUN_SERIAL ON)
endforeach()
