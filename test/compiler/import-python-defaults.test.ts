import { describe, expect, it } from "vitest";
import { draftOf } from "./import-python-draft.js";

describe("what a Python class sends for what its callers leave out is read", () => {
  it("as the defaults, which its drafts send as Python does", async () => {
    const draft = await draftOf(`
        KIND = 'steel'
        def lift(self, ctxt, hook, quick=False, kind=KIND, crew=[], marks={}):
            self.client.prepare(version='1.0').cast(ctxt, 'lift', hook=hook, quick=quick, kind=kind, crew=crew, marks=marks)
`);
    expect(draft).toContain("send_defaults: true\n");
    expect(draft).toContain("quick: { type: boolean, default: false }");
    expect(draft).toContain("kind: { type: any, default: steel }");
    expect(draft).toContain("crew: { type: any, default: [] }");
    expect(draft).toContain("marks: { type: any, default: {} }");
  });

  it("and says nothing of defaults where nothing that is sent has one", async () => {
    const draft = await draftOf(`
        def lift(self, ctxt, hook, host=None, wait=False):
            cctxt = self.client.prepare(version='1.0', server=host)
            send = cctxt.call if wait else cctxt.cast
            return send(ctxt, 'lift', hook=hook)
`);
    expect(draft).not.toContain("send_defaults");
  });

  it("as the moment of sending, in whichever way it takes the place of none", async () => {
    const draft = await draftOf(`
        @staticmethod
        def plain(at):
            at = at or timeutils.utcnow()
            return jsonutils.to_primitive(at)
        def lift(self, ctxt, hook, at=None):
            self.client.prepare(version='1.0').cast(ctxt, 'lift', hook=hook, at=self.plain(at))
        def drop(self, ctxt, at=None):
            if at is None:
                at = timeutils.utcnow()
            self.client.prepare(version='1.0').cast(ctxt, 'drop', at=at)
`);
    expect(draft).toContain("params: { hook: any, at: { type: datetime, convert: utcnow } }");
    expect(draft).toContain("drop: { kind: cast, params: { at: { type: datetime, convert: utcnow } } }");
    expect(draft).not.toContain("# given");
  });

  it("as a value of its own where callers may give nothing for what they have to give", async () => {
    const draft = await draftOf(`
        def lift(self, ctxt, hook, crew, marks):
            marks = marks if marks else {}
            self.client.prepare(version='1.0').cast(ctxt, 'lift', hook=hook, crew=crew or [], marks=marks)
`);
    expect(draft).toContain("# given crew or []\n      crew: { type: any, fill: [] }");
    expect(draft).toContain("# given marks or {}\n      marks: { type: any, fill: {} }");
  });
});
