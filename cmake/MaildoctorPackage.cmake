# What `cmake --install` lays out, and the Debian packages that `cpack` makes: maildoctor and, where the window is built,
# maildoctor-gui. The same sources give the same octets: `cpack` takes its times from SOURCE_DATE_EPOCH, or from the
# date of the rules.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)   # cpack builds nothing: the tests need not be built for a package

set(package_data ${PROJECT_SOURCE_DIR}/cmake/package)
set(package_made ${PROJECT_BINARY_DIR}/generated/package)
file(MAKE_DIRECTORY ${package_made})

# Manual pages and completions come from the program itself, so that they say what --help says.
set(help_made ${PROJECT_BINARY_DIR}/generated/help)
add_custom_command(OUTPUT ${help_made}/made
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${help_made}
  COMMAND $<TARGET_FILE:maildoctor> generate ${help_made}
  COMMAND ${PROJECT_SOURCE_DIR}/script/sbom $<TARGET_FILE:maildoctor> ${PROJECT_VERSION} > ${help_made}/maildoctor.spdx.json
  COMMAND ${CMAKE_COMMAND} -E touch ${help_made}/made
  DEPENDS maildoctor COMMENT "Writing the manual pages, the completions and the list of parts" VERBATIM)
add_custom_target(maildoctor_help ALL DEPENDS ${help_made}/made)

install(DIRECTORY ${help_made}/man1/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program FILES_MATCHING PATTERN "*.1")
install(FILES ${help_made}/completions/maildoctor.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME maildoctor COMPONENT program)
install(FILES ${help_made}/completions/maildoctor.zsh DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
  RENAME _maildoctor COMPONENT program)
install(FILES ${help_made}/completions/maildoctor.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/rules DESTINATION ${CMAKE_INSTALL_DATADIR}/maildoctor COMPONENT program
  FILES_MATCHING PATTERN "*.toml" PATTERN "*.tsv" PATTERN "*.json")

# The papers that a Debian package has.
file(READ ${PROJECT_SOURCE_DIR}/rules/pack.toml pack_text)
string(REGEX MATCH "date = \"([0-9-]+)\"" ignored "${pack_text}")
set(package_date ${CMAKE_MATCH_1})
if(NOT "$ENV{SOURCE_DATE_EPOCH}" STREQUAL "")
  set(package_epoch $ENV{SOURCE_DATE_EPOCH})
else()
  execute_process(COMMAND date -u -d ${package_date} +%s OUTPUT_VARIABLE package_epoch OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C date -u -d @${package_epoch} "+%a, %d %b %Y %H:%M:%S +0000"
  OUTPUT_VARIABLE package_day OUTPUT_STRIP_TRAILING_WHITESPACE)
foreach(name IN ITEMS maildoctor maildoctor-gui)
  set(package_name ${name})
  configure_file(${package_data}/changelog.in ${package_made}/${name}/changelog @ONLY)
  execute_process(COMMAND gzip -9nf ${package_made}/${name}/changelog)
endforeach()
install(FILES ${package_data}/copyright ${package_made}/maildoctor/changelog.gz ${help_made}/maildoctor.spdx.json DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/maildoctor COMPONENT program)

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PACKAGE_NAME maildoctor)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The maildoctor project <maildoctor@maildoctor.example>")
set(CPACK_PACKAGE_HOMEPAGE_URL "https://maildoctor.example/")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};maildoctor;ALL;/")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
set(CPACK_PRE_BUILD_SCRIPTS ${package_made}/finish.cmake)
configure_file(${package_data}/finish.cmake.in ${package_made}/finish.cmake @ONLY)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME maildoctor)
set(CPACK_DEBIAN_PROGRAM_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "ca-certificates, dns-root-data")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
  "find out why e-mail does not work\nmaildoctor tests an account's servers (DNS, SMTP, POP3, IMAP, TLS), explains\nthe errors of mail programs in plain words and says what to do about them.\nIt validates what a provider publishes for mail programs, too.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

if(TARGET maildoctor-gui OR TARGET maildoctor_gui)
  list(APPEND CPACK_COMPONENTS_ALL gui)
  install(FILES ${package_data}/copyright ${package_made}/maildoctor-gui/changelog.gz
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/maildoctor-gui COMPONENT gui)
  configure_file(${PROJECT_SOURCE_DIR}/gui/desktop/maildoctor.metainfo.xml.in ${package_made}/example.maildoctor.maildoctor.metainfo.xml @ONLY)
  install(FILES ${package_made}/example.maildoctor.maildoctor.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo COMPONENT gui)
  set(CPACK_DEBIAN_GUI_PACKAGE_NAME maildoctor-gui)
  set(CPACK_DEBIAN_GUI_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_GUI_PACKAGE_SECTION mail)
  set(CPACK_DEBIAN_GUI_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_GUI_PACKAGE_RECOMMENDS "ca-certificates, dns-root-data, maildoctor")
  set(CPACK_COMPONENT_GUI_DESCRIPTION
    "find out why e-mail does not work (window)\nThe window of maildoctor: tests an account's servers, explains the errors of\nmail programs in plain words and says what to do about them.")
endif()
include(CPack)
