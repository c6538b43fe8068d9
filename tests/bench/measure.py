"""Running contestants and telling how long they took. Everything is said as a ratio: machines differ and are shared."""
import os
import shutil
import statistics
import subprocess
import sys
import time

ROUNDS = 7
HELD = []  # targets that were held against something
SHORT = []  # those that were missed, with what came instead
OUTPUT = []


def say(line=""):
    print(line, flush=True)
    OUTPUT.append(line)


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr.decode()}")
    return done.stdout.decode()


def pinned(command):
    return ["taskset", "-c", "0", *command] if shutil.which("taskset") else command


def spent(command, stdin=None, **options):
    """Wall seconds and processor seconds of a whole process whose answer is yes."""
    with open(stdin or os.devnull, "rb") as source:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)  # it has been waited for
    if child.returncode != 0:
        sys.exit(f"bench: {' '.join(command)}: exit {child.returncode}")
    return wall, usage.ru_utime + usage.ru_stime


def timed(command, stdin=None):
    """Wall seconds, for what somebody waits for."""
    return spent(command, stdin)[0]


def processed(command, stdin=None):
    """Processor seconds: what others do on the machine meanwhile disturbs them less."""
    return spent(command, stdin)[1]


def in_turn(contestants, rounds=ROUNDS):
    """Best, median and worst of each, measured A B C A B C."""
    results = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            results[name].append(measure())
    return {name: (min(r), statistics.median(r), max(r)) for name, r in results.items()}


def target(name, value, limit, at_least=True):
    HELD.append(name)
    good = value >= limit if at_least else value <= limit
    if not good:
        SHORT.append(f"{name}: {value:.2f}, target {'at least' if at_least else 'at most'} {limit}")
    return f"{value:.2f} ({'>=' if at_least else '<='} {limit}{'' if good else ', MISSED'})"
