"""The interfaces: HTTP and the command line."""
