// The one place where Catch2's implementation and main() are compiled.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
