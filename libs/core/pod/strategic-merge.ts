import { WindlassError } from "../errors.ts";
import { alternativesOf, mergeKeyOf } from "./merge-keys.ts";
import { fieldType, isObject, itemTypeOf, type JsonObject } from "./object-fields.ts";
import { Origins } from "./origins.ts";

export interface MergeOptions {
  /** The struct that base and patch are. Default: "Pod". */
  type?: string;
  /** Name of the patch's layer; noted in `origins` for all that the patch sets. */
  layer?: string;
  origins?: Origins;
  /** Whether setting one of several alternatives (a volume's source) removes the others. Default: true; false merges as kubectl does. */
  alternatives?: boolean;
}

/**
 * Kubernetes' strategic merge: maps by key, lists of named things by their merge key, other lists as a whole, null deletes, `$patch: delete`
 * and `$patch: replace` as in kubectl, `$retainKeys`, `$setElementOrder`. Neither argument is changed. Two things are better than in kubectl:
 * the base's order of list items is kept and new ones follow, and of alternatives the new one wins.
 * @throws WL_DAG_TYPE when an item of a merged list lacks its key, or a directive is none
 */
export function strategicMerge(base: unknown, patch: unknown, options: MergeOptions = {}): unknown {
  const { type = "Pod", layer = "", origins = new Origins(), alternatives = true } = options;
  return new Merge(layer, alternatives).value(type, base, patch, origins);
}

const ORDER = "$setElementOrder/";

class Merge {
  readonly #layer: string;
  readonly #alternatives: boolean;

  constructor(layer: string, alternatives: boolean) {
    this.#layer = layer;
    this.#alternatives = alternatives;
  }

  value(type: string, base: unknown, patch: unknown, at: Origins): unknown {
    if (isObject(patch) && patch.$patch === undefined && isObject(base)) return this.#struct(type, base, patch, at);
    at.own(this.#layer);
    // kubectl's word for "nothing but what I say", and an empty object for "delete".
    return isObject(patch) && patch.$patch === "delete" ? {} : withoutDirectives(patch);
  }

  #struct(type: string, base: JsonObject, patch: JsonObject, at: Origins): JsonObject {
    const out = this.#kept(type, base, patch, at);
    for (const [field, value] of Object.entries(patch)) {
      if (field.startsWith("$")) continue;
      const below = at.child(field);
      if (value === null) {
        delete out[field];
        below.own(this.#layer);
        continue;
      }
      const inner = fieldType(type, field);
      out[field] = Array.isArray(value)
        ? this.#list(mergeKeyOf(type, field), inner, out[field], value, below)
        : this.value(inner, out[field], value, below);
    }
    for (const [directive, order] of Object.entries(patch)) {
      if (!directive.startsWith(ORDER)) continue;
      const field = directive.slice(ORDER.length);
      out[field] = inOrder(mergeKeyOf(type, field), out[field], order);
    }
    return out;
  }

  /** What of the base stays beside the patch. */
  #kept(type: string, base: JsonObject, patch: JsonObject, at: Origins): JsonObject {
    const { $retainKeys: retained } = patch;
    const out = { ...base };
    const drop = (field: string) => {
      delete out[field];
      at.child(field).own(this.#layer);
    };
    if (Array.isArray(retained)) for (const field of Object.keys(base)) if (!retained.includes(field)) drop(field);
    const options = this.#alternatives ? alternativesOf(type) : [];
    const chosen = options.filter(field => patch[field] !== undefined && patch[field] !== null);
    const had = options.filter(field => base[field] !== undefined);
    if (chosen.length > 0 && !chosen.some(field => had.includes(field))) for (const field of had) drop(field);
    return out;
  }

  #list(key: string | undefined, type: string, base: unknown, patch: readonly unknown[], at: Origins): unknown[] {
    const items = patch.filter(item => !isDirective(item));
    if (key === undefined || !Array.isArray(base) || patch.some(item => isObject(item) && item.$patch === "replace")) {
      at.own(this.#layer);
      return items.map(withoutDirectives);
    }
    const itemType = itemTypeOf(type) ?? "any";
    const gone = new Set(patch.filter(isDirective).map(item => item[key]));
    const out = (base as unknown[]).filter(item => !(isObject(item) && gone.has(item[key])));
    const had = out.length;
    for (const item of items) {
      if (!isObject(item) || item[key] === undefined) throw withoutKey(type, key);
      const index = out.findIndex((known, index) => index < had && isObject(known) && known[key] === item[key]);
      const below = at.child(String(item[key]));
      if (index >= 0) out[index] = this.value(itemType, out[index], item, below);
      else out.push(this.value(itemType, undefined, item, below));
    }
    return out;
  }
}

const isDirective = (item: unknown): item is JsonObject => isObject(item) && item.$patch !== undefined;

/** A value that is new here: directives and nulls have nothing to act on. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(item => !isDirective(item)).map(withoutDirectives);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([field, item]) => item !== null && !field.startsWith("$"));
  return Object.fromEntries(entries.map(([field, item]) => [field, withoutDirectives(item)]));
}

/** The items the order names come in that order in the places they had; the others stay where they are. */
function inOrder(key: string | undefined, list: unknown, order: unknown): unknown {
  if (key === undefined || !Array.isArray(list) || !Array.isArray(order)) return list;
  const keyOf = (item: unknown) => (isObject(item) ? item[key] : item);
  const wanted = order.map(keyOf);
  const named = list.filter(item => wanted.includes(keyOf(item)));
  named.sort((a, b) => wanted.indexOf(keyOf(a)) - wanted.indexOf(keyOf(b)));
  return list.map(item => (wanted.includes(keyOf(item)) ? named.shift() : item));
}

const withoutKey = (type: string, key: string): WindlassError =>
  new WindlassError(
    "WL_DAG_TYPE",
    `every item of a list of ${itemTypeOf(type) ?? type} needs its "${key}", which tells the items apart`,
  );
