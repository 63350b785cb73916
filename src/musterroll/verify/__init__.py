"""The outsider's tool: one file on the standard library alone, importing nothing of this package."""
