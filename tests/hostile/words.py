"""What a hostile server says wherever it may say something."""

MARK = "owned"  # nothing of ours has this in it

MARKUP = (
    f"<{MARK}>\"' {MARK}=1 onmouseover={MARK}() ><script>{MARK}()</script><img src=x onerror={MARK}()>"
    f"</title></style></pre>--><!--<svg onload={MARK}()>javascript:{MARK}() {{{{7*7}}}} {{% raw %}} ]]>"
    f"&#60;{MARK}&#62;"
)
TERMINAL = f"\x1b]0;{MARK}\x07\x1b[2J\x1b[31m\x9b2J\x9d0;{MARK}\x9c\r\x08\x08\n::error::{MARK}\x00\x7f"
HIDDEN = "\u202e\u2066\u200f\u2028\u2029\u200b\ufeff\u0000\U000e0041\ud800"
LATIN_1 = "\x9b2J\x9d0;\x9c\x85\xa0\xad"  # control characters that HTTP lets pass in header values
TEXT = MARKUP + TERMINAL + HIDDEN
