"""What the sources say: bytes, directives, macros, conditions, include paths."""
