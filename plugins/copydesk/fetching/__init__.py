"""Sources to registered captures: poll, enter, capture; what is due, what was answered, what a cursor remembers."""
