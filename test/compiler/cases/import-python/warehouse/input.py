"""Client side of the warehouse."""
import oslo_messaging as messaging

TOPIC = 'warehouse'


def _host_of(shelf):
    return shelf['host']


class WarehouseAPI(object):
    """Talks to the warehouse.

    History:

    * 1.0 - Was used once.
    * 2.0 - A new beginning
    * 2.1 - Adds weight
            to store()
    * 2.2 - Adds count()
    """

    VERSION_ALIASES = {'north': '1.0', 'south': '2.1', "west": "2.2"}
    NAMESPACE = 'goods'

    def __init__(self):
        target = messaging.Target(topic=TOPIC, version='2.0', namespace=self.NAMESPACE)
        self.client = get_client(target)

    def _ver(self, old):
        return old

    def store(self, ctxt, shelf, goods, weight=None, label='none', fragile=False):
        """Puts goods on a shelf.

        :param shelf: where to
        """
        args = {'goods': goods, 'weight': weight, 'label': label, 'fragile': fragile}
        version = '2.2'
        if not self.client.can_send_version(version):
            if args['fragile']:
                raise ValueError('too old')
            del args['fragile']
            version = '2.1'
        if not self.client.can_send_version(version):
            args.pop('weight')
            version = '2.0'
        cctxt = self.client.prepare(server=_host_of(shelf), version=version)
        cctxt.cast(ctxt, 'store', shelf=shelf['id'], **args)

    def count(self, ctxt, host, *, kinds=None):
        if not self.client.can_send_version('2.2'):
            raise NotImplementedError()
        cctxt = self.client.prepare(server=host, version='2.2', timeout=60)
        return cctxt.call(ctxt, 'count', kinds=kinds)

    @deprecated
    def find(self, ctxt, name, limit=100):
        kw = dict(name=name)
        version = '2.0'
        if self.client.can_send_version('2.1'):
            version = '2.1'
            kw['limit'] = limit
        cctxt = self.client.prepare(version=version)
        return cctxt.call(ctxt, 'find_goods', **kw)

    def stocktaking(self, ctxt):
        self.client.prepare(fanout=True, version=self._ver('2.0')).cast(ctxt, 'stocktaking')

    def move(self, ctxt, goods, extra):
        kw = make_args(extra)
        cctxt = self.client.prepare(server=goods.host, version='2.0')
        cctxt.cast(ctxt, 'move', goods=goods, **kw)

    def either(self, ctxt, wait):
        send = self.client.call if wait else self.client.cast
        return send(ctxt, 'either')
