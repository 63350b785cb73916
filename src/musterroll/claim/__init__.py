"""What a person says against it: grounds, filings and what a filing holds. Plain library."""
