"""Whether everything in a store is sound, and how it is repaired."""
