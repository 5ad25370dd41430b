import { dirname, join, resolve } from "node:path";
import { namePatterns, repairName } from "../../compiler/names.js";
import { failureText, type Io } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { shownPath } from "../places.js";
import { type StarterFile, type StarterManifest, starterFiles, starterManifest } from "../starter.js";

/** The command line of `rpcgen init`. */
export interface InitRequest {
  /** The project's folder; it is made when it does not exist. */
  readonly dir: string;
  /** The service's name. */
  readonly name: string;
}

/** Makes a project to start from. Overwrites nothing; an existing package.json gets what it lacks. */
export async function init({ dir, name }: InitRequest, io: Io): Promise<ExitCode> {
  refuseName(name);
  const root = resolve(io.cwd, dir);
  const shown = shownPath(root, io.cwd);
  try {
    const kind = io.files.status(root)?.kind;
    if (kind !== undefined && kind !== "directory") throw new Misuse(`${shown} is a file`, "name a folder");
    const manifest = manifestFile(root, name, io);
    const files = starterFiles(name);
    const inTheWay = files.filter(({ path }) => io.files.status(join(root, path)) !== undefined);
    if (inTheWay.length > 0) {
      throw new Misuse(
        `init overwrites nothing, and ${shown} has ${inTheWay.map(({ path }) => path).join(", ")} already`,
        "name another folder: rpcgen init DIR",
      );
    }
    for (const { path, text } of [manifest, ...files]) {
      const verb = io.files.status(join(root, path)) === undefined ? "wrote" : "extended";
      io.files.makeFolder(dirname(join(root, path)));
      io.files.writeText(join(root, path), text);
      io.stdout.write(`${verb} ${shownPath(join(root, path), io.cwd)}\n`);
    }
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`cannot write the project in ${shown}: ${failureText(error)}`);
  }
  const enter = root === io.cwd ? "" : `  cd ${dir}\n`;
  io.stdout.write(`\nNow:\n${enter}  npm install\n  npm run build\n  npm start\n`);
  return exitCodes.clean;
}

function refuseName(name: string): void {
  const { pattern, like } = namePatterns.service;
  if (pattern.test(name)) return;
  const repaired = repairName(name, "service");
  throw new Misuse(
    `"${name}" cannot be the name of a service`,
    repaired === undefined ? `a name looks like ${like}` : `did you mean "${repaired}"?`,
  );
}

function manifestFile(root: string, name: string, io: Io): StarterFile {
  const path = join(root, "package.json");
  const wanted = starterManifest(io.self.version);
  const present =
    io.files.status(path) === undefined
      ? { name, version: "0.1.0", private: true, type: "module" }
      : readManifest(path, io);
  return { path: "package.json", text: `${JSON.stringify(merged(present, wanted), undefined, 2)}\n` };
}

function readManifest(path: string, io: Io): object {
  const text = io.files.readText(path);
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    manifest = undefined;
  }
  const shown = shownPath(path, io.cwd);
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) {
    throw new Misuse(`${shown} is not JSON`, "mend it, or name another folder: rpcgen init DIR");
  }
  if ("type" in manifest && manifest.type !== "module") {
    throw new Misuse(
      `${shown} says "type": ${JSON.stringify(manifest.type)}, and the project would be of ES modules`,
      'change it to "module", or name another folder: rpcgen init DIR',
    );
  }
  return { ...manifest, type: "module" };
}

/** What the user has written stays as it is. */
function merged(present: object, wanted: StarterManifest): object {
  const has = new Map<string, unknown>(Object.entries(present));
  const added = Object.entries(wanted).map(([key, values]) => {
    const theirs = has.get(key);
    return [key, { ...values, ...(typeof theirs === "object" && theirs !== null ? theirs : {}) }];
  });
  return { ...present, ...Object.fromEntries(added) };
}
