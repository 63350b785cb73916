"""What an agency sends: declared sources, manifests, row checks and the plausibility gate. Plain library."""
