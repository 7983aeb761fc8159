"""Headers that every answer has, and those that let scripts of other sites ask.

Nothing here knows who asks: no cookie, no login. So any site may read, and no credentials are taken.
"""

from typing import Final

# No script, no frame, nothing from elsewhere; links and forms lead here only.
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Link",
}
# What a browser asks before it sends ``application/sparql-query``.
PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
