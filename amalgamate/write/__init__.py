"""How it is put down: templates, bytes with provenance, files on disk."""
