"""A real oslo.messaging program that a test drives: it serves and calls as it is told.

Usage: peer.py TRANSPORT_URL. Commands come as JSON lines on standard input and each is answered by one JSON line with
the same "id"; what a served method saw comes as a line with "event". It ends when its input ends.
"""

import json
import sys
import threading
import time
import uuid

import oslo_messaging
from oslo_config import cfg
from oslo_context import context as request_context
from oslo_messaging.rpc import dispatcher as rpc_dispatcher

from lab import exception

write_lock = threading.Lock()


def write(message):
    # Integers and NaN go as texts: the test checks what Python saw, not how JSON carries it.
    text = json.dumps(message, default=repr)
    with write_lock:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


class Lab:
    """The methods of the lab service."""

    def __init__(self, name, version, namespace):
        self.name = name
        self.target = oslo_messaging.Target(version=version, namespace=namespace)

    def echo(self, ctxt, value=None):
        return value

    def shown(self, ctxt, value=None):
        return repr(value)

    def big(self, ctxt):
        return [2**64, -(10**40), float("nan"), float("inf"), float("-inf"), 1.0]

    def none(self, ctxt):
        return None

    def note(self, ctxt, text):
        write({"event": "note", "server": self.name, "text": text})

    def sync(self, ctxt, token):
        write({"event": "sync", "server": self.name, "token": token})

    def on_host(self, ctxt, sample):
        return self.name

    def find(self, ctxt, sample_id):
        raise exception.SampleNotFound(sample_id=sample_id)

    def fail(self, ctxt, **kwargs):
        raise ValueError("h\u00e9llo " + kwargs["with"])

    def context(self, ctxt):
        return ctxt

    def rebuilt(self, ctxt):
        """What a service on oslo.context makes of the context."""
        return request_context.RequestContext.from_dict(ctxt).to_dict()

    def watched(self, ctxt, seconds):
        time.sleep(seconds)
        return "slept"


class Private:
    def _hidden(self, ctxt):
        return "must not be reachable"


class Peer:
    def __init__(self, url):
        # oslo.messaging reads some options from the global configuration, whatever it is given.
        self.conf = cfg.CONF
        self.conf.register_opts(rpc_dispatcher._dispatcher_opts)
        self.conf([], project="lab")
        self.url = url
        self.servers = {}

    def transport(self):
        return oslo_messaging.get_rpc_transport(
            self.conf, url=self.url, allowed_remote_exmods=["lab.exception"]
        )

    def serve(self, topic, server, version="1.0", namespace=None, exchange=None, ping=False):
        self.conf.set_override("rpc_ping_enabled", ping)
        target = oslo_messaging.Target(topic=topic, server=server, exchange=exchange)
        policy = rpc_dispatcher.DefaultRPCAccessPolicy
        endpoints = [Lab(server, version, namespace)]
        rpc_server = oslo_messaging.get_rpc_server(
            self.transport(), target, endpoints, executor="threading", access_policy=policy
        )
        rpc_server.start()
        self.servers[(topic, server)] = rpc_server
        return "serving"

    def stop(self, topic, server):
        rpc_server = self.servers.pop((topic, server))
        rpc_server.stop()
        rpc_server.wait()
        return "stopped"

    def send(self, kind, method, args=None, context=None, target=None, version_cap=None, timeout=None,
             call_monitor_timeout=None, mandatory=False, request_context_of=None):
        if request_context_of is not None:
            context = request_context.RequestContext(**request_context_of).to_dict()
        target = oslo_messaging.Target(**(target or {}))
        options = oslo_messaging.TransportOptions(at_least_once=True) if mandatory else None
        client = oslo_messaging.get_rpc_client(
            self.client_transport(), target, version_cap=version_cap, transport_options=options
        )
        prepared = {}
        if timeout is not None:
            prepared["timeout"] = timeout
        if call_monitor_timeout is not None:
            prepared["call_monitor_timeout"] = call_monitor_timeout
        if kind == "fanout":
            prepared["fanout"] = True
        caller = client.prepare(**prepared) if prepared else client
        if kind == "call":
            return caller.call(context or {}, method, **(args or {}))
        return caller.cast(context or {}, method, **(args or {}))

    def url_parts(self, url):
        parsed = oslo_messaging.TransportURL.parse(self.conf, url)
        hosts = [[host.hostname, host.port, host.username, host.password] for host in parsed.hosts]
        return {"hosts": hosts, "virtual_host": parsed.virtual_host, "query": parsed.query}

    def client_transport(self):
        if not hasattr(self, "_client_transport"):
            self._client_transport = self.transport()
        return self._client_transport


def run(peer, command):
    identity = command.pop("id")
    operation = command.pop("op")
    start = time.monotonic()
    try:
        result = getattr(peer, operation)(**command)
        write({"id": identity, "result": result, "repr": repr(result), "seconds": time.monotonic() - start})
    except Exception as error:
        write({
            "id": identity,
            "error": {
                "class": type(error).__name__,
                "module": type(error).__module__,
                "bases": [base.__name__ for base in type(error).__mro__],
                "message": str(error),
                "exc_type": getattr(error, "exc_type", None),
                "value": getattr(error, "value", None),
                "kwargs": getattr(error, "kwargs", None),
            },
            "seconds": time.monotonic() - start,
        })


def main():
    peer = Peer(sys.argv[1])
    write({"event": "ready", "version": uuid.uuid4().hex})
    for line in sys.stdin:
        threading.Thread(target=run, args=(peer, json.loads(line)), daemon=True).start()


if __name__ == "__main__":
    main()
