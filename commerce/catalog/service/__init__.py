"""Rules of the catalogue that need data, a file for each aggregate."""
