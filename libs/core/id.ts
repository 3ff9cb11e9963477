import { z } from "zod";

/** What an id of a DAG or a task may be. "." and ".." would vanish from URL paths. */
export const ID_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,200}$/;

export const Id = z.string().regex(ID_PATTERN);
