import { brokerURL, uniqueName } from "../support/broker.js";
import { describeTransport } from "./suite/transport.js";

const memory = `memory://${uniqueName("transport")}`;

describeTransport("memory", () => Promise.resolve(memory));
describeTransport("RabbitMQ", brokerURL);
