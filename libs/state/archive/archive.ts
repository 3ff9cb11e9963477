import { promisify } from "node:util";
import { brotliCompress, brotliDecompress, constants } from "node:zlib";
import { type PackedRun, packRun, type RunKey, unpackRun } from "./pack-run.ts";
import type { RunParts } from "./run-parts.ts";

/** Above 7 each step doubles the time for two percent less. */
const QUALITY = 7;
const WINDOW = 24;

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);

/** A run's parts as one value: tables of columns as JSON, compressed with Brotli. Compressing runs beside the event loop, packing in slices. */
export async function toArchive(key: RunKey, parts: RunParts): Promise<Buffer> {
  const text = JSON.stringify(await packRun(key, parts));
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
  return compress(text, {
    params: { [BROTLI_PARAM_QUALITY]: QUALITY, [BROTLI_PARAM_LGWIN]: WINDOW, [BROTLI_PARAM_SIZE_HINT]: text.length },
  });
}

/** Gives back what {@link toArchive} took. Throws when it is no archive of this layout. */
export async function fromArchive(key: RunKey, archive: Buffer): Promise<RunParts> {
  const packed = JSON.parse((await decompress(archive)).toString("utf8")) as PackedRun;
  if (packed.layout !== 1) throw new SyntaxError(`an archive of layout ${packed.layout}`);
  return unpackRun(key, packed);
}
