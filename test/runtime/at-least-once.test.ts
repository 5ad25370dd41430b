import { brokerURL, uniqueName } from "../support/broker.js";
import { describeAtLeastOnce } from "./suite/at-least-once.js";

const memory = `memory://${uniqueName("at-least-once")}`;

describeAtLeastOnce("memory", () => Promise.resolve(memory));
describeAtLeastOnce("RabbitMQ", brokerURL);
