const SHAPE = /^([+-]?(?:\d+\.?\d*|\.\d+))(m|u|n|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

const FACTORS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Whether the value is a Kubernetes quantity: a number, or text such as "500m", "1.5Gi", "2e3". */
export const isQuantity = (value: unknown): boolean =>
  typeof value === "number" || (typeof value === "string" && SHAPE.test(value));

/** "500m" → 0.5, "1Ki" → 1024. NaN when it is not a quantity. */
export function quantityValue(quantity: string | number): number {
  if (typeof quantity === "number") return quantity;
  const match = SHAPE.exec(quantity);
  if (match === null) return Number.NaN;
  const [, amount, suffix = ""] = match;
  return /^[eE][+-]?\d/.test(suffix) ? Number(amount + suffix) : Number(amount) * (FACTORS[suffix] ?? 1);
}
