"""OGC API resources beside items: landing page, collections, schemas, tiles, descriptions."""
