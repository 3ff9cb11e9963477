import { isLive, renderHome, renderRun } from "/render.js";

const REFRESH_MS = 2000;
/** Of a run everything that moves is told; how long ago something was has to be drawn anyway. */
const AGE_MS = 10_000;
const RUNS = 15;

const content = document.querySelector("#content");
const message = document.querySelector("#message");
const { view } = document.body.dataset;

/** A JSON answer of the API; a problem becomes an Error that says what to do. */
async function ask(url, options = {}) {
  const response = await fetch(url, { ...options, signal: AbortSignal.timeout(10_000) });
  const body = await response.json();
  if (response.ok) return body;
  throw new Error([body.detail, body.next].filter(Boolean).join(". ") || `the server answered ${response.status}`);
}

/** What a write of a session has to bring along; without a session there is no such cookie. */
function csrfHeader() {
  const [, token] = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]+)/) ?? [];
  return token === undefined ? {} : { "x-xsrf-token": token };
}

/** Ended runs are asked for once. */
const known = new Map();

async function detailOf(run) {
  const had = known.get(run.id);
  if (had !== undefined && !isLive(run.state) && had.state === run.state && had.endedAt === run.endedAt) return had;
  const detail = await ask(run.links.self);
  known.set(run.id, detail);
  return detail;
}

async function home() {
  const [{ dags }, { runs }, { importErrors }, { workers }] = await Promise.all(
    ["/api/v1/dags", `/api/v1/runs?limit=${RUNS}`, "/api/v1/import-errors", "/api/v1/workers"].map(url => ask(url)),
  );
  const details = await Promise.all(runs.map(detailOf));
  for (const id of known.keys()) if (!runs.some(run => run.id === id)) known.delete(id);
  return renderHome({ dags, runs: details, errors: importErrors, workers }, Date.now());
}

const draw = view === "home" ? home : async () => renderRun(await ask(`/api/v1/runs/${encodeURIComponent(view)}`), Date.now());

/** Puts the new view in place; what is unfolded and focused stays so. */
function show(html) {
  // Text that is being selected must not be pulled away.
  const selection = document.getSelection();
  if (selection !== null && !selection.isCollapsed && content.contains(selection.anchorNode)) return;
  const open = new Map([...content.querySelectorAll("details")].map(element => [element.id, element.open]));
  const focused = document.activeElement?.id;
  content.innerHTML = html;
  for (const element of content.querySelectorAll("details")) if (open.has(element.id)) element.open = open.get(element.id);
  if (focused) document.getElementById(focused)?.focus();
}

async function refresh() {
  try {
    show(await draw());
    if (message.dataset.kind === "away") say("");
  } catch (error) {
    say(`⚠ ${error.message}; trying again`, "away");
  }
}

function say(text, kind = "") {
  message.textContent = text;
  message.dataset.kind = kind;
}

content.addEventListener("click", async event => {
  const button = event.target.closest("button[data-url]");
  if (button === null) return;
  const { method, url, body = "{}" } = button.dataset;
  button.disabled = true;
  try {
    const answer = await ask(url, { method, body, headers: { "content-type": "application/json", ...csrfHeader() } });
    say(answer.links?.ui ? `✔ ${answer.id}` : "✔ done", "done");
  } catch (error) {
    say(`✖ ${error.message}`, "failed");
  }
  await refresh();
  button.disabled = false;
});

/** What is told of the run is drawn at once. A page that nobody looks at takes none of the few connections that a browser has for a server. */
function watchRun() {
  const id = encodeURIComponent(view);
  const source = new EventSource(`/api/v1/events?topics=run:${id},tasks:${id}`);
  let drawing = Promise.resolve();
  let isAsked = false;
  const drawSoon = () => {
    if (isAsked) return;
    isAsked = true;
    drawing = drawing.then(() => {
      isAsked = false;
      return refresh();
    });
  };
  for (const event of ["ready", "resync", "run", "task", "approval"]) source.addEventListener(event, drawSoon);
  document.addEventListener("visibilitychange", () => source.close(), { once: true });
}

function watchWhileSeen() {
  if (!document.hidden) watchRun();
  document.addEventListener("visibilitychange", watchWhileSeen, { once: true });
}

async function keepFresh() {
  if (!document.hidden) await refresh();
  setTimeout(keepFresh, view === "home" ? REFRESH_MS : AGE_MS);
}

if (message.textContent !== "") message.dataset.kind = "away";
if (view !== "home") watchWhileSeen();
keepFresh();
