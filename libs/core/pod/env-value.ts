import type { V1EnvVarSource } from "@kubernetes/client-node";
import { z } from "zod";
import { kubeValue } from "./kube-value.ts";

/** A reference to one key of a Kubernetes Secret. The value is read by the kubelet, never by Windlass. */
export const SecretRef = z.strictObject({ secret: z.string().min(1), key: z.string().min(1), optional: z.boolean().optional() });
export type SecretRef = z.infer<typeof SecretRef>;

/** Where else the kubelet finds a value: configMapKeyRef, fieldRef, resourceFieldRef, as in Kubernetes. */
export const EnvSource = kubeValue<V1EnvVarSource>("EnvVarSource");

/** An environment value: a literal, or a reference. */
export const EnvValue = z.union([z.string(), SecretRef, EnvSource]);
export type EnvValue = z.infer<typeof EnvValue>;

export const EnvName = z.string().regex(/^[-._a-zA-Z][-._a-zA-Z0-9]*$/);
