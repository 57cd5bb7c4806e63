// Carries the precompiled header of Catch2 that the test programs reuse.
