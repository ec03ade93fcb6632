"""A client turned loose on the real reference server, and what was recorded of it."""

import anyio
import httpx

from conformance.evidence.recorder import Recorder
from conformance.evidence.trace import Party, Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement, judge
from reference_server.options import Options
from reference_server.serving import serve
from tests.clients.recording import RecordingTransport
from tests.clients.talking import Talker

_LONGEST = 60.0  # seconds that a client may live, even one that goes wrong on a busy machine


def life_of(kind: type[Talker], revision: str, options: Options | None = None) -> Trace:
    """Everything that a client of this kind says and hears, as live traffic is recorded."""
    with serve(kind.server(options or kind.options)) as url:
        recorder = Recorder(target=url)

        async def live() -> None:
            async with httpx.AsyncClient(transport=RecordingTransport(recorder)) as http:
                with anyio.fail_after(_LONGEST):
                    await kind(http, url, revision).live()

        anyio.run(live)
        return recorder.trace()


def verdicts(trace: Trace, revision: str, party: Party, *wanted: Verdict) -> dict[str, str]:
    """The requirements with one of these verdicts, and what decided; for readable assertions."""
    return {j.key: _reason(j) for j in judge(trace, revision, party=party) if j.verdict in wanted}


def _reason(judgement: Judgement) -> str:
    return judgement.why or "; ".join(finding.seen for finding in judgement.decisive[:3])
