#    Licensed to nobody in particular.
"""Client side of the depot service, with what such clients have grown over the years."""

import typing as ty

import oslo_messaging as messaging

from depot import conf
from depot import exception
from depot.objects import base as objects_base
from depot import rpc

CONF = conf.CONF
RPC_TOPIC = 'depot'
PING = 'ping'


def _depot_host(host, crate):
    """Get the destination host for a message."""
    if host:
        return host
    if not crate:
        raise exception.DepotException('no host')
    if not crate['host']:
        raise exception.DepotException('no host of the crate')
    return crate['host']


class DepotAPI(object):
    '''Client side of the depot rpc API.

    API version history:

        * 3.0 - Remove 2.x compat
        * 3.1 - Add tags to seal_crate()
        * ...
        * 3.3 - Rename box to crate in weigh()
        * 4.0 - Drop what was deprecated
        * 4.1 - open_crate() was unlock_crate()
    '''

    VERSION_ALIASES = {
        'rocky': '3.1',
        'stein': '3.3',
        'train': '4.1',
    }

    @property
    def router(self):
        return self._router

    def __init__(self):
        target = messaging.Target(topic=RPC_TOPIC, version='3.0')
        self.client = rpc.get_client(target, version_cap=CONF.upgrade_levels.depot,
                                     serializer=objects_base.DepotObjectSerializer())

    def _ver(self, ctxt, old):
        """Determine compatibility version."""
        client = self.router.client(ctxt)
        if client.can_send_version('4.0'):
            return '4.0'
        return old

    def _send(self, ctxt, method, host=None, **kwargs):
        cctxt = self.client.prepare(server=host, version='3.0')
        return cctxt.call(ctxt, method, **kwargs)

    def _cctxt(self, version, host=None, fanout=None):
        return self.client.prepare(version=version, server=host, fanout=fanout)

    # the kind is chosen by a parameter

    def stop_crane(self, ctxt, crate, do_cast=True, hard=False):
        version = self._ver(ctxt, '3.0')
        cctxt = self.router.client(ctxt).prepare(
            server=_depot_host(None, crate), version=version)
        rpc_method = cctxt.cast if do_cast else cctxt.call
        return rpc_method(ctxt, 'stop_crane', crate=crate, hard=hard)

    def confirm_move(self, ctxt, crate, host, cast=True):
        version = '3.0'
        client = self.router.client(ctxt)
        cctxt = client.prepare(server=_depot_host(host, crate), version=version)
        if cast:
            rpc_method = cctxt.cast
        else:
            rpc_method = cctxt.call
        return rpc_method(ctxt, 'confirm_move', crate=crate)

    def move_crate(self, context: 'RequestContext', crate, hint: ty.Optional[str] = None,
                   target_hosts: ty.List[str] = None, wait: bool = False):
        kw = {'crate': crate, 'hint': hint, 'target_hosts': target_hosts}
        cctxt = self.client.prepare(version='3.0', call_monitor_timeout=CONF.rpc_response_timeout,
                                    timeout=CONF.long_rpc_timeout)
        if not wait:
            return cctxt.cast(context, 'move_crate', **kw)
        return cctxt.call(context, 'move_crate', **kw)

    def audit(self, ctxt, deep):
        cctxt = self.client.prepare(version='3.0')
        send = cctxt.call if deep.enabled() else cctxt.cast
        send(ctxt, 'audit', deep=deep)

    # arguments in steps

    def seal_crate(self, ctxt, crate, tags=None, colour='red', note=None):
        base = {'crate': crate}
        msg_args = dict(base, colour=colour)
        if note is not None:
            msg_args['note'] = note
        version = '3.1'
        if self.client.can_send_version(version):
            msg_args.update({'tags': tags})
        else:
            version = '3.0'
        cctxt = self.client.prepare(server=crate.host, version=version)
        cctxt.cast(ctxt, 'seal_crate', **msg_args)

    def stamp(self, ctxt, crate, mark):
        cctxt = self.client.prepare(server=crate['host'] or crate.owner, version='3.0')
        cctxt.cast(ctxt, 'stamp', **{'crate': crate, **dict(mark=mark)})

    # renames

    def weigh(self, ctxt, crate, unit='kg'):
        version = '3.3'
        args = {'crate': crate, 'unit': unit}
        if not self.client.can_send_version(version):
            version = '3.0'
            args['box'] = args.pop('crate')
        cctxt = self.client.prepare(version=version)
        return cctxt.call(ctxt, 'weigh', **args)

    def open_crate(self, ctxt, crate, key):
        if self.client.can_send_version('4.1'):
            cctxt = self.client.prepare(server=crate.host, version='4.1')
            return cctxt.call(ctxt, 'open_crate', crate=crate, key=key)
        cctxt = self.client.prepare(server=crate.host, version='3.0')
        return cctxt.call(ctxt, 'unlock_crate', crate=crate)

    def list_crates(self, ctxt, filters=None):
        name = 'list_crates'
        version = '4.0'
        if not self.client.can_send_version(version):
            name = 'crate_get_all'
            version = '3.0'
        return self.client.prepare(version=version).call(ctxt, name, filters=filters)

    # helpers

    def find(self, ctxt, text, host=None):
        return self._send(ctxt, 'find', host=host, text=text)

    def rescan(self, ctxt, host):
        self._cctxt('3.0', host=host).cast(ctxt, 'rescan')

    def refresh(self, ctxt):
        self._cctxt('3.0', fanout=True).cast(ctxt, 'refresh')

    def ping(self, ctxt, arg):
        return self.client.prepare(version='3.0').call(ctxt, PING, arg=arg)

    # what cannot be known

    def transfer(self, ctxt, crate, **kwargs):
        cctxt = self.client.prepare(server=self._nearest(crate), version='3.0')
        cctxt.cast(ctxt, 'transfer', crate=crate.to_dict(), **kwargs)

    def anything(self, ctxt, method, *args):
        getattr(self.client, method)(ctxt, *args)
