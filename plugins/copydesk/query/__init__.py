"""Which text meets which query: the words of a text, and the evaluator of topics. Pure."""
