"""Names in C and C++ text: what declares them, where they stand, and what they are there."""
