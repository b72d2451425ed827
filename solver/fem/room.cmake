# Flags and libraries of the room `fem`; included by solver/CMakeLists.txt after td_fem exists.

# --- grid engine -------------------------------------------------------------------------------
# The fused stage is built three times; grid_kernel.cc picks at run time. Contraction to fused
# multiply-adds is off by default in ISO mode; -ffast-math gains nothing beyond it (measured).
if(TARGET td_fem)
  set(grid_kernel_flags -O3 -fopenmp-simd -ffp-contract=fast -fno-math-errno -fno-trapping-math -Wno-psabi)
  set_source_files_properties(fem/grid_kernel_baseline.cc fem/grid_system.cc fem/active_rows.cc
    fem/law_spans.cc
    PROPERTIES COMPILE_OPTIONS "${grid_kernel_flags}")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set_source_files_properties(fem/grid_kernel_avx2.cc PROPERTIES
      COMPILE_OPTIONS "${grid_kernel_flags};-march=x86-64-v3")
    set_source_files_properties(fem/grid_kernel_avx512.cc PROPERTIES
      COMPILE_OPTIONS "${grid_kernel_flags};-march=x86-64-v4;-mprefer-vector-width=512")
  endif()
endif()
# --- end of grid engine ------------------------------------------------------------------------

# --- mesh engine -------------------------------------------------------------------------------
# deal.II and PETSc live in a module that is loaded on demand (fem/mesh_module.h), not in td_fem:
# linked directly, their two hundred libraries cost every start of the program 0.23 s and 150 MB.
# No precompiled header: one translation unit of 6 CPU seconds is cheaper than its 17 s and 640 MB.
if(TARGET td_fem)
  get_target_property(sources td_fem SOURCES)
  set(module_sources ${sources})
  list(FILTER module_sources INCLUDE REGEX "_(dealii|petsc)\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_(dealii|petsc)\\.cc$")
  set_target_properties(td_fem PROPERTIES SOURCES "${sources}")
  target_link_libraries(td_fem PUBLIC ${CMAKE_DL_LIBS})
  set(mesh_kernel_flags -O3 -fopenmp-simd -ffp-contract=fast)
  set_source_files_properties(fem/mesh_kernel_baseline.cc PROPERTIES
    COMPILE_OPTIONS "${mesh_kernel_flags}")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    set_source_files_properties(fem/mesh_kernel_avx2.cc PROPERTIES
      COMPILE_OPTIONS "${mesh_kernel_flags};-march=x86-64-v3")
  endif()

  if(THERMODOSE_MESH_ENGINE)
    find_package(deal.II 9.4 REQUIRED)
    add_library(thermodose_mesh MODULE ${module_sources}
      ${CMAKE_CURRENT_SOURCE_DIR}/geometry/octree_rule.cc ${CMAKE_CURRENT_SOURCE_DIR}/base/error.cc)
    target_link_libraries(thermodose_mesh PRIVATE thermodose_options)
    target_include_directories(thermodose_mesh SYSTEM PRIVATE ${DEAL_II_INCLUDE_DIRS})
    target_compile_definitions(thermodose_mesh PRIVATE BOOST_NO_AUTO_PTR OMPI_SKIP_MPICXX)
    # Only what the module itself calls; the rest comes in behind libdeal.ii.
    target_link_libraries(thermodose_mesh PRIVATE deal.ii petsc)
    target_link_options(thermodose_mesh PRIVATE -Wl,--as-needed)
    set_target_properties(thermodose_mesh PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} CXX_VISIBILITY_PRESET hidden)

    # Whoever runs the engine needs the module beside it.
    function(thermodose_need_mesh_module)
      foreach(user thermodose test_fem test_run)
        if(TARGET ${user})
          add_dependencies(${user} thermodose_mesh)
        endif()
      endforeach()
    endfunction()
    cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL thermodose_need_mesh_module)
  endif()
endif()
# --- end of mesh engine ------------------------------------------------------------------------
