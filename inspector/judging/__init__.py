"""Live traffic before the judge: evidence in a window that is bounded, looked at again and again as it grows."""
