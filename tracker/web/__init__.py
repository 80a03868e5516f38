"""What `tracker serve` answers: an index, pages to confirm and to unsubscribe, feeds and calendars. Nothing else is served.

    request -> a home opened for it alone -> the page, feed or calendar of its path -> conditional answer, headers

`application` routes and guards, `subscribing` has the pages, `publishing` the feeds and calendars, `server` the sockets.
"""
