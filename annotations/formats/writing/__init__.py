"""What the writers of formats share: fitting a layer into what a format carries."""
