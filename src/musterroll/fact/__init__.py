"""What is held true of a person: attributes of closed kinds, records, timelines, derivations, conflicts. Plain library."""
