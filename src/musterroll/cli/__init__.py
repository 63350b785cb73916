"""The one command, `muster`: thin over the acts."""
