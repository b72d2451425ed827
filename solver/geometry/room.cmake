# Implements: what the room geometry links, and its module with ITK; included by
# solver/CMakeLists.txt after td_geometry exists.
# ITK lives in a module that is loaded on demand (geometry/image_module.h): linked directly, it
# would cost every start of the program its libraries.
if(TARGET td_geometry)
  get_target_property(sources td_geometry SOURCES)
  set(module_sources ${sources})
  list(FILTER module_sources INCLUDE REGEX "_itk\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_itk\\.cc$")
  set_target_properties(td_geometry PROPERTIES SOURCES "${sources}")
  # Surfaces in files (.vtp): XML and its compressed blocks.
  find_package(EXPAT REQUIRED)
  find_package(ZLIB REQUIRED)
  target_link_libraries(td_geometry PUBLIC yaml-cpp EXPAT::EXPAT ZLIB::ZLIB ${CMAKE_DL_LIBS})

  if(THERMODOSE_IMAGES)
    # The components asked for keep ITK's serial HDF5 out. A function, because the packages that
    # ITK's configuration looks at leave variables behind; they also list programs that they miss,
    # a hundred lines that mean nothing here.
    function(thermodose_find_itk)
      set(CMAKE_MESSAGE_LOG_LEVEL NOTICE)
      find_package(ITK 5.2 REQUIRED COMPONENTS
        ITKCommon ITKIOImageBase ITKIONIFTI ITKIONRRD ITKIOMeta)
      foreach(name ITK_INCLUDE_DIRS ITK_LIBRARIES)
        set(${name} ${${name}} PARENT_SCOPE)
      endforeach()
      set(ITK_VERSION ${ITK_VERSION_MAJOR}.${ITK_VERSION_MINOR}.${ITK_VERSION_PATCH} PARENT_SCOPE)
    endfunction()
    thermodose_find_itk()
    add_library(thermodose_image MODULE ${module_sources}
      ${CMAKE_CURRENT_SOURCE_DIR}/geometry/image_grid.cc ${CMAKE_CURRENT_SOURCE_DIR}/base/text.cc)
    target_include_directories(thermodose_image SYSTEM PRIVATE ${ITK_INCLUDE_DIRS})
    target_link_libraries(thermodose_image PRIVATE thermodose_options ${ITK_LIBRARIES})
    target_link_options(thermodose_image PRIVATE -Wl,--as-needed)
    set_target_properties(thermodose_image PROPERTIES
      LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} CXX_VISIBILITY_PRESET hidden)

    # Whoever reads images needs the module beside it.
    function(thermodose_need_image_module)
      foreach(user thermodose test_geometry test_run)
        if(TARGET ${user})
          add_dependencies(${user} thermodose_image)
        endif()
      endforeach()
    endfunction()
    cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL thermodose_need_image_module)
  endif()
endif()
