"""The layout engine: from code points in logical order to cells in visual order and back."""
