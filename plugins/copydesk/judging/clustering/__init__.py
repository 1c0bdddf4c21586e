"""Which texts of a set are copies, and which tell one story: a pure function of the set, in any order."""
