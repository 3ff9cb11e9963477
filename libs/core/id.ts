import { z } from "zod";

/** What an id of a DAG or a task may be. "." and ".." would vanish from URL paths. */
export const ID_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,200}$/;

export const Id = z.string().regex(ID_PATTERN);

/** What a task of a run may be called: as in the DAG, or as an instance of a mapped task. */
export const InstanceId = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,200}(@(0|[1-9]\d{0,4}))?$/);
