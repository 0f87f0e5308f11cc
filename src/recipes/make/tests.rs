//! Tests of the reading of Makefiles.
