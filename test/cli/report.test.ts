import { describe, expect, it } from "vitest";
import { Places } from "../../src/cli/places.js";
import { diagnosticsGithub, diagnosticsJson, diagnosticsText, paintFor } from "../../src/cli/report.js";
import type { Diagnostic } from "../../src/compiler/diagnostic.js";

const text = `methods:
  start:
    params:
      instance: Instanse
    returns: string
`;
const path = "schemas/compute.yaml";

/** A diagnostic at the first place of a part of the text. */
function at(part: string, diagnostic: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(part);
  return {
    code: "unknown-type",
    severity: "error",
    message: `there is no type "${part}"`,
    range: { path, start, end: start + part.length },
    ...diagnostic,
  };
}

const plain = paintFor({ isTTY: false, write: () => {} }, {});

function asText(diagnostics: readonly Diagnostic[], sources = [{ path, text }], cwd = "/project"): string {
  return diagnosticsText(diagnostics, new Places(sources, "/project", cwd), plain);
}

describe("the text of diagnostics", () => {
  it("has the place, the code, the lines around it with a mark, the way out, and a count", () => {
    expect(asText([at("Instanse", { help: 'did you mean "Instance"?' })])).toBe(
      `schemas/compute.yaml:4:17: error unknown-type: there is no type "Instanse"
  2 |   start:
  3 |     params:
> 4 |       instance: Instanse
    |                 ^^^^^^^^
  5 |     returns: string
  help: did you mean "Instance"?

1 error in 1 file
`,
    );
  });

  it("is in the order of files and lines, and counts errors and warnings apart", () => {
    const other = { path: "schemas/a.yaml", start: 0, end: 1 };
    const printed = asText(
      [at("Instanse"), at("start", { severity: "warning" }), at("x", { range: other })],
      [
        { path, text },
        { path: other.path, text: "x" },
      ],
    );
    expect(printed.match(/^\S+:\d+:\d+/gm)).toEqual([
      "schemas/a.yaml:1:1",
      "schemas/compute.yaml:2:3",
      "schemas/compute.yaml:4:17",
    ]);
    expect(printed).toMatch(/\n2 errors, 1 warning in 2 files\n$/);
  });

  it("shows related places", () => {
    const related = [{ message: "first given here", range: { path, start: 11, end: 16 } }];
    expect(asText([at("Instanse", { related })])).toContain("\n  schemas/compute.yaml:2:3: first given here\n");
  });

  it("shows paths from the folder where the user is", () => {
    expect(asText([at("Instanse")], [{ path, text }], "/project/schemas")).toMatch(/^compute\.yaml:4:17: /);
    expect(asText([at("Instanse")], [{ path, text }], "/project/src")).toMatch(/^\.\.\/schemas\/compute\.yaml:4/);
    expect(asText([at("Instanse")], [{ path, text }], "/a/b/c")).toMatch(/^\/project\/schemas\/compute\.yaml:4/);
  });

  it("needs no place", () => {
    expect(asText([{ code: "cannot-read", severity: "error", message: "cannot read x.yaml: permission denied" }])).toBe(
      "error cannot-read: cannot read x.yaml: permission denied\n\n1 error\n",
    );
  });

  it("marks up to the end of the first line of a longer range", () => {
    const start = text.indexOf("start:");
    expect(asText([at("x", { range: { path, start, end: text.length } })])).toContain(
      "\n> 2 |   start:\n    |   ^^^^^^\n",
    );
  });

  it("marks one column of an empty range, also at the very end of the text", () => {
    const range = { path, start: text.length, end: text.length };
    expect(asText([at("x", { range })])).toContain("compute.yaml:6:1: ");
    expect(asText([at("x", { range })])).toContain("\n> 6 |\n    | ^\n");
    expect(asText([at("x", { range: { path, start: 0, end: 0 } })], [{ path, text: "" }])).toContain(
      "\n> 1 |\n    | ^\n",
    );
  });

  it("marks the right column behind tabs, wide and combining characters", () => {
    const line = "a:\t名前 e\u0301 X";
    const range = { path, start: line.indexOf("X"), end: line.indexOf("X") + 1 };
    const [, shown = "", mark = ""] = asText([at("x", { range })], [{ path, text: line }]).split("\n");
    // 4 columns for two ideographs, 1 for e with its accent.
    expect(shown).toBe("> 1 | a: 名前 e\u0301 X");
    expect(mark).toBe(`    | ${" ".repeat("a: ".length + 4 + " e ".length)}^`);
  });

  it("shows the part of a very long line that matters", () => {
    const long = `${"a".repeat(5000)}MARK${"b".repeat(5000)}`;
    const printed = asText([at("x", { range: { path, start: 5000, end: 5004 } })], [{ path, text: long }]);
    const [, shown = "", mark = ""] = printed.split("\n");
    expect(shown.length).toBeLessThan(130);
    expect(shown.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toBe("MARK");
  });

  it("lets no character of a definition steer the terminal", () => {
    const evil = "a: \u001b[2J\u202e\u0007";
    const printed = asText(
      [at("x", { message: "bad \u001b[31m", help: "\u0000", range: { path, start: 3, end: 4 } })],
      [{ path, text: evil }],
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be there
    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202e]/);
  });

  it("finds the places of thousands of diagnostics in a large file in no time", () => {
    const large = "key: value\n".repeat(100_000);
    const many = Array.from({ length: 5000 }, (_, index) =>
      at("x", { range: { path, start: index * 220, end: index * 220 + 3 } }),
    );
    const started = performance.now();
    const printed = asText(many, [{ path, text: large }]);
    expect(performance.now() - started).toBeLessThan(3000);
    expect(printed).toContain("5000 errors in 1 file");
  });
});

describe("colour", () => {
  const painted = (isTTY: boolean, env: Record<string, string>): string =>
    paintFor({ isTTY, write: () => {} }, env).red("x");

  it("is only for terminals, and for nobody who does not want it", () => {
    expect(painted(true, {})).toBe("\u001b[31mx\u001b[39m");
    expect(painted(false, {})).toBe("x");
    expect(painted(true, { NO_COLOR: "1" })).toBe("x");
    expect(painted(true, { NO_COLOR: "" })).toBe("\u001b[31mx\u001b[39m");
    expect(painted(true, { TERM: "dumb" })).toBe("x");
  });
});

describe("annotations for GitHub", () => {
  const places = new Places([{ path, text }], "/project", "/project");

  it("name file, line and column, with the way out in the text", () => {
    expect(diagnosticsGithub([at("Instanse", { help: 'did you mean "Instance"?' })], places)).toBe(
      '::error file=schemas/compute.yaml,line=4,endLine=4,col=17,endColumn=25,title=unknown-type::there is no type "Instanse"; did you mean "Instance"?\n',
    );
  });

  it("escape what would end a property or the line", () => {
    const odd = { code: "odd", severity: "warning", message: "100%\nsure" } as const;
    expect(diagnosticsGithub([odd], places)).toBe("::warning title=odd::100%25%0Asure\n");
    const named = new Places([{ path: "a,b:c.yaml", text: "x" }], "/project", "/project");
    expect(diagnosticsGithub([{ ...odd, range: { path: "a,b:c.yaml", start: 0, end: 1 } }], named)).toContain(
      "file=a%2Cb%3Ac.yaml,",
    );
  });
});

describe("diagnostics as JSON", () => {
  it("have the place in lines and columns, and only the keys that they need", () => {
    const places = new Places([{ path, text }], "/project", "/project");
    const related = [{ message: "here", range: { path, start: 11, end: 16 } }];
    expect(
      diagnosticsJson([at("Instanse", { related }), { code: "c", severity: "error", message: "m" }], places),
    ).toEqual([
      { code: "c", severity: "error", message: "m" },
      {
        code: "unknown-type",
        severity: "error",
        message: 'there is no type "Instanse"',
        file: path,
        line: 4,
        column: 17,
        endLine: 4,
        endColumn: 25,
        related: [{ message: "here", file: path, line: 2, column: 3, endLine: 2, endColumn: 8 }],
      },
    ]);
  });
});
