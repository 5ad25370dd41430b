import { describe, expect, it } from "vitest";
import { draftOf } from "./import-python-draft.js";

describe("what a Python class sends is read", () => {
  it("through a helper that prepares, with what is given by name handed on", async () => {
    const draft = await draftOf(`
        def _ctx(self, host=None, version=None, **kw):
            if host:
                if self.client.can_send_version('2.4'):
                    kw['topic'] = '%s.%s' % ('crane', host)
                kw['server'] = host
            return self.client.prepare(version=version or '2.0', **kw)
        def lift(self, ctxt, hook, load):
            self._ctx(hook.host, '2.1').cast(ctxt, 'lift', load=load)
        def ring(self, ctxt):
            self._ctx(fanout=True, version='2.2').cast(ctxt, 'ring')
`);
    expect(draft).toContain('topic: [{ since: "2.4", name: "crane.{hook.host}" }, { name: crane }]');
    expect(draft).toContain("server: [hook.host, $server]");
    expect(draft).toContain('ring: { since: "2.2", kind: fanout }');
  });

  it("through a helper of a base class in another file, as far as it is told by name, and says so", async () => {
    const draft = await draftOf(`
        RPC_API_VERSION = '3.2'
        RPC_DEFAULT_VERSION = '3.0'
        TOPIC = 'cranes'
        def lift(self, ctxt, hook):
            self._get_ctx(server=hook.host).cast(ctxt, 'lift', hook=hook)
        def ring(self, ctxt, hook):
            self._get_ctx(version=('3.2', '3.0'), fanout=True).cast(ctxt, 'ring')
`);
    expect(draft).toContain("topic: cranes\n");
    expect(draft).toContain('"3.2": Not in');
    expect(draft).toContain(
      "# prepared by _get_ctx(), which is not in this file: version, server, topic and fanout are what it is given",
    );
    expect(draft).toContain("server: [hook.host, $server]");
    expect(draft).toMatch(/ring:\n? *\{? ?kind: fanout/);
  });

  it("through a helper that sends with arguments of its own", async () => {
    const draft = await draftOf(`
        def _fan(self, ctx, method, loads):
            self.client.prepare(fanout=True).cast(ctx, method, loads=loads)
        def add_loads(self, ctx, loads):
            self._fan(ctx, 'add_loads', loads)
        def drop_loads(self, ctx, loads):
            self._fan(ctx, 'drop_loads', loads=[each.id for each in loads])
`);
    expect(draft).toContain("add_loads: { kind: fanout, params: { loads: any } }");
    expect(draft).toContain("# given [each.id for each in loads]\n      loads: any");
    expect(draft).not.toContain("left out");
  });

  it("with a version that takes an argument away, and gives the method none", async () => {
    const draft = await draftOf(`
        def __init__(self):
            self.client = get_client(Target(topic='crane', version='3.0'))
        def lift(self, ctxt, x, y=None):
            msg = {'x': x, 'y': y}
            if not self.client.can_send_version('3.3'):
                msg.pop('y')
            self.client.prepare(server=x).cast(ctxt, 'lift', **msg)
`);
    expect(draft).toContain('y: { type: any, default: null, since: "3.3", when_older: drop }');
    expect(draft).not.toMatch(/lift:\n\s+since/);
    expect(draft).toContain('label: "3.0"');
  });

  it("behind a predicate of its own, in ladders that set a version under a condition", async () => {
    const draft = await draftOf(`
        def _can(self, version):
            return self.client.can_send_version(version) if self.client is not None else True
        def beat(self, ctxt, hook, age=None, state=None):
            version = '1.1'
            more = {}
            if self._can('1.4'):
                version = '1.4'
                more['age'] = age
            if self._can('1.6'):
                version = '1.6'
                more['state'] = state
            self.client.prepare(version=version).call(ctxt, 'beat', hook=hook, **more)
        def lift(self, ctxt, hook, steps=None):
            version = '1.2'
            more = {}
            if steps:
                version = '1.5'
                more['steps'] = steps
            return self.client.prepare(version=version).call(ctxt, 'lift', hook=hook, **more)
`);
    expect(draft).toContain('age: { type: any, default: null, since: "1.4", when_older: drop }');
    expect(draft).toContain('state: { type: any, default: null, since: "1.6", when_older: drop }');
    expect(draft).toContain('steps: { type: any, optional: true, since: "1.5", when_older: reject }');
    expect(draft).toContain('lift:\n    since: "1.2"\n');
  });

  it("with its guards: decorators, and refusals of the whole method or of one argument", async () => {
    const draft = await draftOf(
      `
        @needs_version('2.3')
        def ring(self, ctxt):
            self.client.prepare(version='2.0').cast(ctxt, 'ring')
        @needs_version('2.4', errors.TooOld)
        def turn(self, ctxt):
            self.client.prepare(version='2.0').cast(ctxt, 'turn')
        def lift(self, ctxt, hook):
            if not self.client.can_send_version('2.2'):
                raise errors.CraneTooOld(_('no lifts'))
            self.client.prepare(version='2.2').cast(ctxt, 'lift', hook=hook)
        def hang(self, ctxt, hook, long=None):
            msg = {'hook': hook, 'long': long}
            version = '2.5'
            if not self.client.can_send_version(version):
                if long:
                    raise errors.CraneTooOld(reason='short')
                del msg['long']
                version = '2.0'
            self.client.prepare(version=version).cast(ctxt, 'hang', **msg)
`,
      "from cranes import errors\n",
    );
    expect(draft).toContain('ring: { since: "2.3"');
    expect(draft).toContain(
      "# needs_version is not in this file; put the name of what it raises here\n  ServiceTooOld: { message: The service is too old. }",
    );
    expect(draft).toContain('ring: { since: "2.3", kind: cast, label: "2.0", too_old: ServiceTooOld }');
    expect(draft).toContain("too_old: TooOld");
    expect(draft).toContain("too_old: CraneTooOld");
    expect(draft).toContain("wire: cranes.errors.CraneTooOld");
    expect(draft).toContain("when_older: { error: CraneTooOld, fields: { reason: short } }");
  });

  it("with functions on the way to the server, through a variable of the parameter's name too", async () => {
    const draft = await draftOf(`
        def lift(self, ctxt, host, hook):
            host = utils.extract_host(host)
            self.client.prepare(server=host).cast(ctxt, 'lift', hook=hook)
        def drop(self, ctxt, hook):
            where = utils.extract_host(hook['crane']['host'])
            self.client.prepare(server=where).cast(ctxt, 'drop', hook=hook)
        def turn(self, ctxt, hook):
            self.client.prepare(server=nearest(hook)).cast(ctxt, 'turn', hook=hook)
`);
    expect(draft).toContain("server: host | extract_host");
    expect(draft).toContain("server: hook.crane.host | extract_host");
    expect(draft).toContain("# its server is nearest(hook)\n");
  });

  it("with what becomes of values: made, constant, taken from others, converted", async () => {
    const draft = await draftOf(`
        def lift(self, ctxt, hook, spec=None, moment=None, crew=None):
            moment = timeutils.utcnow()
            kind_version = '1.3'
            plain = to_primitive(spec)
            return self.client.prepare(version='1.0').call(
                ctxt, 'lift', hook_id=hook.id, yard=hook['yard'], spec=plain, moment=moment,
                kind_version=kind_version, crew=crew or [])
        def drop(self, ctxt, hook, at=None):
            at = at or timeutils.utcnow()
            self.client.prepare(version='1.0').cast(ctxt, 'drop', hook=hook, at=at)
`);
    expect(draft).toContain("hook_id: { type: any, from: hook.id }");
    expect(draft).toContain("yard: { type: any, from: hook.yard }");
    expect(draft).toContain("hook: { type: any, local: true }");
    expect(draft).toContain("spec: { type: any, default: null, convert: to_primitive }");
    expect(draft).toContain("moment: { type: datetime, convert: utcnow }");
    expect(draft).toContain('kind_version: { type: any, const: "1.3" }');
    expect(draft).toContain("# given crew or []\n      crew: { type: any, default: [] }");
    expect(draft).toContain("at: { type: datetime, convert: utcnow }");
  });

  it("with an argument that one of two sends has, by the version", async () => {
    const draft = await draftOf(`
        def restore(self, ctxt, load, fresh):
            cctxt = self.client.prepare(server=load.host)
            if self.client.can_send_version('2.4'):
                cctxt.cast(ctxt, 'restore', load=load, fresh=fresh)
            else:
                cctxt.cast(ctxt, 'restore', load=load)
`);
    expect(draft).toContain('fresh: { type: any, since: "2.4", when_older: drop }');
  });

  it("with kinds that change from version to version", async () => {
    const draft = await draftOf(`
        def get(self, ctxt, load):
            if self.client.can_send_version('1.7'):
                self.client.prepare(version='1.7').cast(ctxt, 'get', load=load, wait=False)
            else:
                return self.client.prepare(version='1.0').call(ctxt, 'get', load=load)
`);
    expect(draft).toContain('kind: [{ since: "1.7", kind: cast }, { kind: call }]');
    expect(draft).toContain('wait: { type: any, const: false, since: "1.7", when_older: drop }');
  });

  it("with the whole history of the newest major, in its several forms", async () => {
    const draft = await draftOf(`
        """Cranes.

        |    1.0 - Was once.
        |    2.0 - Begins.
        |          Again.
        |    2.1 - Adds lift.
        2.10 Adds ring
        """
        RPC_API_VERSION = '2.11'
        def ring(self, ctxt):
            self.client.prepare(version='2.10').cast(ctxt, 'ring')
`);
    expect(draft).toContain(
      'versions:\n  "2.0": Begins. Again.\n  "2.1": Adds lift.\n  "2.10": Adds ring\n  "2.11": Not in the class\'s history.\n',
    );
  });

  it("with the topic of an attribute, or what stood in its place", async () => {
    const method =
      "\n        def ring(self, ctxt):\n            self.client.prepare(version='1.0').cast(ctxt, 'ring')\n";
    expect(await draftOf(`        TOPIC = 'yard'\n${method}`)).toContain("topic: yard\n");
    expect(await draftOf(`        TOPIC = topics.YARD\n${method}`)).toContain(
      "# the topic could not be read (topics.YARD); this is the service's name\n",
    );
    const target = "        def __init__(self):\n            self.t = Target(topic=CONF.yard_topic)\n";
    expect(await draftOf(target + method)).toContain("(CONF.yard_topic)");
  });

  it("with a note where a value is another below a version, and where prepare is told what cannot be read", async () => {
    const draft = await draftOf(`
        def move(self, ctxt, to, options):
            place = {'host': to.host, 'cluster': to.cluster}
            if not self.client.can_send_version('1.2'):
                place = {'node': to.host}
            self.client.prepare(version='1.0').cast(ctxt, 'move', place=place)
        def turn(self, ctxt, options):
            self.client.prepare(**options).cast(ctxt, 'turn')
`);
    expect(draft).toContain("# below 1.2 it sends place = {'node': to.host}\n");
    expect(draft).toContain("# given {'host': to.host, 'cluster': to.cluster}\n");
    expect(draft).toContain("# what prepare is given in options could not be read\n");
  });

  it("with tables that have grown, as types that older servers know without what came later", async () => {
    const draft = await draftOf(`
        def move(self, ctxt, to, load):
            place = {'host': to.host, 'cluster': to.cluster, 'floor': to.floor}
            if not self.client.can_send_version('1.4'):
                del place['floor']
            if not self.client.can_send_version('1.2'):
                del place['cluster']
            self.client.prepare(version='1.0').cast(ctxt, 'move', place=place, load=load)
        def turn(self, ctxt, to, hook):
            place = {'host': to.host}
            if self.client.can_send_version('1.3'):
                place['angle'] = to.angle
            self.client.prepare(version='1.0').cast(ctxt, 'turn', place=place, record=place, crane_manager=place)
`);
    expect(draft).toContain('was: [{ before: "1.2", without: [cluster, floor] }, { before: "1.4", without: [floor] }]');
    expect(draft).toContain("cluster: { type: any, optional: true }");
    expect(draft).toContain("place: Place\n");
    expect(draft).toContain("place: TurnPlace\n");
    // TypeScript has a Record, and a generated service its manager.
    expect(draft).toContain("record: TurnRecord\n");
    expect(draft).toContain("crane_manager: any\n");
    expect(draft).not.toContain("it sends");
  });

  it("with nothing to give back where nobody looks at the reply", async () => {
    const draft = await draftOf(`
        def turn(self, ctxt, hook):
            self.client.prepare(version='1.0').call(ctxt, 'turn', hook=hook)
        def lift(self, ctxt, hook):
            return self.client.prepare(version='1.0').call(ctxt, 'lift', hook=hook)
`);
    expect(draft).toContain(
      "# what it answers is not looked at, so that it is taken to give nothing back\n  turn: { kind: call, params: { hook: any } }\n",
    );
    expect(draft).toContain("lift: { kind: call, params: { hook: any }, returns: any }");
  });

  it("with one profile for a time-out of the configuration", async () => {
    const draft = await draftOf(`
        def turn(self, ctxt):
            return self.client.prepare(version='1.0', timeout=CONF.long_wait).call(ctxt, 'turn')
        def lift(self, ctxt):
            return self.client.prepare(version='1.0', timeout=CONF.long_wait).call(ctxt, 'lift')
        def drop(self, ctxt):
            return self.client.prepare(version='1.0', timeout=15).call(ctxt, 'drop')
`);
    expect(draft).toContain("# Python takes CONF.long_wait; put its value here\n  long_wait: 60s\n");
    expect(draft).toContain("turn: { kind: call, timeout: long_wait, returns: any }");
    expect(draft).toContain("drop: { kind: call, timeout: 15s, returns: any }");
  });

  it("once, where a comment would be the same for many methods", async () => {
    const methods = ["a", "b", "c", "d"].map(
      (name) =>
        `        def ${name}(self, ctxt, hook):\n            self.client.prepare(server=pick(hook)).cast(ctxt, '${name}', hook=hook)\n`,
    );
    const draft = await draftOf(methods.join(""));
    expect(draft.match(/its server is/g)).toHaveLength(1);
    expect(draft).toContain("# of 4 methods: its server is pick(hook)\n");
  });

  it("in messages that a static helper makes and another method sends", async () => {
    const draft = await draftOf(`
        @staticmethod
        def message(name, **kwargs):
            return name, kwargs
        def call(self, ctxt, msg, version=None):
            name, kwargs = msg
            client = self.client.prepare(version=version) if version is not None else self.client
            return client.call(ctxt, name, **kwargs)
        def cast(self, ctxt, msg):
            name, kwargs = msg
            return self.client.cast(ctxt, name, **kwargs)
        def lift(self, ctxt, hook):
            return self.call(ctxt, self.message('lift', hook=hook), version='1.2')
        def drop(self, ctxt, hook, quick=False):
            send = self.cast if quick else self.call
            return send(ctxt, self.message('drop', hook=hook))
`);
    expect(draft).toContain("lift: { kind: call, params: { hook: any }, returns: any }");
    expect(draft).toContain("kind: { by: quick, true: cast, false: call }");
    expect(draft).not.toContain("left out");
  });
});
