import { z } from "zod";
import { written } from "./written.ts";

/** Any data; what JSON would not keep is gone. */
export const DataInput = z.unknown().transform(value => (value === undefined ? value : written(value)));
