#!/usr/bin/env python3
"""ask.py SOCKET METHOD SECONDS PAUSE: a client of its own process, for benchmarks.

Takes a line of JSON, the parameters of each question, and asks one after the other, from the beginning again after the
last, with a pause in seconds between them, for so many seconds or until a second line comes. A question lasts from the
first byte sent to the last one of the reply, which is looked at only afterwards. Prints one line of JSON."""

import json
import select
import socket
import sys
import time


def main():
    path, method = sys.argv[1:3]
    seconds, pause = map(float, sys.argv[3:5])
    questions = [json.dumps({"method": method, "parameters": parameters}).encode() + b"\0"
                 for parameters in json.loads(sys.stdin.buffer.readline())]
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    milliseconds, failed, reply = [], 0, bytearray(1 << 20)
    print("ready", flush=True)
    sys.stdin.buffer.readline()
    begin, cpu = time.perf_counter(), time.process_time()
    stopped = select.poll()
    stopped.register(0, select.POLLIN | select.POLLHUP)
    while time.perf_counter() - begin < seconds and not stopped.poll(0):
        question = questions[len(milliseconds) % len(questions)]
        start = time.perf_counter()
        connection.sendall(question)
        filled = connection.recv_into(reply)
        while reply[filled - 1] != 0:
            filled += connection.recv_into(memoryview(reply)[filled:])
        milliseconds.append((time.perf_counter() - start) * 1000)
        failed += b'"error"' in reply[:filled]
        if pause:
            time.sleep(pause)
    json.dump({"milliseconds": milliseconds, "failed": failed, "cpu": time.process_time() - cpu,
               "seconds": time.perf_counter() - begin}, sys.stdout)


if __name__ == "__main__":
    main()
