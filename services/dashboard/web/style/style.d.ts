import "react";

declare module "react" {
  interface CSSProperties {
    /** Own properties of the style sheets. */
    [name: `--${string}`]: string | number | undefined;
  }
}
