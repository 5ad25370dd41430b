"""Nova's real RPC clients, which call what a test tells them to.

Usage: nova_calls.py TRANSPORT_URL. Commands come and are answered as in peer.py. Every argument that a command does not
name has the value of its parameter in nova_values.py.
"""

import inspect
import json
import os
import sys

import nova.conf
from nova import baserpc
from nova import config
from nova import exception
from nova import objects
from nova import rpc
from nova.compute import rpcapi as compute
from nova.conductor import rpcapi as conductor
from nova.objects import base
from nova.scheduler import rpcapi as scheduler

from peer import run
from peer import write

CONF = nova.conf.CONF

APIS = {
    "ComputeAPI": compute.ComputeAPI,
    "ComputeTaskAPI": conductor.ComputeTaskAPI,
    "ConductorAPI": conductor.ConductorAPI,
    "SchedulerAPI": scheduler.SchedulerAPI,
    "BaseAPI": lambda: baserpc.BaseAPI("conductor"),
}


class NovaClients:
    def __init__(self, url):
        # Nova registers these options later, so that set_override does not know them yet.
        options = {"transport_url": url, "rpc_response_timeout": "15", "long_rpc_timeout": "15"}
        os.environ.update({f"OS_DEFAULT__{name.upper()}": value for name, value in options.items()})
        config.parse_args(["nova"], default_config_files=[], configure_db=False)
        objects.register_all()
        # Nova's objects must be known before it is imported.
        import nova_values

        self.values = nova_values

    def methods(self, api):
        """The names of what an API has for its users."""
        kind = type(APIS[api]())
        return [name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")]

    def call(self, api, method, level=None, arguments=None, defaults=False):
        """Calls a method at an upgrade level, and tells what it was given and what it returned."""
        call, given = self.prepare(api, method, level, arguments or {}, defaults)
        result = call(self.values.ctxt, **given)
        return {"given": primitive(given), "returned": primitive(result), "type": type(result).__name__}

    def catch(self, api, method, error, level=None, arguments=None):
        """Calls a method, and catches one class of nova's errors as nova does."""
        call, given = self.prepare(api, method, level, arguments or {})
        try:
            call(self.values.ctxt, **given)
        except getattr(exception, error) as caught:
            return {"message": str(caught), "kwargs": caught.kwargs}
        return "it did not fail"

    def prepare(self, api, method, level, arguments, defaults=False):
        for group in ("compute", "conductor", "scheduler"):
            CONF.set_override(group, level, group="upgrade_levels")
        compute.reset_globals()
        call = getattr(APIS[api](), method)
        parameters = list(inspect.signature(call).parameters.values())[1:]
        given = {parameter.name: self.value_for(method, parameter, defaults) for parameter in parameters}
        return call, {**given, **arguments}

    def value_for(self, method, parameter, defaults):
        if defaults and parameter.default is not parameter.empty:
            return parameter.default
        return self.values.value_for(method, parameter.name)


def primitive(value):
    """As it goes over the wire."""
    return rpc.JsonPayloadSerializer().serialize_entity(None, base.NovaObjectSerializer().serialize_entity(None, value))


def main():
    clients = NovaClients(sys.argv[1])
    write({"event": "ready"})
    for line in sys.stdin:
        run(clients, json.loads(line))


if __name__ == "__main__":
    main()
