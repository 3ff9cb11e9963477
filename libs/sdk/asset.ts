import { z } from "zod";
import { type AssetExpression, AssetName } from "#core/asset.ts";
import type { Place } from "#core/errors.ts";
import { callSite } from "./call-site.ts";
import { DagError } from "./problem.ts";

/** A condition on assets: one of them, or several joined by {@link asset}`.all` and {@link asset}`.any`. */
export class AssetCondition {
  readonly #expression: AssetExpression;

  constructor(expression: AssetExpression) {
    this.#expression = expression;
  }

  /** The condition as plain data. */
  toJSON(): AssetExpression {
    return this.#expression;
  }
}

/** Something that tasks make and DAGs wait for. */
export class Asset extends AssetCondition {
  readonly name: string;

  constructor(name: string) {
    super(name);
    this.name = name;
  }
}

/** An asset, or its name. */
type AssetPart = AssetCondition | string;

function makeAsset(name: string): Asset {
  checkName(name, callSite(makeAsset));
  return new Asset(name);
}

function all(...parts: AssetPart[]): AssetCondition {
  return join("all", parts, callSite(all));
}

function any(...parts: AssetPart[]): AssetCondition {
  return join("any", parts, callSite(any));
}

/**
 * Names something that tasks make (`outlets`) and DAGs wait for (`schedule`), usually by its address.
 *
 *     const orders = asset("s3://lake/orders");
 *     dag("report", { schedule: asset.all(orders, asset.any("s3://lake/eu", "s3://lake/us")) }, …)
 *
 * @param name 1 to 500 visible ASCII characters
 * @throws DagError when it is no such name, or a condition has no parts
 */
export const asset = Object.assign(makeAsset, {
  /** Holds when all of the parts do. */
  all,
  /** Holds when one of the parts does. */
  any,
});

function join(how: "all" | "any", parts: readonly AssetPart[], place: Place): AssetCondition {
  if (parts.length === 0) throw problem(`asset.${how}() needs at least one asset`, place);
  const expressions = parts.map(part => expressionOf(part, place));
  return new AssetCondition(how === "all" ? { all: expressions } : { any: expressions });
}

function expressionOf(part: AssetPart, place: Place): AssetExpression {
  if (part instanceof AssetCondition) return part.toJSON();
  checkName(part, place);
  return part;
}

function checkName(name: unknown, place: Place): void {
  if (AssetName.safeParse(name).success) return;
  const got = typeof name === "string" ? `'${name.slice(0, 60)}'` : typeof name;
  throw problem(`${got} is no name of an asset: 1 to 500 visible ASCII characters without spaces`, place);
}

const problem = (message: string, place: Place): DagError => new DagError([{ code: "WL_DAG_TYPE", message, place }]);

const error = { error: 'an asset such as asset("s3://lake/orders")' };

/** An option that takes an asset. */
export const AssetInput = z
  .union([z.instanceof(Asset), AssetName], error)
  .transform(given => (given instanceof Asset ? given.name : given));

/** An option that takes a condition. */
export const AssetConditionInput = z.instanceof(AssetCondition, error);

/** An option that takes a condition, or an asset's name where nothing else can be meant. */
export const AssetPartInput = z.union([AssetConditionInput, AssetName.transform(name => new Asset(name))], error);
