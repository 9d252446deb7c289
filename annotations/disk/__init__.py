"""Bytes and file names: how a file reaches the disk whole, or not at all."""
