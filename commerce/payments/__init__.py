"""How money comes in and goes back, and the ledger of it."""
