# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs a command from a process that is as small as Python gets: launch.py REPORT-DESCRIPTOR COMMAND...

Linux counts the peak memory of whoever started a program as the program's own, so a benchmark that holds a large graph must
not start it. Reports one line: seconds in all, seconds of its own processor time, peak KiB, exit code, our own peak KiB.
"""

import os
import sys
import time


def own_cpu(pid):
    """User and system seconds of a process and its threads; wait4 would add those of the children it reaped."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        fields = file.read().rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main():
    report = int(sys.argv[1])
    os.set_inheritable(report, False)
    command = sys.argv[2:]
    begin = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    wall = time.monotonic() - begin
    cpu = own_cpu(pid)
    _, status, usage = os.wait4(pid, 0)
    with open("/proc/self/status", encoding="ascii") as file:
        floor = next(line.split()[1] for line in file if line.startswith("VmHWM"))
    os.write(report, f"{wall} {cpu} {usage.ru_maxrss} {os.waitstatus_to_exitcode(status)} {floor}\n".encode())


main()
