"""The Archive: WARC segments and small files beside them, below any fsspec address."""
