"""What the library's numbers are measured with."""
