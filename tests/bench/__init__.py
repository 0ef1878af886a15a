"""`make bench`: the server beside a hand-written reference, on the same data, in one run."""
