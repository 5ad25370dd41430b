"""oslo.messaging itself: python.py server|client URL NAME. Commands and answers are those of peer.mjs."""
import json
import logging
import os
import sys
import threading
import time

import oslo_messaging
from oslo_config import cfg

logging.disable(logging.CRITICAL)
role, url, name = sys.argv[1:]
# oslo.messaging reads some options from the global configuration, whatever it is given.
cfg.CONF([])
transport = oslo_messaging.get_rpc_transport(cfg.CONF, url=url)


def answer(value):
    print(json.dumps(value), flush=True)


class Manager:
    def __init__(self):
        self.taken = 0
        self.change = threading.Condition()

    def echo(self, context, report):
        return report

    def note(self, context, report):
        with self.change:
            self.taken += 1
            self.change.notify_all()

    note_all = note


def serve():
    manager = Manager()
    target = oslo_messaging.Target(topic="python", server=name)
    server = oslo_messaging.get_rpc_server(transport, target, [manager], executor="threading")
    server.start()
    answer({"ready": True})
    for line in sys.stdin:
        count = json.loads(line)["taken"]
        with manager.change:
            manager.change.wait_for(lambda: manager.taken >= count, timeout=60)
        answer({"taken": manager.taken})
    server.stop()
    server.wait()


def connect():
    client = oslo_messaging.RPCClient(transport, oslo_messaging.Target(topic="python"))
    everywhere = client.prepare(fanout=True)
    send = {
        "call": lambda report: client.call({}, "echo", report=report),
        "cast": lambda report: client.cast({}, "note", report=report),
        "fanout": lambda report: everywhere.cast({}, "note_all", report=report),
    }
    answer({"ready": True})
    for line in sys.stdin:
        answer(run(json.loads(line), send))


def run(command, send):
    operation = send[command["run"]]
    times = []
    errors = []
    start = time.perf_counter()
    end = start + command["seconds"]

    def work():
        now = time.perf_counter()
        while now < end and not errors:
            number = 100_000 + len(times)
            report = {"id": number, "instances": command["template"]["instances"]}
            try:
                reply = operation(report)
                if command["run"] == "call" and (reply["id"], len(reply["instances"])) != (number, len(report["instances"])):
                    raise RuntimeError("the reply to %d is not its echo: %r" % (number, reply))
            except Exception as error:
                errors.append(error)
            then = time.perf_counter()
            times.append((then - now) * 1000)
            now = then

    threads = [threading.Thread(target=work) for _ in range(command["inFlight"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if errors:
        raise errors[0]
    times.sort()
    return {"count": len(times), "seconds": seconds, "p50": at(times, 0.5), "p99": at(times, 0.99)}


def at(times, share):
    return times[int((len(times) - 1) * share)]


serve() if role == "server" else connect()
# Threads of its connections would keep it.
os._exit(0)
