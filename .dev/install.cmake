# What is installed, in two components: `tool` (the command with its man pages and completions) and `library`
# (headers, static library, CMake package, pkg-config). And what cpack makes of the first.
include(CMakePackageConfigHelpers)

# --- library
install(TARGETS jwtdomain EXPORT jwtdomain COMPONENT library
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
foreach(header IN LISTS lib_headers)
  file(STRINGS ${header} internal REGEX "^// Internal: ") # such headers serve the library's own sources
  if(internal)
    continue()
  endif()
  cmake_path(RELATIVE_PATH header BASE_DIRECTORY ${PROJECT_SOURCE_DIR}/lib OUTPUT_VARIABLE relative)
  cmake_path(GET relative PARENT_PATH room)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/jwtdomain/${room} COMPONENT library)
endforeach()
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/jwtdomain)
install(EXPORT jwtdomain NAMESPACE jwtdomain:: FILE jwtdomainTargets.cmake DESTINATION ${package_dir} COMPONENT library)
configure_package_config_file(.dev/jwtdomainConfig.cmake.in jwtdomainConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(jwtdomainConfigVersion.cmake COMPATIBILITY SameMinorVersion)
file(RELATIVE_PATH pc_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /) # the installed tree can be moved
configure_file(.dev/jwtdomain.pc.in jwtdomain.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/jwtdomainConfig.cmake ${PROJECT_BINARY_DIR}/jwtdomainConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT library)
install(FILES ${PROJECT_BINARY_DIR}/jwtdomain.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)

# --- tool
if(TARGET jwtdomain_binary)
  install(TARGETS jwtdomain_binary RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tool)
endif()
file(GLOB man_pages CONFIGURE_DEPENDS man/*.1)
install(FILES ${man_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tool)
if(EXISTS ${PROJECT_SOURCE_DIR}/completions)
  install(FILES completions/jwtdomain.bash RENAME jwtdomain
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tool)
  install(FILES completions/_jwtdomain
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/$<IF:$<BOOL:${JWTDOMAIN_STATIC}>,site-functions,vendor-completions>
          COMPONENT tool)
  install(FILES completions/jwtdomain.fish
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT tool)
endif()

# --- packages: a .deb with Debian's shared libraries, so that security updates reach it; else a tarball
set(CPACK_PACKAGE_NAME jwtdomain)
set(CPACK_PACKAGE_VENDOR "the jwtdomain authors")
set(CPACK_PACKAGE_CONTACT "The jwtdomain authors <jwtdomain@example.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "prove, mint and verify domain-bound JSON Web Tokens")
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};jwtdomain;tool;/")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
if(JWTDOMAIN_STATIC)
  set(CPACK_GENERATOR TGZ)
  set(CPACK_PACKAGE_FILE_NAME jwtdomain-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
  set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/.dev/checksums.cmake)
  install(FILES .dev/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/jwtdomain COMPONENT tool)
else()
  set(CPACK_GENERATOR DEB)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_NAME jwtdomain)
  set(CPACK_DEBIAN_PACKAGE_SECTION utils)
  set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libcurl4 (>= 7.85), git, libarchive13, liblzma5, libbz2-1.0, libzstd1, libsqlite3-0, libgmp10") # loaded when they are needed
  set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/.dev/debianise.cmake)
  file(STRINGS .dev/description.txt description_lines)
  list(JOIN description_lines "\n" CPACK_DEBIAN_PACKAGE_DESCRIPTION)
  install(FILES .dev/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/jwtdomain COMPONENT tool)
  install(FILES .dev/changelog DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/jwtdomain COMPONENT tool)
endif()
include(CPack)
