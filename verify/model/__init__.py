"""Frozen records, and nothing else: what flows between the rooms. No I/O, no image library."""
