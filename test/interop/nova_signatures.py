"""Prints which arguments the methods of nova's real managers require and take, by client class and major version."""

import inspect
import json

import nova.conf  # noqa: F401 the managers need its options
from nova import baserpc
from nova.compute import manager as compute
from nova.conductor import manager as conductor
from nova.scheduler import manager as scheduler


def signatures(kind):
    methods = inspect.getmembers(kind, inspect.isfunction)
    return {name: signature(method) for name, method in methods if not name.startswith("_")}


def signature(method):
    # Before the arguments come the manager and the context.
    parameters = list(inspect.signature(undecorated(method)).parameters.values())[2:]
    required = [each.name for each in parameters if each.default is each.empty]
    return {"required": required, "taken": [each.name for each in parameters]}


def undecorated(method):
    """The method that takes the arguments. Decorators take any; oslo.messaging's does not say what it wraps."""
    method = inspect.unwrap(method)
    kinds = {each.kind for each in inspect.signature(method).parameters.values()}
    inner = [cell.cell_contents for cell in method.__closure__ or () if inspect.isfunction(cell.cell_contents)]
    takes_any = kinds == {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    return undecorated(inner[0]) if takes_any and inner else method


compute6 = signatures(compute.ComputeManager)
print(json.dumps({
    # What the proxy does not have it leaves to the manager.
    "ComputeAPI": {"6": compute6, "5": {**compute6, **signatures(compute._ComputeV5Proxy)}},
    "ComputeTaskAPI": {"1": signatures(conductor.ComputeTaskManager)},
    "ConductorAPI": {"3": signatures(conductor.ConductorManager)},
    "SchedulerAPI": {"4": signatures(scheduler.SchedulerManager)},
    "BaseAPI": {"1": signatures(baserpc.BaseRPCAPI)},
}))
