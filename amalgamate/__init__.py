"""Turn a C or C++ library into one source file and one C header."""

__version__ = "0.1.0"
