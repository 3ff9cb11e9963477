/** A notice that did not go out. `permanent`: repeating cannot help. Its message holds no password and no address with a key in it. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly permanent: boolean;

  constructor(message: string, { permanent = false, cause }: { permanent?: boolean; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.permanent = permanent;
  }
}
