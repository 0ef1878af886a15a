"""The log of what happened, numbered once it is committed and read in that order."""
