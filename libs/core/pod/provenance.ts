import { mergeKeyOf } from "./merge-keys.ts";
import { fieldType, isMapType, isObject, itemTypeOf } from "./object-fields.ts";
import type { Origins } from "./origins.ts";
import { POD_LAYERS, type PodLayerName } from "./pod-layers.ts";

/** Where one value of a pod comes from. */
export interface Origin {
  /** As the API server names it: `spec.containers[0].env[2].value`. */
  path: string;
  /** The same with names instead of positions: `spec.containers[main].env[DB].value`. */
  name: string;
  layer: PodLayerName;
}

/** Which layer set what in a pod. */
export class Provenance {
  readonly #byPath = new Map<string, Origin>();

  /** Of every leaf, in the pod's order. */
  static of(pod: unknown, origins: Origins): Provenance {
    const provenance = new Provenance();
    const visit = (value: unknown, type: string, at: Place): void => {
      const children = childrenOf(value, type, at);
      if (children.length === 0) provenance.#byPath.set(at.path, { path: at.path, name: at.name, layer: at.layer });
      for (const { child, childType, place } of children) visit(child, childType, place);
    };
    visit(pod, "Pod", { path: "", name: "", layer: "windlass", origins });
    return provenance;
  }

  /** The leaves, by path. */
  get leaves(): ReadonlyMap<string, Origin> {
    return this.#byPath;
  }

  /** Path → layer, as plain data. */
  toJSON(): Record<string, PodLayerName> {
    return Object.fromEntries([...this.#byPath.values()].map(({ path, layer }) => [path, layer]));
  }

  /** The origins of what stands at the path or below it; of what encloses it when nothing stands there. [] for what nobody set. */
  at(path: string): Origin[] {
    for (let above = path; above !== ""; above = above.replace(/(\.[^.[\]]+|\[[^\]]*\]|^[^.[\]]+)$/, "")) {
      const exact = this.#byPath.get(above);
      if (exact !== undefined) return [{ ...exact, ...(above === path ? {} : { path }) }];
      const below = [...this.#byPath.values()].filter(origin => isBelow(origin.path, above));
      if (below.length > 0 && above === path) return below;
    }
    return [];
  }
}

const isBelow = (path: string, above: string): boolean =>
  path.startsWith(above) && (path[above.length] === "." || path[above.length] === "[");

interface Place {
  path: string;
  name: string;
  layer: PodLayerName;
  /** undefined: everything from here down is the layer's. */
  origins: Origins | undefined;
}

interface Child {
  child: unknown;
  childType: string;
  place: Place;
}

function childrenOf(value: unknown, type: string, at: Place, listKey?: string): Child[] {
  if (Array.isArray(value)) {
    return value.map((child, index) => {
      const key = listKey !== undefined && isObject(child) ? String(child[listKey]) : String(index);
      return { child, childType: itemTypeOf(type) ?? "any", place: below(at, `[${index}]`, `[${key}]`, key) };
    });
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, child]) => {
    const step = isMapType(type) ? `[${field}]` : at.path === "" ? field : `.${field}`;
    const place = below(at, step, step, field);
    const childType = fieldType(type, field);
    const key = mergeKeyOf(type, field);
    // A merged list is passed through: its items are found by their key.
    return key !== undefined && Array.isArray(child) && child.length > 0
      ? childrenOf(child, childType, place, key)
      : [{ child, childType, place }];
  });
}

function below(at: Place, step: string, namedStep: string, segment: string): Place {
  const origins = at.origins?.find(segment);
  const layer = (origins?.layer as PodLayerName | undefined) ?? at.layer;
  return { path: at.path + step, name: at.name + namedStep, layer, origins };
}

/** What a layer is called in a message. */
export const layerText = (layer: PodLayerName): string => POD_LAYERS[layer];
