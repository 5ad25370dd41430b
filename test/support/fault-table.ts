import { appendFileSync } from "node:fs";

/** How a request is sent: an ordinary call, one that may be sent again, a cast, a cast at least once. */
export type Kind = "call" | "idempotent" | "cast" | "kept";

/** What became of the operations of one kind under one fault. */
export interface FaultRow {
  readonly fault: string;
  readonly kind: Kind;
  readonly sent: number;
  /** Calls with their right reply, casts with their confirmation. */
  readonly answered: number;
  /** By the code of the error. */
  readonly failed: Readonly<Record<string, number>>;
  /** Neither answered nor failed some seconds after their deadline. */
  readonly hung: number;
  /** Executed more than once. */
  readonly twice: number;
  /** Casts that were confirmed and never executed; calls that were executed and whose reply did not come. */
  readonly lost: number;
}

/** Collects the rows of a test file and prints them as one table. */
export class FaultTable {
  readonly #rows: FaultRow[] = [];

  add(rows: readonly FaultRow[]): readonly FaultRow[] {
    this.#rows.push(...rows);
    return rows;
  }

  /** Prints the table, and appends it to the file that bench/chaos.mjs names. */
  print(): void {
    const lines = this.#rows.map(({ fault, kind, sent, answered, failed, hung, twice, lost }) => {
      const errors = Object.entries(failed).map(([code, count]) => `${count} ${code}`);
      return [fault, kind, sent, answered, errors.join(", ") || "0", hung, twice, lost].map(String);
    });
    const table = [["fault", "kind", "sent", "answered", "failed", "hung", "twice", "lost"], ...lines];
    const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    const text = table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
    console.log(`\n${text.join("\n")}\n`);
    const file = process.env["RPCGEN_CHAOS_REPORT"];
    if (file === undefined) return;
    for (const row of lines) appendFileSync(file, `| ${row.join(" | ")} |\n`);
  }
}
