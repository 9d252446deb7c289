"""What the readers of formats share: records, and the files they come from."""
