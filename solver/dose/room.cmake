# Flags of the room `dose`; included by solver/CMakeLists.txt after td_dose exists.
# The models of heat evaluate exponentials for every warm node: their loops must become vector code.
if(TARGET td_dose)
  set_source_files_properties(dose/cem43.cc dose/arrhenius.cc dose/three_state.cc
    PROPERTIES COMPILE_OPTIONS "-O3;-fno-math-errno;-fno-trapping-math")
endif()
