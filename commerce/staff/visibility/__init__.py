"""Which rows of the staff domain a viewer sees."""
