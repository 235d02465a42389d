# libcib: all rooms in one archive, its headers, and a pkg-config file for other programs (lib/cib.h is its manual).
# include(cmake/library.cmake) after the last cib_room.
get_property(rooms GLOBAL PROPERTY CIB_ROOMS)
set(objects $<TARGET_OBJECTS:cib_embedded> $<TARGET_OBJECTS:cib_app_assets>)
foreach(room ${rooms})
  get_target_property(type cib_${room} TYPE)
  if(type STREQUAL "STATIC_LIBRARY")
    list(APPEND objects $<TARGET_OBJECTS:cib_${room}>)
  endif()
endforeach()
add_library(libcib STATIC ${objects})
set_target_properties(libcib PROPERTIES OUTPUT_NAME cib LINKER_LANGUAGE C)

include(GNUInstallDirs)
install(TARGETS libcib DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES lib/cib.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cib)
file(STRINGS lib/cib.h public REGEX "^#include \"") # what it includes is public
foreach(line ${public})
  string(REGEX REPLACE "^#include \"(([a-z]+)/[a-z_]+[.]h)\"" "\\1;\\2" header "${line}")
  list(GET header 1 room)
  list(GET header 0 file)
  install(FILES lib/${file} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cib/${room})
endforeach()

# The pkg-config modules that the rooms' lines name.
get_property(modules GLOBAL PROPERTY CIB_MODULES)
list(REMOVE_DUPLICATES modules)
list(JOIN modules " " CIB_PC_MODULES)
file(RELATIVE_PATH CIB_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/cib.pc.in cib.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/cib.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
