# Implements: the read-back of fields.xdmf by ParaView, the picture and the plot; label `paraview`.
find_program(THERMODOSE_PVPYTHON pvpython)
find_program(THERMODOSE_XVFB Xvfb)
if(NOT TARGET td_output OR NOT THERMODOSE_PVPYTHON OR NOT THERMODOSE_XVFB)
  message(WARNING "No pvpython or Xvfb: the tests labelled paraview are left out")
  return()
endif()

add_executable(paraview_sample ${CMAKE_CURRENT_LIST_DIR}/paraview_sample.cc)
target_link_libraries(paraview_sample PRIVATE thermodose_options nlohmann_json::nlohmann_json)
target_include_directories(paraview_sample PRIVATE ${CMAKE_CURRENT_LIST_DIR})
thermodose_link(paraview_sample base output dose geometry physics)

set(sample ${CMAKE_BINARY_DIR}/paraview_sample.d)
set(scripts ${CMAKE_SOURCE_DIR}/scripts)
add_test(NAME paraview_sample COMMAND paraview_sample ${sample})
set_tests_properties(paraview_sample PROPERTIES FIXTURES_SETUP paraview_sample LABELS paraview)

function(thermodose_paraview_test name)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES FIXTURES_REQUIRED paraview_sample LABELS paraview
    TIMEOUT 120)
endfunction()

foreach(kind grid hexahedra axisymmetric)
  thermodose_paraview_test(paraview_reads_${kind} ${THERMODOSE_PVPYTHON} ${scripts}/check_fields.py
    ${sample}/${kind}/fields.xdmf --expect ${sample}/${kind}/expected.json)
endforeach()
# Fields stand at 0, 60 and 120 s; the freeze ends at 100 s.
foreach(kind grid axisymmetric)
  thermodose_paraview_test(paraview_draws_${kind} ${CMAKE_COMMAND} -E env --unset=DISPLAY
    ${THERMODOSE_PVPYTHON} ${scripts}/render.py ${sample}/${kind} -o ${sample}/${kind}.png
    --size 640x440)
  set_tests_properties(paraview_draws_${kind} PROPERTIES FIXTURES_SETUP paraview_picture_${kind}
    PASS_REGULAR_EXPRESSION "t = 60 s, 3 isotherms, 1 regions, 2 labels")
  thermodose_paraview_test(paraview_picture_${kind} ${THERMODOSE_PVPYTHON}
    ${CMAKE_CURRENT_LIST_DIR}/check_picture.py ${sample}/${kind}.png 640x440)
  set_tests_properties(paraview_picture_${kind} PROPERTIES
    FIXTURES_REQUIRED "paraview_sample;paraview_picture_${kind}")
endforeach()
find_program(THERMODOSE_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
# -S: a Python that does not find matplotlib hands over to one that does.
foreach(option "" -S)
  thermodose_paraview_test(plot_traces${option} ${THERMODOSE_PYTHON} ${option}
    ${scripts}/plot_traces.py ${sample}/grid -o ${sample}/traces${option}.png)
endforeach()
add_test(NAME run_files COMMAND ${THERMODOSE_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/run_files_test.py)
set_tests_properties(run_files PROPERTIES LABELS "output;paraview" TIMEOUT 60)
add_test(NAME render COMMAND ${THERMODOSE_PYTHON} ${CMAKE_CURRENT_LIST_DIR}/render_test.py)
set_tests_properties(render PROPERTIES LABELS "output;paraview" TIMEOUT 120)
