"""An emulated service: a seeded simulation of hot updates behind the real path, headers, signature and errors.

`simulation` computes the service's answers at a given time, `service` is the ASGI application, and `server` serves it
on a loopback port.
"""
