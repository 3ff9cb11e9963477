import assert from "node:assert/strict";
import { Audience } from "../../../../services/dashboard/live/audience.ts";
import { clientOf, eventsOf, run, task } from "./events.ts";

const EVENTS = eventsOf([run("etl~1"), task("load", "success"), run("ml~1"), { kind: "pool", pool: "gpu", state: "put" }]);

describe("live: the audience", () => {
  /** Tells everybody and returns what each has heard. */
  function heardBy(audience: Audience, clients: readonly ReturnType<typeof clientOf>[], events = EVENTS) {
    const deliveries = audience.deliveries(events, "9-0");
    for (const { text, to } of deliveries) for (const client of to) client.send(text, "9-0");
    return { heard: clients.map(({ outlet }) => outlet.take()), texts: deliveries.length };
  }

  it("hears what it has asked for, each once", () => {
    const clients = [["runs"], ["run:etl~1", "dag:etl", "tasks:etl~1"], ["pools", "runs"], ["dag:other"]].map(topics =>
      clientOf(topics),
    );
    const audience = new Audience();
    for (const { client } of clients) audience.join(client);
    assert.deepEqual(heardBy(audience, clients).heard, [
      ["run etl~1 running", "run ml~1 running"],
      ["run etl~1 running", "task load success"],
      ["run etl~1 running", "run ml~1 running", "pool put"],
      [],
    ]);
  });

  it("that hears the same gets the same bytes", () => {
    const audience = new Audience();
    const clients = Array.from({ length: 50 }, () => clientOf(["runs", "pools"]));
    for (const { client } of clients) audience.join(client);
    const { heard, texts } = heardBy(audience, clients);
    assert.equal(texts, 1);
    assert.ok(heard.every(list => list.length === 3));
  });

  it("hears nothing of DAGs that it may not read, whatever it has asked for", () => {
    const audience = new Audience();
    const mayRead = (dagId: string) => dagId === "ml";
    const [limited, other, all] = [
      clientOf(["runs", "tasks:etl~1", "pools"], { mayRead }),
      clientOf(["runs", "tasks:etl~1", "pools"], { mayRead: () => false }),
      clientOf(["runs", "tasks:etl~1", "pools"]),
    ];
    for (const { client } of [limited, other, all]) audience.join(client);
    assert.deepEqual(heardBy(audience, [limited, other, all]).heard, [
      ["run ml~1 running", "pool put"],
      ["pool put"],
      ["run etl~1 running", "task load success", "run ml~1 running", "pool put"],
    ]);
  });

  it("that has left hears nothing and is forgotten", () => {
    const audience = new Audience();
    const clients = [clientOf(["runs"]), clientOf(["runs"]), clientOf(["runs"], { mayRead: () => true })];
    for (const { client } of clients) audience.join(client);
    assert.equal(audience.size, 3);
    for (const { client } of clients.slice(1)) for (const _ of [1, 2]) audience.leave(client);
    assert.equal(audience.size, 1);
    assert.deepEqual(
      heardBy(audience, clients).heard.map(list => list.length),
      [2, 0, 0],
    );
    audience.leave(clients[0]!.client);
    assert.deepEqual([audience.everybody(), audience.deliveries(EVENTS, "9-0")], [[], []]);
  });
});
