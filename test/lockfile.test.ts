import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
  readonly link?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"),
);

test("the lock file has the optional packages of every platform, without which npm ci refuses to install", () => {
  const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies),
  );
  const locked = new Set(Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + 13)));
  expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
});

test("the lock file names no registry", () => {
  const resolved = Object.values(lock.packages).filter(({ link }) => link !== true);
  expect(resolved.filter((entry) => entry.resolved !== undefined)).toEqual([]);
});
