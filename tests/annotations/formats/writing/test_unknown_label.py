"""A span whose label the scheme no longer has is a loss where only flat layers are written."""

import pytest

from annotations.formats.losses import judge
from annotations.formats.registry import all_formats
from annotations.formats.writing.choices import Choices
from annotations.formats.writing.fitting import fit
from annotations.model.layer import Document, Layer, Span
from annotations.model.scheme import DEFAULT_SCHEME


@pytest.mark.parametrize("name", [item.name for item in all_formats()])
def test_it_is_carried_or_told_by_every_format(name: str) -> None:
    format_ = next(item for item in all_formats() if item.name == name)
    document = Document("a", "the army left")
    spans = [Span("s1", 4, 8, "actor"), Span("s2", 9, 13, "vehicle")]
    layer = Layer("a", document.sha256, "layla").with_spans(spans)
    fitted = fit(document, layer, DEFAULT_SCHEME, format_.carries_with(Choices()), Choices())
    results = {item.id: item for item in judge(layer, fitted.layer, fitted.reasons)}
    if format_.carries.flat == "only":
        assert results["s2"].result == "lost"
        assert [reason.loss for reason in results["s2"].reasons] == ["labels"]
    else:
        assert results["s2"].now is not None
