import { html } from "./html.ts";

const page = (title: string, content: unknown): string =>
  html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${title} · Windlass</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/page.css">
</head>
<body>
  <header><h1>Windlass</h1></header>
  <main class="login"><h2>${title}</h2>${content}</main>
</body>
</html>
`.text;

const problem = (message: string | undefined) => message !== undefined && html`<p role="alert" class="warn">✖ ${message}</p>`;

/** A form for name and password, a link to the identity provider, or both. `next`: the path to go on to. */
export const loginPage = ({
  next,
  message,
  hasPassword,
  hasOidc,
}: {
  next: string;
  message?: string;
  hasPassword: boolean;
  hasOidc: boolean;
}): string =>
  page(
    "Log in",
    html`${problem(message)}
${
  hasPassword &&
  html`<form method="post" action="/login">
  <input type="hidden" name="next" value="${next}">
  <label>Name <input name="name" autocomplete="username" required autofocus></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button>Log in</button>
</form>`
}
${hasOidc && html`<p><a href="/login/oidc?next=${encodeURIComponent(next)}">Log in with your organisation's account</a></p>`}`,
  );

/** Where the link leads that a first start prints. */
export const setupPage = ({ code, message }: { code: string; message?: string }): string =>
  page(
    "Set up the first login",
    html`${problem(message)}
<p>It will be an administrator. The link works once.</p>
<form method="post" action="/setup">
  <input type="hidden" name="code" value="${code}">
  <label>Name <input name="name" autocomplete="username" required autofocus></label>
  <label>Password (10 characters or more) <input name="password" type="password" autocomplete="new-password" minlength="10" required></label>
  <button>Make it</button>
</form>`,
  );
