"""Rules of staff that need data, a file for each thing they are about."""
