"""What the tables say of themselves, as OpenAPI 3.1. Nothing here asks a database: answers are
made up from the types of the operations, shaped as real ones are, and looked at."""
