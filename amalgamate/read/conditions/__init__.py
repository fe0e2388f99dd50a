"""Conditions of `#if`: parsed, computed as far as they are known, and what is left of them."""
