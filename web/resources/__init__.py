"""Every resource of the API as a page that a person would read.

A page is made from the very JSON document of the resource, so it holds what that holds: what no
part of the page knows how to show stands under "More" as it is.
"""

from web.resources.page import Kind, resource_page

__all__ = ["Kind", "resource_page"]
