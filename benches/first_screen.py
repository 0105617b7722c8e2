"""Time to the first screen, and memory, of the terminal and of a browser in kiosk mode.

Both are started in turn on the same virtual panel (Xvfb), whose frame buffer is a file that
this program reads without being a client of the display. The first screen is there when nine in
ten of the pixels that are not background have the colour they keep. Memory is the proportional
share (PSS) of the program and all its children, a while after the screen has come to rest.
"""

import argparse
import mmap
import os
import pathlib
import shlex
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter

HERE = pathlib.Path(__file__).resolve().parent
ROW_STEP, COLUMN_STEP = 12, 5  # pixels between samples
POLL = 0.004  # seconds
AT_REST = 1.0  # seconds without change that end the watching
GIVE_UP = 40.0  # seconds
SETTLED = 2.0  # seconds between the screen at rest and the weighing
INK = 0.9
TIME_TARGET, MEMORY_TARGET = 1 / 3, 1 / 5


class Panel:
    """A virtual panel whose pixels can be read while programs draw on it."""

    def __init__(self, width, height):
        self.folder = tempfile.TemporaryDirectory()
        reader, writer = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-fbdir", self.folder.name,
             "-nolisten", "tcp", "-noreset"],
            pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as told:
            self.display = f":{told.readline().strip()}"
        with open(f"{self.folder.name}/Xvfb_screen0", "rb") as frame:
            self.pixels = mmap.mmap(frame.fileno(), 0, access=mmap.ACCESS_READ)
        # An XWD file: 25 big-endian words, a name, a colour map, then rows.
        header = struct.unpack(">25I", self.pixels[:100])
        self.height, self.row_bytes = header[5], header[12]
        self.width = header[4]
        self.first_row = header[0] + header[19] * 12

    def sample(self):
        rows = range(ROW_STEP // 2, self.height, ROW_STEP)
        starts = (self.first_row + row * self.row_bytes for row in rows)
        return b"".join(self.pixels[start:start + self.width * 4] for start in starts)

    def close(self):
        self.pixels.close()
        self.server.terminate()
        self.server.wait()
        self.folder.cleanup()


def colours(sample):
    return memoryview(sample).cast("I")[::COLUMN_STEP].tolist()


def family(pid):
    """The process and all that descend from it."""
    children = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        one = queue.pop()
        found.append(one)
        queue += children.get(one, [])
    return found


def pss(pid):
    """Proportional share of a process in KiB; 0 when it has ended meanwhile."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def first_complete(frames):
    """When the drawing of the last frame was first nearly there, in seconds; frames are (time, sample)."""
    last = colours(frames[-1][1])
    background = Counter(last).most_common(1)[0][0]
    ink = [index for index, colour in enumerate(last) if colour != background]
    if not ink:
        return None
    for when, sample in frames:
        now = colours(sample)
        if sum(now[index] == last[index] for index in ink) >= INK * len(ink):
            return when
    return None


def run_once(command, size, environment):
    """Start a program on a fresh panel; return seconds to its first screen, and its memory in MiB."""
    panel = Panel(*size)
    program = None
    try:
        empty = panel.sample()
        frames, changed = [], None
        began = time.monotonic()
        program = subprocess.Popen(
            command, env=os.environ | environment | {"DISPLAY": panel.display}, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while (now := time.monotonic() - began) < GIVE_UP and (changed is None or now - changed < AT_REST):
            sample = panel.sample()
            if sample != (frames[-1][1] if frames else empty):
                changed = time.monotonic() - began
                frames.append((changed, sample))
            if program.poll() is not None:
                said = program.stderr.read().decode(errors="replace")[-2000:]
                sys.exit(f"{shlex.join(command)} ended with {program.returncode}:\n{said}")
            time.sleep(POLL)
        seconds = first_complete(frames) if frames else None
        if seconds is None:
            sys.exit(f"{shlex.join(command)} drew nothing in {GIVE_UP:.0f} s")
        time.sleep(SETTLED)
        return seconds, sum(map(pss, family(program.pid))) / 1024
    finally:
        if program:
            for signal_number in (signal.SIGTERM, signal.SIGKILL):
                for pid in family(program.pid):
                    try:
                        os.kill(pid, signal_number)
                    except ProcessLookupError:
                        pass
                time.sleep(0.5)
            program.wait()
        panel.close()


def browser_command(size, profile):
    command = [
        "chromium", "--kiosk", "--no-first-run", "--disable-gpu", "--disable-extensions", "--disable-sync",
        "--disable-background-networking", "--disable-component-update", "--password-store=basic", "--disable-features=Translate",
        "--window-position=0,0", f"--window-size={size[0]},{size[1]}", f"--user-data-dir={profile}",
    ]
    if os.geteuid() == 0:
        command.append("--no-sandbox")  # it refuses to start as root otherwise
    return [*command, (HERE / "tiles.html").as_uri()]


def main():
    parser = argparse.ArgumentParser(
        description="Compare the terminal's first screen and memory with a browser in kiosk mode.")
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each, after one that is not (default 5)")
    parser.add_argument("--size", default="1080x1920", help="panel in pixels (default 1080x1920)")
    parser.add_argument("--alone", action="store_true", help="measure the terminal only")
    parser.add_argument("command", nargs="*", help="the terminal's command (default target/release/jinban run)")
    options = parser.parse_args()
    size = tuple(int(side) for side in options.size.split("x"))
    terminal = options.command or [str(HERE.parent / "target/release/jinban"), "run"]

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        subjects = {"terminal": terminal}
        if not options.alone:
            subjects["browser"] = browser_command(size, f"{scratch}/profile")
        # Settings and caches of the person who runs this stay out of it.
        environment = {"HOME": scratch, "XDG_RUNTIME_DIR": scratch, "WAYLAND_DISPLAY": ""}
        results = {name: [] for name in subjects}
        for turn in range(options.runs + 1):
            for name, command in subjects.items():
                seconds, memory = run_once(command, size, environment)
                note = "not counted" if turn == 0 else f"run {turn}"
                print(f"{name:9} {seconds * 1000:7.0f} ms {memory:7.1f} MiB  {note}", flush=True)
                if turn:
                    results[name].append((seconds, memory))

    medians = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in results.items()}
    print()
    for name, (seconds, memory) in medians.items():
        print(f"{name:9} {seconds * 1000:7.0f} ms {memory:7.1f} MiB  median")
    if options.alone:
        return 0
    met = True
    for label, column, target in (("time", 0, TIME_TARGET), ("memory", 1, MEMORY_TARGET)):
        ratio = medians["terminal"][column] / medians["browser"][column]
        met &= ratio < target
        verdict = "met" if ratio < target else "missed"
        print(f"{label:9} {ratio:.3f} of the browser's, target < {target:.3f}: {verdict}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
