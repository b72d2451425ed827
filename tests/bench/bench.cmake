# Timing programs, built on demand (ninja thermodose_bench), never part of a test run.
add_executable(thermodose_bench EXCLUDE_FROM_ALL ${CMAKE_CURRENT_SOURCE_DIR}/bench/kernel_bench.cc)
target_link_libraries(thermodose_bench PRIVATE thermodose_options)
thermodose_link(thermodose_bench base physics geometry fem)
