/**
 * kubectl's typed commands (`create namespace`, `create secret`, ...) send Kubernetes protobuf and take JSON back. This reads the few
 * kinds they create, by field number.
 */
type FieldType = "string" | "bool" | "map" | "bytesMap" | Message;

interface Message {
  [fieldNumber: number]: [name: string, type: FieldType];
}

const METADATA: Message = {
  1: ["name", "string"],
  2: ["generateName", "string"],
  3: ["namespace", "string"],
  11: ["labels", "map"],
  12: ["annotations", "map"],
};

const KINDS: Record<string, Message> = {
  Namespace: { 1: ["metadata", METADATA] },
  ServiceAccount: { 1: ["metadata", METADATA] },
  Secret: {
    1: ["metadata", METADATA],
    2: ["data", "bytesMap"],
    3: ["type", "string"],
    4: ["stringData", "map"],
    5: ["immutable", "bool"],
  },
  ConfigMap: { 1: ["metadata", METADATA], 2: ["data", "map"], 3: ["binaryData", "bytesMap"], 4: ["immutable", "bool"] },
};

const MAGIC = Buffer.from("k8s\0");
/** runtime.Unknown: the envelope around every message. */
const ENVELOPE: Message = { 1: ["typeMeta", { 1: ["apiVersion", "string"], 2: ["kind", "string"] }] };
const ENVELOPE_RAW = 2;

type Field = [number: number, value: Buffer | number];

/** The fields of a message. Throws a RangeError on bytes that are no protobuf. */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key % 8;
    if (wire === 0) yield [Math.floor(key / 8), varint()];
    else {
      const length = wire === 2 ? varint() : wire === 1 ? 8 : 4;
      if (at + length > bytes.length) throw new RangeError("the message ends too early");
      yield [Math.floor(key / 8), bytes.subarray(at, at + length)];
      at += length;
    }
  }
}

const READERS: Record<string, (value: Buffer, before: unknown) => unknown> = {
  string: value => value.toString(),
  map: (value, before) => ({ ...(before as object | undefined), ...entryOf(value, "utf8") }),
  bytesMap: (value, before) => ({ ...(before as object | undefined), ...entryOf(value, "base64") }),
};

function entryOf(bytes: Buffer, encoding: "utf8" | "base64"): Record<string, string> {
  const fields = new Map(fieldsOf(bytes));
  const part = (number: number): Buffer => (fields.get(number) as Buffer | undefined) ?? Buffer.alloc(0);
  return { [part(1).toString()]: part(2).toString(encoding) };
}

function messageOf(bytes: Buffer, message: Message): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [number, value] of fieldsOf(bytes)) {
    const [name, type] = message[number] ?? [];
    if (name === undefined || type === undefined) continue;
    if (typeof value === "number") result[name] = value !== 0;
    else if (typeof type === "object") result[name] = messageOf(value, type);
    else if (value.length > 0) result[name] = READERS[type]!(value, result[name]);
  }
  return result;
}

/** The object in a protobuf body, or undefined when it is none of the kinds read here. */
export function decodeProtobuf(body: Buffer): unknown {
  if (!body.subarray(0, 4).equals(MAGIC)) return undefined;
  const envelope = body.subarray(4);
  const { typeMeta } = messageOf(envelope, ENVELOPE) as { typeMeta?: { kind?: string; apiVersion?: string } };
  const message = KINDS[typeMeta?.kind ?? ""];
  const raw = new Map(fieldsOf(envelope)).get(ENVELOPE_RAW);
  return message === undefined || !Buffer.isBuffer(raw) ? undefined : { ...typeMeta, ...messageOf(raw, message) };
}
