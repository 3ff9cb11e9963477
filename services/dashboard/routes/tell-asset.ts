import { TellAssetBody, TellAssetReply } from "#contract/asset.ts";
import { compactInstant } from "#core/ids.ts";
import { defineRoute, NOTHING } from "../http/route.ts";

export const tellAsset = defineRoute({
  method: "post",
  path: "/api/v1/assets/events",
  role: "operator",
  summary: "Tells that an asset was updated by something else than a task. DAGs that wait for it start.",
  params: NOTHING,
  query: NOTHING,
  body: TellAssetBody,
  reply: TellAssetReply,
  statuses: [200, 201],
  idempotent: "kept",
  async handle({ body, caller: { name: by } }, { assets, now, chance }) {
    const at = now();
    const id = body.id ?? `${compactInstant(at)}-${chance()}`;
    // No task's update has such an id.
    const update = { asset: body.asset, id: `told~${id}`, at, by, ...(body.extra === undefined ? {} : { extra: body.extra }) };
    const noted = await assets.tell(update);
    return { status: noted ? 201 : 200, body: { asset: body.asset, id, noted } };
  },
});
