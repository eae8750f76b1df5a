"""An emulated service: a seeded world of hot updates behind the real path, headers, signature and errors.

`world` says what the service would answer at a time, `service` answers over ASGI, `serve` puts it on loopback.
"""
