"""Articles and what annotators say of them: data model, store, formats. Knows no user interface."""
