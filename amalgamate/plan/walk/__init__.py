"""The walk over one unit after the other: what the preprocessor would do, and what the one file holds of it."""
