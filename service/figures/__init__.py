"""Static maps over HTTP: drawn by processes beside the server, kept for a while, and refused when
too many are asked for. The server itself never imports what draws.
"""
