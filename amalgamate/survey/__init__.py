"""What a folder without a configuration holds, and the configuration that suits it."""
