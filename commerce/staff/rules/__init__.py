"""Rules of staff that need no data, a file for each thing they are about."""
