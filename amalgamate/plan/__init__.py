"""What the one file will hold: the walk over the translation units and its edits."""
