import type { Service, Version } from "../model.js";
import type { Range } from "../source.js";
import { type Change, changesAt } from "./changes.js";

/** What one version of a service is. */
export interface HistoryEntry {
  readonly version: Version;
  /** What the definition's author says that it brought. */
  readonly description: string;
  /** What the rest of the definition says that it brought. */
  readonly changes: readonly Change[];
  /** Names of the releases that speak it. */
  readonly releases: readonly string[];
  /** The first version of its major, which may say that nothing has changed but the major. */
  readonly startsMajor: boolean;
  readonly range: Range;
}

/** The versions of a service and what each brought, newest first. */
export interface History {
  readonly service: string;
  readonly description?: string;
  /** The definition's file. */
  readonly source: string;
  readonly entries: readonly HistoryEntry[];
}

/** Reads the history of a service out of its definition. */
export function historyOf(service: Service): History {
  const { name, description, source, versions, releases } = service;
  const entries = versions.map(({ version, description: text, range }, index) => {
    const before = versions[index - 1]?.version;
    return {
      version,
      description: text,
      changes: before === undefined ? [] : changesAt(service, version, before),
      releases: releases.filter((release) => release.version === version).map((release) => release.name),
      startsMajor: before?.split(".")[0] !== version.split(".")[0],
      range,
    };
  });
  return { service: name, ...(description === undefined ? {} : { description }), source, entries: entries.reverse() };
}
