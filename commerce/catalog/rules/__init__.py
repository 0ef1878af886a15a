"""Rules of the catalogue that need no data, a file for each thing they are about."""
