"""Pages for the person, the public and officers; they read through queries and change through acts."""
