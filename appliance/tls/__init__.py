"""TLS: the box's own certificate authority, its certificate, and a site's own."""
