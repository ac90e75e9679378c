"""Small CAN captures that the project itself writes, in candump's log form: a truck whose intake pressure sensor fails,
and the same truck when it is well."""


def _frame(t, can_id, data):
    return f"({1_700_000_000 + t:.6f}) can0 {can_id:08X}#{data.hex().upper()}"


def engine_speed(t, rpm):
    """EEC1 (PGN 61444) of the engine, source address 0."""
    return _frame(t, 0x0CF00400, bytes([0xF0, 0x7D, 0x7D]) + int(rpm / 0.125).to_bytes(2, "little") + b"\xff\xff\xff")


def dm1(t, lamps, *codes, source=0):
    """DM1 (PGN 65226) in a single frame: at most one code, as (spn, fmi, count)."""
    spn, fmi, count = codes[0] if codes else (0, 0, 0)
    return _frame(t, 0x18FECA00 | source, bytes([lamps, 0xFF, spn & 0xFF, spn >> 8 & 0xFF, (spn >> 16) << 5 | fmi, count, 0xFF, 0xFF]))


def drive(seconds, fault_from=None, code=(102, 3, 1)):
    """A drive: the engine speaks ten times a second, its diagnosis once; from `fault_from` on with a code."""
    lines = []
    for tenth in range(int(seconds * 10)):
        t = tenth / 10
        lines.append(engine_speed(t, 900))
        if tenth % 10 == 5:
            lines.append(dm1(t, 0x40, code) if fault_from is not None and t >= fault_from else dm1(t, 0x00))
    return "\n".join(lines) + "\n"
