# Implements: the checks of the sources as tests: layers, style, format, tidy, links.
# Debian's own interpreter first: it is the one that has the packages of scripts/packages.txt.
find_program(THERMODOSE_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(THERMODOSE_PYTHON python3 REQUIRED)

function(thermodose_check name)
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS checks TIMEOUT 120)
endfunction()

set(scripts ${CMAKE_SOURCE_DIR}/scripts)
foreach(check layers style)
  thermodose_check(${check} ${THERMODOSE_PYTHON} ${scripts}/check_${check}.py)
  thermodose_check(${check}_self_test ${THERMODOSE_PYTHON} ${scripts}/check_${check}.py --self-test)
endforeach()
thermodose_check(format ${THERMODOSE_PYTHON} ${scripts}/check_format.py)
thermodose_check(links ${THERMODOSE_PYTHON} ${scripts}/check_links.py)
thermodose_check(links_self_test ${THERMODOSE_PYTHON} ${scripts}/check_links.py --self-test)
thermodose_check(tidy ${THERMODOSE_PYTHON} ${scripts}/tidy.py ${CMAKE_BINARY_DIR})
# Six minutes on two cores from nothing; what passed is remembered, so that it is short afterwards.
set_tests_properties(tidy PROPERTIES TIMEOUT 1800 RUN_SERIAL ON LABELS "checks;tidy")

# The tables of docs/convergence.md: runs of the reference case with other cells, steps, poses and
# engines against the bounds that the script states.
foreach(study cells steps poses engines)
  thermodose_check(study_${study} ${THERMODOSE_PYTHON} ${scripts}/studies.py ${study}
    --program $<TARGET_FILE:thermodose>)
  set_tests_properties(study_${study} PROPERTIES TIMEOUT 3600 RUN_SERIAL ON LABELS "studies;slow")
endforeach()
