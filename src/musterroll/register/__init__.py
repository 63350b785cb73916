"""The stored record: models, acts, queries, permissions, keys and the clock (Django, PostgreSQL)."""
