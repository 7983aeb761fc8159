"""Headers that every answer has, and those that let scripts of other sites ask.

Nothing here knows who asks: no cookie, no login that a browser would send by itself. So any site may read; a
program that has a token may write from any site, too, for it must send the token itself.
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
    "Access-Control-Expose-Headers": (
        "Allow, Certainty, Content-Disposition, Data-Version, ETag, Federated, Incomplete, Known-At, Link, Location,"
        " Merged, Other-Certainty, Recorded-At, Retry-After, Valid-At, WWW-Authenticate, X-Cache, X-Request-Id"
    ),
}
# What a browser asks before it sends ``application/sparql-query``, or a token.
PREFLIGHT: Final = {
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-Match, If-None-Match, X-Request-Id",
    "Access-Control-Max-Age": "86400",
}
