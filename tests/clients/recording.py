"""A client's traffic, written down where it leaves the client, by an httpx transport."""

from collections.abc import AsyncIterator

import httpx

from conformance.driving.connection import pairs
from conformance.evidence.recorder import Recorder


class RecordingTransport(httpx.AsyncBaseTransport):
    """Sends over a real socket and records under one client's label."""

    def __init__(self, recorder: Recorder, label: str = "client") -> None:
        self._recorder = recorder
        self._label = label
        self._wire = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and hand the answer on while it comes."""
        body = await request.aread()
        number = self._recorder.request(self._label, request.method, str(request.url), pairs(request.headers), body)
        try:
            response = await self._wire.handle_async_request(request)
        except BaseException as error:
            self._recorder.lost(number, str(error))
            raise
        self._recorder.head(number, response.status_code, pairs(response.headers))
        assert isinstance(response.stream, httpx.AsyncByteStream)
        heard = _Heard(self._recorder, number, response.stream)
        return httpx.Response(response.status_code, headers=response.headers, stream=heard)

    async def aclose(self) -> None:
        await self._wire.aclose()


class _Heard(httpx.AsyncByteStream):
    """The body of an answer, recorded as it passes; whoever closes it before its end has hung up."""

    def __init__(self, recorder: Recorder, number: int, stream: httpx.AsyncByteStream) -> None:
        self._recorder = recorder
        self._number = number
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._stream:
                self._recorder.chunk(self._number, chunk)
                yield chunk
        except httpx.HTTPError as error:
            self._recorder.lost(self._number, str(error))
            raise
        self._recorder.end(self._number)

    async def aclose(self) -> None:
        if self._recorder.is_open(self._number):
            self._recorder.lost(self._number, "", "hung up")
        await self._stream.aclose()
