/** Text that is HTML already. */
class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A template whose values are escaped, unless they come out of this function. undefined and false are nothing. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  const write = (value: unknown): string => {
    if (value instanceof Html) return value.text;
    return value === undefined || value === false ? "" : String(value).replace(/[&<>"']/g, char => ESCAPES[char]!);
  };
  return new Html(String.raw({ raw: strings }, ...values.map(write)));
}
