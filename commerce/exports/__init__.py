"""Products, customers and orders as files, written beside requests and handed out for a while."""
