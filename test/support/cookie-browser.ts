export interface Page {
  url: URL;
  status: number;
  text: string;
  headers: Headers;
}

/** A browser without a screen: keeps the cookies of each host, and follows redirects. */
export class CookieBrowser {
  /** By host and path prefix. */
  readonly #jar: { host: string; path: string; name: string; value: string }[] = [];
  /** Every address that was asked, in order. */
  readonly visited: URL[] = [];

  async open(address: string | URL, form?: Readonly<Record<string, string>>): Promise<Page> {
    let url = new URL(address);
    let body = form && new URLSearchParams(form);
    for (let hops = 0; hops < 20; hops++) {
      this.visited.push(url);
      const response = await fetch(url, {
        method: body === undefined ? "GET" : "POST",
        headers: { cookie: this.#cookiesFor(url), accept: "text/html" },
        ...(body === undefined ? {} : { body }),
        redirect: "manual",
      });
      this.#keep(url, response.headers.getSetCookie());
      const location = response.headers.get("location");
      if (location === null) return { url, status: response.status, text: await response.text(), headers: response.headers };
      await response.body?.cancel();
      url = new URL(location, url);
      body = undefined;
    }
    throw new Error(`${address} leads nowhere`);
  }

  cookie(name: string): string | undefined {
    return this.#jar.find(cookie => cookie.name === name)?.value;
  }

  setCookie(host: string, name: string, value: string): void {
    this.#keep(new URL(`http://${host}/`), [`${name}=${value}; Path=/`]);
  }

  #cookiesFor({ hostname, pathname }: URL): string {
    const fitting = this.#jar.filter(({ host, path }) => host === hostname && pathname.startsWith(path));
    return fitting.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  #keep({ hostname: host }: URL, cookies: readonly string[]): void {
    for (const cookie of cookies) {
      const [pair = "", ...attributes] = cookie.split("; ");
      const [name = "", value = ""] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const path = attributes.find(one => /^path=/i.test(one))?.slice(5) ?? "/";
      const at = this.#jar.findIndex(one => one.host === host && one.name === name && one.path === path);
      if (at >= 0) this.#jar.splice(at, 1);
      if (value !== "") this.#jar.push({ host, path, name, value });
    }
  }
}
