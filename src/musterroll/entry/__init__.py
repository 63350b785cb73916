"""What each act writes into the ledger: its kind, its public part, its sealed part. Plain library."""
