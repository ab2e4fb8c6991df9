"""The map: a page that Folium builds and that our own ES modules fill from the public API."""
