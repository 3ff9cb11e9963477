import { toInstant } from "#contract/instant.ts";
import type { RemarkReply } from "#contract/run.ts";
import type { Remark } from "#state/act-store.ts";

/** An optional remark as an optional field. */
export const remarkField = (remark: Remark | undefined): { remark?: RemarkReply } =>
  remark === undefined ? {} : { remark: { ...remark, at: toInstant(remark.at) } };
