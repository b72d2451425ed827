# Flags of the room `run`; included by solver/CMakeLists.txt after td_run exists.
if(TARGET td_run)
  set_source_files_properties(run/field_recorder.cc PROPERTIES
    COMPILE_OPTIONS "-O3;-fopenmp-simd")
endif()
