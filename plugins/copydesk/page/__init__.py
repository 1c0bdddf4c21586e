"""The page: what people look at in a browser, inside Airflow and alone. It asks views, and renders what they answer.

Each page is a function from a `Desk` and what the address asks for to a `Shown`: a template and plain values, which are
also its JSON twin. `app.py` puts them on the web; who may see them is decided by whoever mounts it.
"""
