"""With --auth: the endpoint as a protected resource, and an issuer of tokens for tests."""
