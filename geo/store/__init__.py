"""How the claims are kept: the private PostGIS, tables, migrations and the only writes."""
