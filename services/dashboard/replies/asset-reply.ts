import type { AssetReply } from "#contract/asset.ts";
import { toInstant } from "#contract/instant.ts";
import type { AssetUpdate } from "#core/asset-update.ts";

export const assetReply = ({ at, id: _, number: __, ...update }: AssetUpdate): AssetReply => ({
  ...update,
  updatedAt: toInstant(at),
});
