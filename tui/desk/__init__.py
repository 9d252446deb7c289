"""What the annotator is doing, without a screen: it imports no Textual."""
