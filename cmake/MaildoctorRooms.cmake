# Compiler settings and the functions that declare rooms, their tests and their fuzz targets.
include(GNUInstallDirs)
find_package(PkgConfig REQUIRED)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines: use clang++-19 or GCC 14 and newer (docs/adr/0001).")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)   # -fPIE below: one code model for libraries, programs and precompiled headers
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(MAILDOCTOR_CCACHE ccache)
if(MAILDOCTOR_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1   # two checkouts of the same sources share their objects
      ${MAILDOCTOR_CCACHE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  find_program(MAILDOCTOR_LLD NAMES ld.lld-19)
  if(MAILDOCTOR_LLD)
    add_link_options(-fuse-ld=${MAILDOCTOR_LLD})
  endif()
  add_compile_options(-Xclang -fno-pch-timestamp)   # lets ccache reuse objects that were built with a precompiled header
endif()
add_compile_options(-fPIE -fno-omit-frame-pointer -fstack-protector-strong)
# What people run: the C library checks the bounds that it knows, calls go to marked places only (both free of cost), and
# no path of the build stands in the program.
add_compile_options("$<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2;-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.;-ffile-prefix-map=${PROJECT_BINARY_DIR}=build>")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_options("$<$<CONFIG:Release>:-fcf-protection=full>")
endif()
add_link_options(-pie -Wl,--as-needed -Wl,-z,relro,-z,now)

if(MAILDOCTOR_SANITIZE)
  add_compile_options(-fsanitize=${MAILDOCTOR_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MAILDOCTOR_SANITIZE})
endif()
if(MAILDOCTOR_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Warnings for our own targets only; dependencies keep their own flags.
add_library(maildoctor_flags INTERFACE)
target_compile_options(maildoctor_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wnull-dereference $<$<BOOL:${MAILDOCTOR_WERROR}>:-Werror>)

# maildoctor_pkg(target pkg-config-name): an imported target for a library that only ships a .pc file.
function(maildoctor_pkg target name)
  if(NOT TARGET PkgConfig::${target})
    pkg_check_modules(${target} REQUIRED IMPORTED_TARGET GLOBAL ${name})
  endif()
endfunction()

# maildoctor_room(name SOURCES ... PUBLIC <seen in headers> PRIVATE <only in .cpp>): one room of core/.
function(maildoctor_room name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(maildoctor_${name} STATIC ${arg_SOURCES})
  add_library(maildoctor::${name} ALIAS maildoctor_${name})
  target_include_directories(maildoctor_${name} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
  target_link_libraries(maildoctor_${name} PUBLIC ${arg_PUBLIC} PRIVATE maildoctor_flags ${arg_PRIVATE})
endfunction()

# maildoctor_test(room SOURCES ... LINK ...): one Catch2 program a room, run as test "unit.<room>".
function(maildoctor_test room)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK;LABELS")
  add_executable(maildoctor_tests_${room} ${arg_SOURCES})
  target_link_libraries(maildoctor_tests_${room} PRIVATE maildoctor_flags maildoctor_catch ${arg_LINK})
  target_precompile_headers(maildoctor_tests_${room} REUSE_FROM maildoctor_catch)
  target_compile_definitions(maildoctor_tests_${room} PRIVATE
    MAILDOCTOR_SOURCE_DIR="${PROJECT_SOURCE_DIR}" MAILDOCTOR_BINARY_DIR="${PROJECT_BINARY_DIR}")
  add_test(NAME unit.${room} COMMAND maildoctor_tests_${room})
  set_tests_properties(unit.${room} PROPERTIES LABELS "unit;${arg_LABELS}" TIMEOUT 300)
endfunction()

# maildoctor_fuzz(name SOURCE file CORPUS dir LINK ...): libFuzzer under MAILDOCTOR_FUZZ; always a program that replays the corpus.
function(maildoctor_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE;CORPUS" "LINK")
  if(MAILDOCTOR_FUZZ)
    add_executable(fuzz_${name} ${arg_SOURCE})
    target_link_libraries(fuzz_${name} PRIVATE maildoctor_flags ${arg_LINK})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set_property(GLOBAL APPEND PROPERTY MAILDOCTOR_FUZZ_TARGETS fuzz_${name})
  endif()
  add_executable(replay_${name} ${arg_SOURCE} ${PROJECT_SOURCE_DIR}/tests/support/replay_main.cpp)
  target_link_libraries(replay_${name} PRIVATE maildoctor_flags ${arg_LINK})
  add_test(NAME replay.${name} COMMAND replay_${name} ${arg_CORPUS})
  set_tests_properties(replay.${name} PROPERTIES LABELS "unit;fuzz" TIMEOUT 120)
endfunction()
