# Implements: what the room output links.
# HDF5: the OpenMPI build, because deal.II links that one and a program must not hold two. It is
# used serially; MPI is never initialised by this room.
pkg_check_modules(THERMODOSE_HDF5 REQUIRED IMPORTED_TARGET hdf5-openmpi)
set(HDF5_VERSION ${THERMODOSE_HDF5_VERSION})
if(TARGET td_output)
  target_link_libraries(td_output PUBLIC PkgConfig::THERMODOSE_HDF5
    PRIVATE nlohmann_json::nlohmann_json)
endif()
