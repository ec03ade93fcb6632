"""The server: all layers together, and how they work.

A request comes in at the top and sinks; a message goes up again.  Each layer is a class that extends the one
below it and knows nothing of those above:

    ReferenceServer   the whole
    HttpSse           two endpoints beside it for 2024-11-05, if asked for: a stream, and a place to send to
    Transport         the endpoint: who may talk, GET, DELETE
    Sending           POST, the choice of the era, and the era of sessions
    TasksExtension    tasks without a session, an extension of 2026-07-28
    Modern            the era without: admit a request, answer it, cancel it with its connection
    Discovery         server/discover; type, server and cache hints of every result
    Params            the headers that repeat arguments
    Metadata          `_meta`, version, and the headers that repeat the body
    Answering         refusals, 202, JSON, event streams
    Dispatch          requests to methods, as tasks that can be cancelled
    Tasks Background  calls that go on behind their answer
    Prompts Resources Tools   what is offered
    Paging            lists on several pages
    Lifecycle         initialize, initialized, ping, cancelled
    Reporting         progress, logs, changes
    Subscriptions     who listens to changes without a session
    Inputs            questions to the client, in both eras, and what became of them
    RequestState      what the client carries from one attempt to the next, sealed
    Wording           what those say: forms, addresses, conversations
    Asking            requests to the client
    Streams           routing, event ids, priming, polling, resumption
    Sessions          begin, find, end
    Versions          which revisions, negotiation, version header
    ProtectedResource With --auth: tokens, scopes, and what is said where they are wanting
    Granting Issuer   the issuer of these tokens, for tests only
    Gate              Origin, CORS, bearer token
    Messages          JSON-RPC, JSON, SSE, UTF-8

`Call` is a request in flight, `Stream` an SSE stream, `Leg` one connection that carries it.  A call's task
yields its response, `settle` puts it on the call's stream, and the stream ends after the last.  A message of
ours passes `place`, which asks `stream_for` where it belongs, then `append`, which stores it before it is
written.

The era is chosen per POST (`era_of`).  In the era of sessions nothing that happens to a connection touches a
call.  In the modern era a call has a passing `Session` of its own, made from the request and forgotten with it;
handlers are the same and ask `call.modern` where the rules differ.

Every decision that could be got wrong is one short method whose docstring is the rule.  A fault overrides one.
"""

from reference_server.http_sse import HttpSse


class ReferenceServer(HttpSse):
    """An ASGI application that serves MCP by the book."""
