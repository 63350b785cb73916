"""Pages that one person sees of themself."""
