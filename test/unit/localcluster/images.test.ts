import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Image, type ImageRefusal, Images } from "#localcluster/node/images.ts";

describe("localcluster: images", () => {
  const directory = mkdtempSync(join(tmpdir(), "windlass-images-"));
  const images = new Images(directory, { "registry.example:5000/team/etl": "node" });
  after(() => rmSync(directory, { recursive: true }));

  const NAMES: [reference: string, name: string][] = [
    ["busybox", "docker.io/library/busybox:latest"],
    ["busybox:1.36", "docker.io/library/busybox:1.36"],
    ["library/alpine:3", "docker.io/library/alpine:3"],
    ["docker.io/debian:12-slim", "docker.io/library/debian:12-slim"],
    ["docker.io/library/node:24", "docker.io/library/node:24"],
    ["registry.example:5000/team/etl:7", "registry.example:5000/team/etl:7"],
    [`busybox@sha256:${"0".repeat(64)}`, `docker.io/library/busybox@sha256:${"0".repeat(64)}`],
  ];
  for (const [reference, name] of NAMES)
    it(`${reference} is ${name}`, () => assert.equal(images.find(reference, "IfNotPresent").name, name));

  const REFUSED: [reference: string, policy: string, reason: ImageRefusal["reason"]][] = [
    ["Python:3.6", "IfNotPresent", "InvalidImageName"],
    ["docker.io/Library/python", "IfNotPresent", "InvalidImageName"],
    ["a b", "IfNotPresent", "InvalidImageName"],
    ["busybox:", "IfNotPresent", "InvalidImageName"],
    ["redis:7", "IfNotPresent", "ErrImagePull"],
    ["bitnami/python:3", "Always", "ErrImagePull"],
    ["ghcr.io/someone/busybox", "IfNotPresent", "ErrImagePull"],
    ["redis:7", "Never", "ErrImageNeverPull"],
  ];
  for (const [reference, policy, reason] of REFUSED) {
    it(`${reference} (${policy}) is ${reason}`, () =>
      assert.equal((images.find(reference, policy) as ImageRefusal).reason, reason));
  }

  const toolsOf = (reference: string) => {
    const { path } = images.find(reference, "IfNotPresent") as Image;
    return (tool: string): boolean => existsSync(join(path, tool));
  };

  it("coreutils images have sh and no python, no node; bash only where the real one has it", () => {
    for (const [reference, bash] of [
      ["busybox", false],
      ["alpine", false],
      ["debian", true],
      ["ubuntu", true],
    ] as const) {
      const has = toolsOf(reference);
      assert.deepEqual(
        [has("sh"), has("ls"), has("python"), has("python3"), has("node"), has("bash")],
        [true, true, false, false, false, bash],
        reference,
      );
    }
  });

  it("a node image has node and lets docker-entrypoint.sh's rule decide what args mean", () => {
    const { command, entrypoint } = images.find("node:24", "IfNotPresent") as Image;
    const has = (tool: string): boolean => tool === "sh";
    assert.deepEqual(
      [command, entrypoint(["-e", "1"], has), entrypoint(["sh", "-c", "x"], has)],
      [["node"], ["node", "-e", "1"], ["sh", "-c", "x"]],
    );
  });
});
