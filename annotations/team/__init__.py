"""Several annotators: who has which article, how far each is, two versions of one layer."""
