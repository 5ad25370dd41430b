#!/usr/bin/env node
/* A file of helpers. */

/** Adds. */
export function add(a: number, b: number): number {
  return a + b;
}
