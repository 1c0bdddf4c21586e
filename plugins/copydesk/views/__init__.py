"""What people ask of the desk, answered as values; the command line prints them, a page renders them."""
