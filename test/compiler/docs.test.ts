import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { RPCClient, type ServiceDescriptor } from "@rpcgen/runtime";
import { RecordingTransport } from "@rpcgen/runtime/testing";
import { describe, expect, it } from "vitest";
import { analyze } from "../../src/compiler/analyze.js";
import { builtInConverters } from "../../src/compiler/converters.js";
import { docs } from "../../src/compiler/docs/index.js";
import { descriptorOf } from "../../src/compiler/emit/descriptor.js";
import { defaultConfig, type Source } from "../../src/compiler/index.js";
import type { Method, Service } from "../../src/compiler/model.js";
import { Examples } from "../../src/compiler/samples/examples.js";
import { jsonText } from "../../src/compiler/samples/json-text.js";
import { sampleRequest } from "../../src/compiler/samples/request.js";
import { Sealer } from "../../src/compiler/samples/sealed.js";
import { documentCases, expectFiles, sourcesOf } from "./support/document-cases.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("documents of a definition", () => {
  it.each(documentCases("docs"))("are the files of its case: %s", (name) => {
    expectFiles("docs", name, docs(sourcesOf("docs", name)));
  });

  it("are the same for the same sources in another order", () => {
    const sources = schemas("schemas/nova");

    expect(docs([...sources].reverse(), defaultConfig, read)).toEqual(docs(sources, defaultConfig, read));
  });

  it("have no script but their own, whatever the definition says", () => {
    const html = page(sourcesOf("docs", "hostile_texts"), "hostile.html");

    expect(html.match(/<script/gi)).toHaveLength(1);
    expect(html).not.toMatch(/<(img|iframe|object|embed|b>|i>alert|svg onload)/i);
    // No tag of ours has a handler, and nothing of the definition became an attribute.
    expect(html.replace(/"[^"]*"/g, '""').match(/<[^>]*\son[a-z]+\s*=/gi)).toBeNull();
    expect(html).not.toMatch(/href="(?!#|[a-z_-]+\.html")/i);
    expect(html).toContain("&lt;script&gt;alert(&quot;description&quot;)&lt;/script&gt;");
  });

  it("name the only script that may run by its digest, and load nothing", () => {
    const html = page(sourcesOf("docs", "greeter"), "greeter.html");

    expect(html).toMatch(/Content-Security-Policy" content="default-src 'none'; [^"]*script-src 'sha256-[\w+/=]+'/);
    expect(html.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|src=|@import|url\((?!#)/);
  });

  it("keep texts of the definition from being markup in Markdown too", () => {
    const markdown = page(sourcesOf("docs", "hostile_texts"), "hostile.md");
    const outsideOfCode = markdown
      .replaceAll("\\`", "")
      .replace(/^(`{3,})[\s\S]*?^\1$/gm, "")
      .replace(/(`+)[^`][\s\S]*?\1/g, "");

    expect(outsideOfCode.replace(/<!--.*?-->|<br>/g, "")).not.toContain("<");
    expect(outsideOfCode).not.toMatch(/(?<!\\)\]\((?!#)/);
    expect(outsideOfCode).not.toMatch(/^# no heading/m);
    expect(outsideOfCode.match(/^\|/gm)?.length).toBe(markdown.match(/^\|/gm)?.length);
  });

  it("give every link of a page a target in it", () => {
    for (const [path, html] of pagesOf(schemas("schemas/nova"))) {
      const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size, path).toBe(ids.length);
      expect(targets.length, path).toBeGreaterThan(0);
      expect(
        targets.filter((target) => !ids.includes(target)),
        path,
      ).toEqual([]);
    }
  });

  it("keep an index from taking the place of a service that is called so", () => {
    const [greeter] = sourcesOf("docs", "greeter");
    const text = (greeter?.text ?? "").replace("service: greeter", "service: index");

    expect(docs([{ path: "index.yaml", text }]).files.map(({ path }) => path)).toEqual([
      "index-.html",
      "index-.md",
      "index.html",
      "README.md",
    ]);
  });

  it("say what is wrong with a definition, and make nothing of it", () => {
    const { files, diagnostics } = docs([{ path: "a.yaml", text: "rpcapi: 1\nservice: a\n" }]);

    expect(files).toEqual([]);
    expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
  });

  it("are made with a template of the user, which a mistake in it turns into a diagnostic", () => {
    const sources = sourcesOf("docs", "greeter");
    const made = (text: string) => docs(sources, { ...defaultConfig, templates: { "docs/page.md.hbs": text } });

    expect(made("{{page.title}}!").files.find(({ path }) => path === "greeter.md")?.text).toBe("greeter!");
    expect(made("{{page.titel}}")).toMatchObject({ files: [], diagnostics: [{ code: "template-error" }] });
    expect(docs(sources, { ...defaultConfig, templates: { "docs/pages.hbs": "" } }).diagnostics[0]?.code).toBe(
      "unknown-template",
    );
  });
});

describe("a method that changes from version to version", () => {
  const text = `rpcapi: 1
service: volume
topic: cinder-volume
versions: { "3.0": First version., "3.1": Makes resize a cast., "3.2": Adds origin and size. }
methods:
  resize:
    kind: [{ since: "3.1", kind: cast }, { kind: call }]
    server: volume.host | extract_host
    topic: [{ since: "3.1", name: "cinder-volume.{volume.service_topic_queue}" }, { name: cinder-volume }]
    returns: any
    params:
      volume: any
      origin: { type: string, const: api, since: "3.2", when_older: drop }
  extend:
    kind: cast
    params: { size: { type: integer, optional: true, since: "3.2" } }
`;
  const markdown = page([{ path: "volume.yaml", text }], "volume.md");
  const of = (method: string) => markdown.slice(markdown.indexOf(`### ${method}`)).split("\n### ")[0] ?? "";
  const resize = of("resize").slice(of("resize").indexOf("###"));

  it("is shown with the versions of its kinds and topics", () => {
    expect(resize).toContain("- Kind: a cast since 3.1, before a call\n");
    expect(resize).toContain(
      "- Topic: `cinder-volume.{volume.service_topic_queue}` or else `cinder-volume` since 3.1, before `cinder-volume`\n",
    );
  });

  it("gives what is unknown, which may be undefined anyway", () => {
    expect(resize).toContain("resize(context, { volume: unknown }): Promise<unknown>\n");
  });

  it("is routed by values that look like what they are, and by the function behind a path", () => {
    expect(resize).toContain("- Routing key: `cinder-volume.queue1.host1`\n");
    expect(resize).toContain(
      "- In general: `cinder-volume.{volume.service_topic_queue}.{volume.host | extract_host}`\n",
    );
    expect(resize).toContain('"volume": { "host": "host1", "service_topic_queue": "queue1" }');
  });

  it("says of an argument which may be left out that its version is lower without it, and not of a constant", () => {
    const note = "without that it is lower";
    expect(resize).not.toContain(note);
    expect(of("extend")).toContain(note);
  });
});

describe("the request that a document shows", () => {
  it.each(["schemas", "schemas/nova", "test/compiler/cases/generate/everything"])(
    "is what the runtime's client sends, for every method in %s",
    async (folder) => {
      let count = 0;
      for (const service of servicesOf(schemas(folder))) {
        for (const method of service.methods) {
          expect(await shownOf(service, method), `${service.name}.${method.name}`).toEqual(
            await sentBy(service, method),
          );
          count += 1;
        }
      }
      expect(count).toBeGreaterThan(0);
    },
  );

  it("is of the version of the objects in it, but for those of which a converter makes something else", async () => {
    const text = `rpcapi: 1
service: yard
versions: { "1.0": First version., "1.1": Adds size to Box. }
types:
  Box: { fields: { id: integer, size: { type: integer, optional: true } }, was: [{ before: "1.1", without: [size] }] }
  Boxes: list<Box>
methods:
  put: { kind: cast, params: { box: Boxes } }
  ship: { kind: cast, params: { box: { type: Boxes, convert: extract_host } } }
`;
    const [yard] = servicesOf([{ path: "yard.yaml", text }]);
    const versions: unknown[] = [];
    for (const method of yard?.methods ?? []) {
      if (yard === undefined) continue;
      const shown = await shownOf(yard, method);
      expect(shown).toMatchObject({ version: Reflect.get(await sentBy(yard, method), "version") });
      versions.push(Reflect.get(shown, "version"));
    }
    expect(versions).toEqual(["1.1", "1.0"]);
  });
});

/** What the document shows of a method's request. */
async function shownOf(service: Service, method: Method): Promise<object> {
  const { kind, topic, server, version, method: name, args } = sample(service, method);
  return { kind, topic, server, version, method: name, args: jsonText(args) };
}

/** What a client at the same cap sends. */
async function sentBy(service: Service, method: Method): Promise<object> {
  const { cap, given } = sample(service, method);
  const transport = new RecordingTransport();
  // The errors are classes, which a request does not need.
  const { errors: _, ...descriptor } = descriptorOf(service);
  const converters = service.methods.flatMap(({ params }) =>
    params.flatMap(({ convert, was }) => [convert?.name, ...was.map((former) => former.convert)]),
  );
  const names = converters.filter((name) => name !== undefined && !builtInConverters.has(name));
  const users = Object.fromEntries(names.map((name) => [name, { encode: () => `<made by ${name}>` }]));
  const client = new RPCClient(transport, descriptor as unknown as ServiceDescriptor, {
    versionCap: cap,
    converters: users,
  });
  await client.send(method.name, { request_id: "req-1" }, given);
  const [request] = transport.requests;
  const args = Object.entries(request?.args ?? {}).map(([key, value]) => {
    const param = method.params.find(({ name }) => name === key);
    return [key, param?.convert?.name === "utcnow" ? "2026-01-31T12:00:00.000000" : value] as const;
  });
  return {
    kind: request?.kind,
    topic: request?.target.topic,
    server: request?.target.server,
    version: request?.version,
    method: request?.method,
    // As it is on the wire: there a small bigint is a number.
    args: jsonText(Object.fromEntries(args)),
  };
}

function sample(service: Service, method: Method) {
  return sampleRequest(service, method, new Examples(service), new Sealer(service));
}

function page(sources: readonly Source[], path: string): string {
  return new Map(docs(sources, defaultConfig, read).files.map((file) => [file.path, file.text])).get(path) ?? "";
}

function pagesOf(sources: readonly Source[]): readonly (readonly [string, string])[] {
  return docs(sources, defaultConfig, read)
    .files.filter(({ path }) => path.endsWith(".html") && path !== "index.html")
    .map(({ path, text }) => [path, text]);
}

function servicesOf(sources: readonly Source[]): readonly Service[] {
  const { value, diagnostics } = analyze(sources, read, defaultConfig);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return value.services;
}

function schemas(folder: string): readonly Source[] {
  return readdirSync(root + folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => read(`${folder}/${name}`));
}

function read(path: string): Source {
  return { path, text: readFileSync(root + path, "utf8") };
}
