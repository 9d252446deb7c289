"""What may be chosen for an export: how layers are fitted into a format."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict, fields

from annotations.errors import FormatError
from annotations.formats.writing.tokens import TOKENS, Tokens
from annotations.model.scheme import CLITICS, Clitics, Scheme

Rule: TypeAlias = Literal["outermost", "innermost", "priority"]
RULES: Final[tuple[Rule, ...]] = ("outermost", "innermost", "priority")
Tags: TypeAlias = Literal["bio", "bilou"]
TAGS: Final[tuple[Tags, ...]] = ("bio", "bilou")
Files: TypeAlias = Literal["jsonl", "parquet"]
FILES: Final[tuple[Files, ...]] = ("jsonl", "parquet")
Cas: TypeAlias = Literal["json", "xmi"]
CAS: Final[tuple[Cas, ...]] = ("json", "xmi")
DEFAULT_WIDTH: Final = 12
"""Words that GLiNER takes in a span unless its configuration says otherwise."""


class Choices(Struct, frozen=True):
    """How layers are to be fitted into a format."""

    labels: tuple[str, ...] = ()
    """Only spans of these labels; none given means all."""
    relations: bool = True
    clitics: Clitics = "exclude"
    """Whether spans that leave proclitics out are widened to the word."""
    tokens: Tokens = "span-cut"
    rule: Rule = "outermost"
    """Which of two spans a flat layer of tags takes."""
    priority: tuple[str, ...] = ()
    """Labels, the first wins; for the rule "priority", and where the others leave a tie."""
    one_layer: bool = False
    """Whether all labels share one flat layer, instead of one for each group."""
    groups: tuple[tuple[str, ...], ...] = ()
    """Labels that share a flat layer; none given means those that the scheme suggests."""
    max_width: int = DEFAULT_WIDTH
    """Words that a span may have, where a format has a limit."""
    tags: Tags = "bio"
    files: Files = "jsonl"
    cas: Cas = "json"

    def record(self) -> dict[str, Any]:
        """Return them as JSON may say them."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Choices":
        """Read what `record` returned.

        Raises:
            FormatError: It is nothing of the kind.
        """
        values = {item.name: record[item.name] for item in fields(cls) if item.name in record}
        try:
            for name in ("labels", "priority"):
                values[name] = tuple(map(str, values.get(name, ())))
            values["groups"] = tuple(tuple(map(str, group)) for group in values.get("groups", ()))
            for name, known in _KNOWN.items():
                if values.get(name, known[0]) not in known:
                    raise ValueError(f"{name} {values[name]!r}")
            values["max_width"] = int(values.get("max_width", DEFAULT_WIDTH))
        except (TypeError, ValueError) as error:
            raise FormatError(f"The report says {error}, which is no choice.") from error
        return cls(**values)


_KNOWN: Final[Mapping[str, Sequence[str]]] = {
    "clitics": CLITICS, "tokens": TOKENS, "rule": RULES, "tags": TAGS, "files": FILES, "cas": CAS,
}  # fmt: skip


def flat_groups(scheme: Scheme, choices: Choices) -> dict[str, tuple[str, ...]]:
    """Choose which labels share a flat layer.

    Unless chosen otherwise, the labels that are tinted in the text share one, named `entities`,
    and each label that has lanes of its own has one, named after it: those are long and hold
    others.

    Returns:
        Labels by the name of their layer, in order.

    Raises:
        FormatError: A group names a label that the scheme has not.
    """
    wanted = [name for name in scheme.label_names if name in (choices.labels or scheme.label_names)]
    for label in (*choices.labels, *choices.priority, *sum(choices.groups, ())):
        if label not in scheme.label_names:
            names = ", ".join(scheme.label_names)
            raise FormatError(f"The scheme has no label {label!r}; there are: {names}.")
    if choices.one_layer:
        return {"spans": tuple(wanted)} if wanted else {}
    if choices.groups:
        grouped = [tuple(name for name in group if name in wanted) for group in choices.groups]
        named = [label for group in grouped for label in group]
        if len(set(named)) < len(named):
            raise FormatError("--layers names a label twice.")
        grouped += [(name,) for name in wanted if name not in named]
        return _named([("-".join(group), group) for group in grouped if group])
    tinted = tuple(name for name in wanted if scheme.label(name).mark == "tint")
    found = [("entities" if len(tinted) > 1 else tinted[0], tinted)] if tinted else []
    return _named([*found, *((name, (name,)) for name in wanted if name not in tinted)])


def _named(groups: Sequence[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Return a name for each group that no other has."""
    found: dict[str, tuple[str, ...]] = {}
    for wanted, labels in groups:
        name = wanted
        while name in found:
            name += "_"
        found[name] = labels
    return found
