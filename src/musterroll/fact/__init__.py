"""What is held true of a person: attributes of closed kinds, timelines, derivations, conflicts. Plain library."""
