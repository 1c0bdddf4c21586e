"""What is known of an outlet: the desk's selectors, and the lines that stand on page after page."""
