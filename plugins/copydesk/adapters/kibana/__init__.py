"""Kibana: the saved objects that show the articles, and the way to put them there."""
