import { type Cause, cause } from "./api-error.ts";

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const ANNOTATIONS_LIMIT_BYTES = 262_144;

const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const QUALIFIED_TEXT =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const tooLong = (limit: number): string => `must be no more than ${limit} bytes`;

/** A DNS subdomain of at most 253 characters: the names of pods, secrets, config maps. */
export function subdomainCauses(field: string, name: string): Cause[] {
  if (name.length > 253) return [cause.invalid(field, name, tooLong(253))];
  return SUBDOMAIN.test(name) ? [] : [cause.invalid(field, name, SUBDOMAIN_TEXT)];
}

/** A DNS label of at most 63 characters: the names of containers, volumes, namespaces. */
export function labelCauses(field: string, name: string): Cause[] {
  if (name.length > 63) return [cause.invalid(field, name, tooLong(63))];
  return LABEL.test(name) ? [] : [cause.invalid(field, name, LABEL_TEXT)];
}

function qualifiedNameCauses(field: string, key: string): Cause[] {
  const parts = key.split("/");
  const name = parts.at(-1)!;
  if (parts.length > 2)
    return [
      cause.invalid(
        field,
        key,
        `a qualified name must consist of alphanumeric characters, '-', '_' or '.', with an optional DNS subdomain prefix and '/'`,
      ),
    ];
  const prefix = parts.length === 2 ? subdomainCauses(field, parts[0]!) : [];
  if (name.length > 63) return [...prefix, cause.invalid(field, key, `name part ${tooLong(63)}`)];
  return QUALIFIED.test(name) ? prefix : [...prefix, cause.invalid(field, key, QUALIFIED_TEXT)];
}

function labelValueCauses(field: string, value: string): Cause[] {
  if (value.length > 63) return [cause.invalid(field, value, tooLong(63))];
  return LABEL_VALUE.test(value) ? [] : [cause.invalid(field, value, LABEL_VALUE_TEXT)];
}

/** What the real API server checks in every object's metadata. */
export function metadataCauses(
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> },
  kind: string,
): Cause[] {
  const { name, labels = {}, annotations = {} } = metadata;
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  const tooMuch = bytes > ANNOTATIONS_LIMIT_BYTES;
  return [
    ...(kind === "Namespace" ? labelCauses("metadata.name", name) : subdomainCauses("metadata.name", name)),
    ...Object.entries(labels).flatMap(([key, value]) => [
      ...qualifiedNameCauses("metadata.labels", key),
      ...labelValueCauses("metadata.labels", value),
    ]),
    ...Object.keys(annotations).flatMap(key => qualifiedNameCauses("metadata.annotations", key)),
    ...(tooMuch
      ? [
          {
            reason: "FieldValueTooLong",
            message: `Too long: may not be more than ${ANNOTATIONS_LIMIT_BYTES} bytes`,
            field: "metadata.annotations",
          },
        ]
      : []),
  ];
}
