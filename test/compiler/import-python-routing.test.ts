import { describe, expect, it } from "vitest";
import { draftOf } from "./import-python-draft.js";

describe("where a Python class sends to is read", () => {
  it("with servers and topics that change with the version, and neither where there is no host", async () => {
    const draft = await draftOf(`
        TOPIC = 'crane'
        def _ctx(self, host=None, **kw):
            if host:
                where = utils.extract_host(host)
                if self.client.can_send_version('2.4'):
                    kw['topic'] = '%s.%s' % (self.TOPIC, where)
                    where = utils.extract_host(where, 'host')
                kw['server'] = where
            return self.client.prepare(version='2.0', **kw)
        def lift(self, ctxt, hook, load):
            self._ctx(hook.host).cast(ctxt, 'lift', load=load)
        def drop(self, ctxt, hook):
            if not self.client.can_send_version('2.5'):
                raise TooOld()
            self._ctx(hook.host).cast(ctxt, 'drop', hook=hook)
`);
    expect(draft).toContain(`  lift:
    kind: cast
    server:
      - { since: "2.4", path: [hook.host | extract_host(host), $server] }
      - { path: [hook.host | extract_host, $server] }
    topic: [{ since: "2.4", name: "crane.{hook.host | extract_host}" }, { name: crane }]
`);
    expect(draft).toContain(`    server: [hook.host | extract_host(host), $server]
    topic: [{ name: "crane.{hook.host | extract_host}" }, { name: crane }]
`);
    expect(draft).not.toContain("its server is");
    expect(draft).not.toContain("refuses there");
  });

  it("with a server from a version on alone", async () => {
    const draft = await draftOf(`
        def lift(self, ctxt, hook):
            cctxt = self.client.prepare(version='2.0')
            if self.client.can_send_version('2.3'):
                cctxt = cctxt.prepare(server=extract_host(hook.host, level='pool'))
            cctxt.cast(ctxt, 'lift', hook=hook)
`);
    expect(draft).toContain('server: [{ since: "2.3", path: hook.host | extract_host(pool) }, { path: $server }]');
  });

  it("with several topics, of which the first is taken that can be made", async () => {
    const draft = await draftOf(`
        TOPIC = 'crane'
        def lift(self, ctxt, hook):
            topic = '%s.%s' % (self.TOPIC, hook.crew) if hook.crew else '%s.%s' % (self.TOPIC, hook.host)
            self.client.prepare(version='2.0', topic=topic).cast(ctxt, 'lift', hook=hook)
        def drop(self, ctxt, hook):
            topic = self.TOPIC + '.' + extract_host(hook.crew or hook.host)
            self.client.prepare(version='2.0', topic=topic).cast(ctxt, 'drop', hook=hook)
        def turn(self, ctxt, hook):
            topic = '%s.%s' % (self.TOPIC, hook.crew) if len(hook) > 3 else '%s.%s' % (self.TOPIC, hook.host)
            self.client.prepare(version='2.0', topic=topic).cast(ctxt, 'turn', hook=hook)
`);
    expect(draft).toContain('topic: [{ name: "crane.{hook.crew}" }, { name: "crane.{hook.host}" }]');
    expect(draft).toContain(
      'topic:\n      - { name: "crane.{hook.crew | extract_host}" }\n      - { name: "crane.{hook.host | extract_host}" }\n',
    );
    expect(draft).toContain("# its topic is crane.{hook.crew} or crane.{hook.host}\n");
  });

  it("with the topic's queue where a host may be missing, and an error where Python makes sure that there is one", async () => {
    const draft = await draftOf(`
        def lift(self, ctxt, hook):
            self.client.prepare(server=hook.host).cast(ctxt, 'lift', hook=hook)
        def drop(self, ctxt, hook):
            if not hook.host:
                raise NoHost()
            self.client.prepare(server=hook.host).cast(ctxt, 'drop', hook=hook)
        def turn(self, ctxt, host):
            self.client.prepare(server=host).cast(ctxt, 'turn')
        def ring(self, ctxt, host=None):
            self.client.prepare(server=host).cast(ctxt, 'ring')
        def halt(self, ctxt, hook, host=None):
            self.client.prepare(server=host or hook.host).cast(ctxt, 'halt', hook=hook)
`);
    const asked =
      "# Python does not ask whether there is a server; without $server it is an error where there is none\n";
    expect(draft).toContain(`${asked}  lift: { kind: cast, server: [hook.host, $server], params: { hook: any } }`);
    expect(draft).toContain("drop: { kind: cast, server: hook.host, params: { hook: any } }");
    expect(draft).toContain("turn: { kind: cast, server: host, params: { host: { type: any, local: true } } }");
    expect(draft).toMatch(/ring:\n +kind: cast\n +server: \[host, \$server\]/);
    expect(draft).toContain("server: [host, hook.host, $server]");
  });

  it("with a topic that callers of Python may give left to the call's option", async () => {
    const draft = await draftOf(`
        TOPIC = 'crane'
        def lift(self, ctxt, hook, topic=None):
            self.client.prepare(version='2.0', topic=topic or self.TOPIC).cast(ctxt, 'lift', hook=hook)
`);
    expect(draft).toContain('# topic is the option "topic" of a call\n  lift: { kind: cast, params: { hook: any } }');
    expect(draft).not.toContain("not sent as they are");
  });
});
