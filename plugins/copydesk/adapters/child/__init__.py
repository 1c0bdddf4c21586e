"""The Reader: pages are read in a child process, which bounds what a page can cost."""
