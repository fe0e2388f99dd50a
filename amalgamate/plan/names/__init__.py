"""File-local names that meet in one file: what they are, who means them, and what they are called there."""
