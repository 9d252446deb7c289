"""Arabic text by itself: where letters, words and sentences end, what spellings fold alike."""
