import { dirname, join, resolve } from "node:path";
import { hasErrors } from "../definitions.js";
import type { Io, Live } from "../io.js";
import { type ExitCode, exitCodes, Misuse } from "../misuse.js";
import { Places } from "../places.js";
import { findProject, projectFileName, readProject } from "../project.js";
import { diagnosticsText, paintFor, plural } from "../report.js";
import { changesText } from "../report-generate.js";
import { Stopwatch } from "../stopwatch.js";
import { type GenerateOutcome, type GenerateRequest, outFolder, runGenerate } from "./generate.js";

/** Milliseconds without a change before a run: an editor that saves writes, renames and touches. */
const quiet = 15;

/**
 * Generates, and again whenever a definition, an imported file, the project file or a template changes, comes or goes.
 * Mistakes are shown and waited for to be put right. Ends with 0 when the user stops it.
 */
export async function watch(request: GenerateRequest, io: Io): Promise<ExitCode> {
  const { live } = io;
  const { check, diff, dryRun, format } = request;
  if (check || diff || dryRun || format !== "text") {
    throw new Misuse("--watch writes files and prints text", "leave out --check, --diff, --dry-run and --format");
  }
  if (live === undefined) throw new Misuse("--watch is for a command line that goes on");
  return new Watch(request, io, live).run();
}

class Watch {
  readonly #request: GenerateRequest;
  readonly #io: Io;
  readonly #live: Live;
  /** What ends the watching, by folder. */
  readonly #watched = new Map<string, () => void>();
  /** Files that were read, whatever they are called. */
  #files: ReadonlySet<string> = new Set();
  #changed = false;
  #wake: (() => void) | undefined;
  #cancelTimer: () => void = () => {};
  #stopped = false;
  /** Milliseconds of the last run. */
  #took = 0;

  constructor(request: GenerateRequest, io: Io, live: Live) {
    this.#request = request;
    this.#io = io;
    this.#live = live;
  }

  async run(): Promise<ExitCode> {
    const forget = this.#live.onStop(() => {
      this.#stopped = true;
      this.#wake?.();
    });
    try {
      // What is wrong with the command line itself does not get better by waiting.
      const first = await this.#generate();
      this.#tell(first);
      let last = first;
      await this.#follow(last.sources.map(({ path }) => resolve(last.root, path)));
      this.#tellWaiting();
      while (!this.#stopped) {
        await this.#change();
        if (this.#stopped) break;
        last = (await this.#again(last)) ?? last;
      }
      this.#io.stdout.write("stopped\n");
      return exitCodes.clean;
    } finally {
      forget();
      this.#cancelTimer();
      for (const stop of this.#watched.values()) stop();
    }
  }

  /** One more run. A mistake in the command line, such as a folder that was removed, may be gone the next time. */
  async #again(last: GenerateOutcome): Promise<GenerateOutcome | undefined> {
    const known = last.sources.map(({ path }) => resolve(last.root, path));
    // Before the run, so that nothing that happens during it is missed.
    await this.#follow(known);
    try {
      const outcome = await this.#generate();
      this.#tell(outcome);
      // A file imported for the first time may have changed before its folder was watched: look once more.
      const sources = outcome.sources.map(({ path }) => resolve(outcome.root, path));
      if (await this.#follow([...sources, ...(hasErrors(outcome.diagnostics) ? known : [])])) {
        const second = await this.#generate();
        if (second.changes.some(({ action }) => action !== "unchanged")) this.#tell(second);
        return second;
      }
      return outcome;
    } catch (error) {
      if (!(error instanceof Misuse)) throw error;
      this.#io.stderr.write(`error: ${error.message}\n${error.help === undefined ? "" : `help: ${error.help}\n`}`);
      this.#line("1 error, waiting for changes");
      return undefined;
    }
  }

  async #generate(): Promise<GenerateOutcome> {
    this.#changed = false;
    const stopwatch = new Stopwatch(this.#io);
    const start = this.#io.now();
    const outcome = await runGenerate(this.#request, stopwatch, this.#io);
    this.#took = this.#io.now() - start;
    if (this.#request.timing) this.#io.stderr.write(stopwatch.text());
    return outcome;
  }

  #tell(outcome: GenerateOutcome): void {
    const { diagnostics, sources, root } = outcome;
    const io = this.#io;
    io.stderr.write(diagnosticsText(diagnostics, new Places(sources, root, io.cwd), paintFor(io.stderr, io.env)));
    const errors = diagnostics.filter(({ severity }) => severity === "error").length;
    const files = errors > 0 ? "" : changesText(outcome, this.#request, io).trimEnd();
    this.#line(
      errors > 0 ? `${plural(errors, "error")}, waiting for changes` : `${files}, ${Math.round(this.#took)} ms`,
    );
  }

  #tellWaiting(): void {
    this.#io.stdout.write(`watching ${plural(this.#watched.size, "folder")}; Ctrl-C ends it\n`);
  }

  #line(text: string): void {
    this.#io.stdout.write(`${this.#live.clock()} ${text}\n`);
  }

  /** Resolves when something has changed and then nothing for a moment, or at the end. */
  #change(): Promise<void> {
    return new Promise((done) => {
      this.#wake = () => {
        this.#wake = undefined;
        done();
      };
      if (this.#stopped) this.#wake();
      else if (this.#changed) this.#soon();
    });
  }

  #notice(): void {
    this.#changed = true;
    if (this.#wake !== undefined) this.#soon();
  }

  #soon(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#live.after(quiet, () => this.#wake?.());
  }

  /** Watches the folders that matter now and no others; tells whether one is new. */
  async #follow(sources: readonly string[]): Promise<boolean> {
    const { folders, out } = await this.#places(sources);
    this.#files = new Set([...sources, resolve(this.#io.cwd, this.#request.config ?? projectFileName)]);
    let isNew = false;
    for (const [folder, stop] of this.#watched) {
      if (folders.has(folder)) continue;
      stop();
      this.#watched.delete(folder);
    }
    for (const folder of folders) {
      if (this.#watched.has(folder)) continue;
      try {
        this.#watched.set(
          folder,
          this.#live.watch(folder, (name) => {
            if (name === undefined || this.#matters(folder, name, out)) this.#notice();
          }),
        );
        isNew = true;
      } catch {
        // It has gone in the meantime, and the folder above tells of it.
      }
    }
    return isNew;
  }

  /** Whether an entry that has changed can mean something: a definition, a template, a folder of them. */
  #matters(folder: string, name: string, out: string): boolean {
    const path = join(folder, name);
    if (path === out || path.startsWith(`${out}/`) || name === "node_modules" || name.startsWith(".")) return false;
    const stop = this.#watched.get(path);
    if (stop !== undefined) {
      // A folder that was removed, and perhaps made again: its old watcher is blind.
      stop();
      this.#watched.delete(path);
      return true;
    }
    if (this.#files.has(path)) return true;
    return /\.(ya?ml|hbs)$/.test(name) || this.#io.files.status(path)?.kind === "directory";
  }

  /** Every folder in which a change may matter. */
  async #places(sources: readonly string[]): Promise<{ readonly folders: ReadonlySet<string>; readonly out: string }> {
    const io = this.#io;
    const folders = new Set<string>();
    const seen = new Set<string>();
    const below = (folder: string, out: string): void => {
      // Links may lead back to where we are.
      const real = io.files.realPath(folder);
      if (folder === out || seen.has(real)) return;
      seen.add(real);
      folders.add(folder);
      for (const { name, kind } of io.files.list(folder)) {
        if (name.startsWith(".") || name === "node_modules") continue;
        const path = join(folder, name);
        const leadsTo = kind === "link" ? io.files.status(path)?.kind : kind;
        if (leadsTo === "directory") below(path, out);
      }
    };
    folders.add(dirname(resolve(io.cwd, this.#request.config ?? projectFileName)));
    for (const path of sources) folders.add(nearestFolder(dirname(path), io));
    let out = "";
    try {
      const project = findProject(this.#request.config, io);
      const { value: settings } = await readProject(project, undefined);
      out = outFolder(this.#request, settings, project, io);
      const fromLine = this.#request.inputs.length > 0;
      const base = fromLine ? io.cwd : project.root;
      for (const pattern of fromLine ? this.#request.inputs : settings.inputs) {
        if (pattern.startsWith("!")) continue;
        const path = resolve(base, plainStart(pattern));
        const isFolder = io.files.status(path)?.kind === "directory";
        if (isFolder) below(path, out);
        else folders.add(nearestFolder(dirname(path), io));
      }
      if (settings.templates !== undefined) {
        const path = resolve(project.root, settings.templates);
        if (io.files.status(path)?.kind === "directory") below(path, out);
        else folders.add(nearestFolder(dirname(path), io));
      }
    } catch (error) {
      if (!(error instanceof Misuse)) throw error;
    }
    return { folders, out };
  }
}

/** The part of a glob before its first pattern: the folder below which its files are. */
function plainStart(pattern: string): string {
  const parts = pattern.split("/");
  const first = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  return first === -1 ? pattern : parts.slice(0, first).join("/") || (first > 0 ? "/" : ".");
}

/** The folder, or the one above in which it may come back. */
function nearestFolder(folder: string, io: Io): string {
  const isThere = io.files.status(folder)?.kind === "directory";
  return isThere || dirname(folder) === folder ? folder : nearestFolder(dirname(folder), io);
}
