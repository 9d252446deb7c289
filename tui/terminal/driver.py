"""Taking the screen and giving it back as it was: Textual's driver with what terminals need.

What was switched off in the terminal is switched on again on every way out: at the end, after an
exception, while the app is suspended, after SIGHUP and SIGTERM.
"""

import atexit
import codecs
import os
import select
import termios
from collections.abc import Iterable, Iterator
from contextlib import suppress

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.keys.keyboard import LAM, one_key
from tui.terminal.hook import TerminalApp
from tui.terminal.order import column_seen
from tui.terminal.probe import LateReplies, read_replies

_IDLE = 0.1
"""Seconds between two looks at whether to end."""
_TOGETHER = 0.004
"""Seconds in which the second letter of a key arrives that sends two."""
_LAM = LAM.encode()
_PASTED = 16
"""Letters that come at once when they are pasted."""
_BLOCK_CURSOR = "\x1b[2 q"
_GIVEN_BACK = "\x1b[m\x1b[?2026l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[?2004l\x1b[?1049l\x1b[?25h"
"""No colour, no mouse, no brackets around what is pasted, the usual screen, a cursor."""
_USUAL_CURSOR = "\x1b[0 q"


class HashiyaDriver(LinuxDriver):
    """Drives the terminal that the app was told of."""

    _entered = False

    @property
    def terminal_app(self) -> TerminalApp | None:
        """The app, if it knows of its terminal."""
        return self._app if isinstance(self._app, TerminalApp) else None

    @property
    def _shapes_cursor(self) -> bool:
        app = self.terminal_app
        return bool(app and app.terminal_display and app.terminal_display.abilities.shapes_cursor)

    def start_application_mode(self) -> None:
        """Switch off what would disturb, then take the screen."""
        app = self.terminal_app
        if app and self._is_in_front:
            self._write_now(app.family.enter + (_BLOCK_CURSOR if self._shapes_cursor else ""))
            self._entered = True
            atexit.register(self._give_back)
            if app.terminal_display:
                app.terminal_display.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    @property
    def _is_in_front(self) -> bool:
        """Whether the terminal is ours to write to, and not the shell's after Ctrl+Z and bg."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return True

    def stop_application_mode(self) -> None:
        """Leave the screen, then switch on again what was switched off."""
        self.write("\x1b[m")
        super().stop_application_mode()
        self._give_back()

    def _give_back(self) -> None:
        app = self.terminal_app
        if not self._entered or app is None:
            return
        self._entered = False
        atexit.unregister(self._give_back)
        sequence = (_USUAL_CURSOR if self._shapes_cursor else "") + app.family.leave
        if self._writer_thread is not None and self._writer_thread.is_alive():
            self.write(sequence)
            self.flush()
        else:
            self._write_now(sequence)

    def give_back_at_once(self) -> None:
        """Leave the terminal as it was although the app is stuck, from another thread."""
        app = self.terminal_app
        sequence = _USUAL_CURSOR if self._shapes_cursor else ""
        sequence += app.family.leave if app and self._entered else ""
        with suppress(OSError, ValueError, termios.error):
            os.write(self.fileno, f"{_GIVEN_BACK}{sequence}".encode())
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def _write_now(self, sequence: str) -> None:
        with suppress(OSError, ValueError):  # a terminal that is gone needs nothing
            print(sequence, end="", file=self._file, flush=True)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Ask the terminal, whatever COLUMNS and LINES say: they don't follow when it changes."""
        with suppress(OSError):
            columns, rows = os.get_terminal_size(self.fileno)
            if columns and rows:
                return columns, rows
        size: tuple[int, int] = super()._get_terminal_size()
        return size

    def _enable_mouse_support(self) -> None:
        """Hear of clicks and drags, but not of every move: that would fill a slow line."""
        if self._mouse:
            self.write("\x1b[?1000h\x1b[?1002h\x1b[?1006h")
            self.flush()

    def _disable_mouse_support(self) -> None:
        if self._mouse:
            self.write("\x1b[?1016l\x1b[?1006l\x1b[?1002l\x1b[?1000l")
            self.flush()

    def run_input_thread(self) -> None:
        """Hand on what was typed while the terminal was asked, then what is typed.

        As Textual does it, but after a lone Escape it waits only as long as a sequence may take.
        """
        parser = XTermParser()
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        answer = (self.terminal_app and self.terminal_app.answer) or read_replies(b"")
        late = LateReplies(answer)
        self._feed(parser, decode(answer.typed))
        patience = _IDLE
        while not self.exit_event.is_set():
            ready = select.select([self.fileno], [], [], patience)[0]
            received = os.read(self.fileno, 4096) if ready else b""
            if received.endswith(_LAM) and select.select([self.fileno], [], [], _TOGETHER)[0]:
                received += os.read(self.fileno, 4096)
            if ready and not received:
                self._app.call_later(self._app.exit)  # the terminal is gone
                break
            self._feed(parser, decode(late.take(received)))
            self._hand_on(parser.tick())
            patience = constants.ESCAPE_DELAY if received.endswith(b"\x1b") else _IDLE

    def _feed(self, parser: XTermParser, text: str) -> None:
        app = self.terminal_app
        if len(text) > _PASTED and text.isprintable() and app and app.takes_text:
            # nobody types that fast: it was pasted, and the terminal put no brackets around it
            self._hand_on([events.Paste(text)])
        elif text:  # nothing is the end of all input to the parser
            self._hand_on(parser.feed(text))

    def _hand_on(self, messages: Iterable[Message]) -> None:
        for message in _joined(messages):
            self.process_message(message)

    def process_message(self, message: Message) -> None:
        """Turn the column of a click to the one that is seen there."""
        app = self.terminal_app
        if isinstance(message, events.MouseEvent) and app and app.terminal_display:
            display, y = app.terminal_display, message.screen_y
            if display.order:
                seen = column_seen(display.row(y), message.screen_x, app.bidi_mode)
                message._x = message._screen_x = seen  # noqa: SLF001 - it has no other way
        super().process_message(message)


def _joined(messages: Iterable[Message]) -> Iterator[Message]:
    """Make one key of two letters that one key sent; what was pasted is no key."""
    before: events.Key | None = None
    for message in messages:
        key = message if isinstance(message, events.Key) else None
        both = one_key(before.character, key.character) if before and key else None
        if both:
            yield events.Key(both, both)
            before = None
            continue
        if before:
            yield before
        before = key
        if key is None:
            yield message
    if before:
        yield before
