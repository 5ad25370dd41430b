export interface Round { type: "round"; radius: number }
