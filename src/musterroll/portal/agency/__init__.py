"""The door for agencies' programs: JSON, no pages. A signature is what opens it."""
