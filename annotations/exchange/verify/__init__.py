"""Reading exports back with libraries that are not ours, and comparing span by span."""
