"""The values that everything else is about: documents, spans, layers, schemes, changes."""
