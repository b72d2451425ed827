# Implements: the exact solutions as a library and their unit tests.
set(THERMODOSE_VERIFICATION_DIR ${CMAKE_CURRENT_LIST_DIR})
add_library(td_exact STATIC
  ${THERMODOSE_VERIFICATION_DIR}/exact_math.cc
  ${THERMODOSE_VERIFICATION_DIR}/exact_pennes.cc
  ${THERMODOSE_VERIFICATION_DIR}/exact_freezing.cc
  ${THERMODOSE_VERIFICATION_DIR}/exact_layers.cc
  ${THERMODOSE_VERIFICATION_DIR}/exact_ice.cc)
target_link_libraries(td_exact PUBLIC thermodose_options)
target_include_directories(td_exact PUBLIC ${THERMODOSE_VERIFICATION_DIR}/..)

file(GLOB exact_tests CONFIGURE_DEPENDS ${THERMODOSE_VERIFICATION_DIR}/exact_*test.cc)
add_executable(test_exact ${exact_tests})
target_link_libraries(test_exact PRIVATE td_exact GTest::gtest GTest::gtest_main)
gtest_discover_tests(test_exact PROPERTIES LABELS exact TIMEOUT 60)

# The engines against the exact solutions. "Slow" in a test's name keeps it out of the default run.
set(verification_tests
  ${THERMODOSE_VERIFICATION_DIR}/slab_test.cc
  ${THERMODOSE_VERIFICATION_DIR}/radial_test.cc
  ${THERMODOSE_VERIFICATION_DIR}/freezing_radial_test.cc
  ${THERMODOSE_VERIFICATION_DIR}/ice_test.cc
  ${THERMODOSE_VERIFICATION_DIR}/layers_test.cc
  ${THERMODOSE_VERIFICATION_DIR}/time_order_test.cc
  ${THERMODOSE_VERIFICATION_DIR}/needle_test.cc
  ${THERMODOSE_VERIFICATION_DIR}/freezing_slab_test.cc)
if(TARGET td_fem AND TARGET thermodose_mesh)
  add_executable(test_verification ${verification_tests}
    ${THERMODOSE_VERIFICATION_DIR}/engines.cc
    ${THERMODOSE_VERIFICATION_DIR}/harness.cc
    ${THERMODOSE_VERIFICATION_DIR}/order_table.cc
    ${THERMODOSE_VERIFICATION_DIR}/radial.cc)
  target_link_libraries(test_verification PRIVATE td_exact GTest::gtest GTest::gtest_main)
  thermodose_link(test_verification base physics geometry dose fem)
  add_dependencies(test_verification thermodose_mesh)
  gtest_discover_tests(test_verification TEST_FILTER "-*Slow*"
    PROPERTIES LABELS verification TIMEOUT 120)
  gtest_discover_tests(test_verification TEST_FILTER "*Slow*"
    PROPERTIES LABELS slow TIMEOUT 900)
endif()
