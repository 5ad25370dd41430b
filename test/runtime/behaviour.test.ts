import { describeBehaviour } from "./suite/behaviour.js";

describeBehaviour("memory", () => "memory://behaviour");
