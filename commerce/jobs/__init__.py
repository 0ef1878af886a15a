"""Work that is done beside requests: written down with what asks for it, done by any process."""
