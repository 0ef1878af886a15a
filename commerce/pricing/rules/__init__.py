"""Rules of prices and of what is charged for them. No module here reads or writes anything."""
