# Flags of the room `physics`; included by solver/CMakeLists.txt after td_physics exists.
if(TARGET td_physics)
  set_source_files_properties(physics/segment_batch.cc PROPERTIES
    COMPILE_OPTIONS "-O3;-fopenmp-simd")
endif()
