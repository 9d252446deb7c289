"""Taking a document's layer to work on: under its lock, or read only with the reason said."""

from msgspec import Struct, field

from annotations.disk.accounts import other_account, own_account
from annotations.errors import StoreError
from annotations.model.changes import History
from annotations.model.layer import Document, Layer
from annotations.store.aside import set_aside
from annotations.store.journal import Act
from annotations.store.layer_file import Stored, UnreadableLayerError, migrate
from annotations.store.layer_path import LayerPath
from annotations.store.locks import LayerLock
from annotations.store.store import Store


class CheckedOut(Struct, frozen=True):
    """A layer as it was opened."""

    layer: Layer
    """Without spans where the stored ones must not be shown."""
    lock: LayerLock | None
    """None: the layer is read only."""
    message: str = ""
    """Why it is read only, or what was set aside."""
    history: History = field(default_factory=History)
    """What was done to it and can be undone, in earlier sessions too."""
    acts: tuple[Act, ...] = ()
    """How each of those changes came about, the oldest first."""

    def release(self) -> None:
        """Release the lock, so that other sessions can write the layer."""
        if self.lock is not None:
            self.lock.release()


def new_layer(document: Document, annotator: str, kept_as: str | None = None) -> Layer:
    """Return the layer of a document that an annotator has not touched."""
    name = document.id if kept_as is None else kept_as
    return Layer(name, document.sha256, annotator)


def changed_text_message(document: Document, layer: Layer) -> str:
    """Return a sentence that the article is not the one that was annotated, with both hashes."""
    return (
        f"The text has changed (SHA-256 {document.sha256[:12]} now, {layer.text_sha256[:12]} when "
        f"annotated), so the {len(layer.spans)} spans would stand in the wrong places. They are "
        f"kept; put the old text of {document.id} back to see them."
    )


def check_out(
    store: Store, document: Document, annotator: str, kept_as: str | None = None
) -> CheckedOut:
    """Open a layer for writing if that is possible and safe, else for reading.

    A damaged file is set aside, never overwritten. A layer of another text is never shown.

    Args:
        store: Where it is.
        document: Its article.
        annotator: Whose it is.
        kept_as: The id under which it is kept, if that is not the article's.
    """
    empty = new_layer(document, annotator, kept_as)
    path = store.path(empty.document_id, annotator)
    lock: LayerLock | None = None
    message = ""
    try:
        lock = store.lock(empty.document_id, annotator)
    except StoreError as error:
        message = str(error)
    try:
        stored = store.stored(path)
        layer = stored.layer if stored else empty
        if any(span.end > len(document.text) for span in layer.spans) and (
            layer.text_sha256 == document.sha256
        ):
            raise UnreadableLayerError(f"{path} is damaged (spans beyond the text).")
    except UnreadableLayerError as error:
        if lock is None:
            return CheckedOut(empty, None, str(error))
        return _set_aside(store, path, empty, lock)
    except StoreError as error:
        return _read_only(empty, lock, str(error))
    if layer.text_sha256 != document.sha256:
        message = f"Read only. {changed_text_message(document, layer)}"
        return _read_only(empty, lock, message)
    if lock is None:
        return CheckedOut(layer, None, message)
    return _ready(store, path, document, stored or Stored(empty, (), 0), lock)


def _ready(
    store: Store, path: LayerPath, document: Document, stored: Stored, lock: LayerLock
) -> CheckedOut:
    """Migrate a layer to this schema, and its history with it."""
    layer = stored.layer
    try:
        backup = migrate(path.layer, stored, document.text) if layer.revision else None
    except StoreError as error:
        return _read_only(layer, lock, str(error))
    message = f"Written by an older Hashiya; a copy is kept as {backup.name}." if backup else ""
    other = other_account(path.layer) if layer.revision and not backup else ""
    if other:
        message = (
            f"{layer.annotator}'s layer was written by the account {other}; you are "
            f"{own_account()}, and what you change is noted so."
        )
    try:
        journal = store.journal(path)
    except StoreError as error:
        return CheckedOut(layer, lock, f"{error} What was done before can't be undone.")
    if journal.damaged:
        lines = ", ".join(map(str, journal.damaged[:5]))
        message = (
            f"The history of this article is damaged (line {lines}); hashiya check tells more."
        )
    return CheckedOut(layer, lock, message, *journal.past(layer))


def _read_only(layer: Layer, lock: LayerLock | None, message: str) -> CheckedOut:
    if lock is not None:
        lock.release()
    return CheckedOut(layer, None, message)


def _set_aside(store: Store, path: LayerPath, empty: Layer, lock: LayerLock) -> CheckedOut:
    try:
        aside = set_aside(path.layer, "damaged", store.now)
    except StoreError as error:
        return _read_only(empty, lock, str(error))
    return CheckedOut(
        empty, lock, f"The layer of this article was damaged; it was set aside as {aside.name}."
    )
