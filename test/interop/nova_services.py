"""Runs the real nova-conductor and nova-compute of one cell, with a database of their own.

Usage: nova_services.py CONFIG_FILE. Both run as they do under their own names; they are forked of one process, since
importing nova takes seconds. Ends, with both of them, when one of them ends. Its process group must be its own.
"""

import os
import signal
import sys
import traceback

import eventlet.hubs
import nova.cmd.compute
import nova.cmd.conductor
import nova.compute.manager  # noqa: F401 the services import these by name
import nova.conductor.manager  # noqa: F401
import nova.virt.fake  # noqa: F401
from nova import config
from nova.db import migration


def make_database(config_file):
    """What `nova-manage db sync --local_cell` does."""
    config.parse_args(["nova-manage", "--config-file", config_file])
    migration.db_sync(database="main")


def run_service(config_file, name):
    sys.argv = [f"nova-{name}", "--config-file", config_file]
    getattr(nova.cmd, name).main()


def fork(function, *args):
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        # What eventlet has open belongs to the parent.
        eventlet.hubs.use_hub()
        function(*args)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def main():
    config_file = sys.argv[1]
    _, status = os.waitpid(fork(make_database, config_file), 0)
    if status != 0:
        sys.exit("nova's database could not be made")
    for name in ("conductor", "compute"):
        fork(run_service, config_file, name)
    os.wait()
    print("a service of nova has ended", file=sys.stderr, flush=True)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
