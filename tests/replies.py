"""What terminals answer when they are asked who they are, as each was seen to."""

DA1 = b"\x1b[?62;c"
SEEN = {
    "vte 0.70": ("vte", b"\x1b[8;1$y\x1b[>65;7006;1c\x1bP!|7E565445\x1b\\" + DA1),
    "vte 0.80": ("vte", b"\x1b[8;1$y\x1bP>|VTE(8001)\x1b\\\x1b[>61;8001;1c\x1bP!|7E565445\x1b\\" + DA1),
    "konsole 22.12": ("konsole", b"\x1bP>|Konsole 22.12.3\x1b\\\x1b[>1;115;0c\x1bP!|7E4B4445\x1b\\" + DA1),
    "konsole 25.04": ("konsole", b"\x1bP>|Konsole 25.04.2\x1b\\\x1b[>1;115;0c\x1bP!|7E4B4445\x1b\\" + DA1),
    "mlterm 3.9": ("mlterm", b"\x1b[8;0$y\x1b[>24;279;0c\x1bP!|000000\x1b\\" + DA1),
    "kitty 0.26": ("kitty", b"\x1b[8;0$y\x1bP>|kitty(0.26.5)\x1b\\\x1b[>1;4000;26c" + DA1),
    "kitty 0.41": ("kitty", b"\x1b[8;0$y\x1bP>|kitty(0.41.1)\x1b\\\x1b[>1;4000;41c" + DA1),
    "xterm 379": ("plain", b"\x1b[8;0$y\x1bP>|XTerm(379)\x1b\\\x1b[>41;379;0c\x1bP!|00000000\x1b\\" + DA1),
    "urxvt": ("plain", b"\x1b[>85;95;0c" + DA1),
    "alacritty": ("plain", b"\x1b[>0;1700;1c" + DA1),
    "st": ("plain", DA1),
    "qterminal": ("qterminal", b"\x1b[>0;115;0c" + DA1),
    "pterm": ("putty", b"\x1b[>0;136;0c" + DA1),
    "tmux": ("tmux", b"\x1bP>|tmux 3.3a\x1b\\\x1b[>84;0;0c" + DA1),
    "screen": ("screen", b"\x1b[>83;40900;0c" + DA1),
    "another that has mode 8": ("switchable", b"\x1b[8;2$y" + DA1),
    "silence": ("plain", b""),
}  # fmt: skip
VTE = SEEN["vte 0.70"][1]
KONSOLE = SEEN["konsole 22.12"][1]
