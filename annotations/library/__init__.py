"""All articles with the state of each, from an index that can be thrown away."""
