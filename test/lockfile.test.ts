import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
  readonly link?: boolean;
}

interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** bench has packages of its own, so that the root installs none of them. */
const locks = ["package-lock.json", "bench/package-lock.json"].map((path): [string, Lock] => [
  path,
  JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8")),
]);

test.each(locks)(
  "%s has the optional packages of every platform, without which npm ci refuses to install",
  (_path, lock) => {
    const wanted = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    const locked = new Set(
      Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf("node_modules/") + 13)),
    );
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  },
);

test.each(locks)("%s names no registry", (_path, lock) => {
  const resolved = Object.values(lock.packages).filter(({ link }) => link !== true);
  expect(resolved.filter((entry) => entry.resolved !== undefined)).toEqual([]);
});
