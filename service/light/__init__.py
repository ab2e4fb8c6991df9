"""Hot reads: endpoints below FastAPI's machinery, on connections without a pool's proxy."""
