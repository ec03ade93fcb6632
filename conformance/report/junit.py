"""Verdicts as JUnit XML, for traces that are judged without pytest: the same names and texts as pytest writes."""

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from conformance.evidence.trace import Trace
from conformance.judging.check import Verdict
from conformance.judging.judge import Judgement
from conformance.report.summary import again, full, plain

_SKIPPED = (Verdict.NOT_SEEN, Verdict.NOT_APPLICABLE)


def junit(judgements: Sequence[Judgement], trace: Trace, *, strict: bool = False) -> str:
    """One document with a test case for each judgement. With `strict`, warnings and what was not seen fail."""
    judged = [judgement for judgement in judgements if judgement.verdict is not Verdict.UNCHECKED]
    cases = [_case(judgement, trace, strict) for judgement in judged]
    suite = ET.Element("testsuite", name="mcp", tests=str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    suite.extend(cases)
    root = ET.Element("testsuites")
    root.append(suite)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def fails(judgement: Judgement, strict: bool) -> bool:
    """Whether a verdict makes a run fail."""
    strictly = (Verdict.WARN, Verdict.NOT_SEEN) if strict else ()
    return judgement.verdict in (Verdict.FAIL, Verdict.ERROR, *strictly)


def _case(judgement: Judgement, trace: Trace, strict: bool) -> ET.Element:
    row, verdict = judgement.requirement, judgement.verdict
    case = ET.Element("testcase", classname=f"mcp.{row.revision}", name=row.key, time="0")
    properties = ET.SubElement(case, "properties")
    ET.SubElement(properties, "property", name="mcp_verdict", value=verdict.value)
    text = full(judgement, trace)
    if verdict in (Verdict.FAIL, Verdict.WARN):
        ET.SubElement(properties, "property", name="mcp_seen", value=text)
        ET.SubElement(properties, "property", name="mcp_again", value="\n".join(again(judgement, trace)))
    if verdict is Verdict.ERROR:
        ET.SubElement(case, "error", message="a mistake of ours").text = _printable(judgement.why)
    elif fails(judgement, strict):
        ET.SubElement(case, "failure", message=text.partition("\n")[0]).text = text
    elif verdict in _SKIPPED:
        ET.SubElement(case, "skipped", message=text)
    return case


def _printable(text: str) -> str:
    return "\n".join(plain(line) for line in text.splitlines())
