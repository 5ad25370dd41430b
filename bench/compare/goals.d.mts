/** What a contestant did in one case of one round; see rounds.mjs for the other numbers. */
export interface Sample {
  readonly case: string;
  readonly contestant: string;
  readonly round: number;
  readonly rate: number;
  readonly clientCPU: number;
  readonly serverCPU: number;
}

export interface Goal {
  readonly title: string;
  readonly figure: number;
  readonly reached: boolean;
}

export function checkGoals(results: {
  readonly samples: readonly Sample[];
  readonly startUp?: readonly { readonly name: string; readonly above: number }[];
}): readonly Goal[];
