// Pure: data as the API gives it → HTML. Runs on the server for the first view and in the browser for every refresh.

/** Text that is HTML already. */
class Safe {
  constructor(text) {
    this.text = text;
  }
}

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A template whose values are escaped, unless they come out of this function or are lists of such. */
export function html(strings, ...values) {
  const write = value => {
    if (value instanceof Safe) return value.text;
    if (Array.isArray(value)) return value.map(write).join("");
    return value === undefined || value === false ? "" : String(value).replace(/[&<>"']/g, char => ESCAPES[char]);
  };
  return new Safe(String.raw({ raw: strings }, ...values.map(write)));
}

/** Shape and word beside the colour: states must be told apart without it. */
const STATES = {
  none: ["·", "waiting for upstream"],
  queued: ["◷", "queued"],
  running: ["▶", "running"],
  up_for_retry: ["↻", "up for retry"],
  restarting: ["↺", "restarting"],
  success: ["✔", "success"],
  failed: ["✖", "failed"],
  upstream_failed: ["⤓", "upstream failed"],
  skipped: ["↷", "skipped"],
  cancelled: ["⊘", "cancelled"],
};

const FINAL = ["success", "failed", "cancelled"];

/** @public Used by page.js. @returns whether a run of this state may still change */
export const isLive = state => !FINAL.includes(state);

const stateBadge = state => {
  const [icon, word] = STATES[state] ?? ["?", state];
  return html`<span class="state ${state}"><span aria-hidden="true">${icon}</span> ${word}</span>`;
};

function duration(ms) {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${Math.floor(seconds % 60)} s`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
  return `${Math.floor(minutes / 1440)} d`;
}

const ago = (instant, now) => html`<time datetime="${instant}" title="${instant}">${duration(now - Date.parse(instant))} ago</time>`;

const took = ({ startedAt, endedAt }, now) =>
  startedAt === undefined ? "" : duration((endedAt === undefined ? now : Date.parse(endedAt)) - Date.parse(startedAt));

const scheduleText = ({ schedule, timezone }) => {
  if (schedule === undefined) return "by hand";
  return "cron" in schedule ? `${schedule.cron.join(", ")} (${timezone})` : `every ${duration(schedule.everyMs)}`;
};

const dagRow = dag => html`
  <tr>
    <td><strong>${dag.id}</strong>${dag.description && html`<br><small>${dag.description}</small>`}</td>
    <td>${scheduleText(dag)}${dag.paused && html` <em>paused</em>`}</td>
    <td class="number">${dag.taskCount}</td>
    <td><small>${dag.file}</small></td>
    <td class="actions">
      <button id="run-${dag.id}" data-method="POST" data-url="${dag.links.self}/runs">Run now</button>
      <button id="pause-${dag.id}" class="quiet" data-method="PATCH" data-url="${dag.links.self}" data-body="${JSON.stringify({ paused: !dag.paused })}">${dag.paused ? "Unpause" : "Pause"}</button>
    </td>
  </tr>`;

const cut = text => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

/** Why a task is as it is, in one line. */
function reason(task, now) {
  const { outcome, note, retryAt, state } = task;
  const isTold = outcome?.exitCode === undefined || outcome.message.includes(`with ${outcome.exitCode}`);
  const exit = isTold ? "" : `, exit code ${outcome.exitCode}`;
  const said = outcome && `${outcome.code}${exit}${outcome.message ? `: ${outcome.message}` : ""}`;
  if (retryAt !== undefined && (state === "up_for_retry" || state === "restarting")) {
    // Postponed: nothing has failed, the cluster does not take the pod yet.
    const waits = said === undefined && note?.phase === "waiting" && `${note.code}: ${note.message}`;
    return [said ?? waits, `next try in ${duration(Date.parse(retryAt) - now)}`].filter(Boolean).join(" · ");
  }
  if (task.output !== undefined && state === "success") return `result ${cut(JSON.stringify(task.output))}`;
  if (said) return said;
  if (state !== "running" || note === undefined) return "";
  return [note.phase, note.code, note.message].filter(part => typeof part === "string" && part !== "").join(" · ");
}

/** The rest of what belongs to a failure: where it was, what Kubernetes said, what to do. */
function explanation({ outcome, pod }) {
  if (outcome?.result !== "failed") return "";
  const { container, evidence, advice } = outcome;
  const place = [pod && `pod ${pod.namespace}/${pod.name}`, pod?.node && `node ${pod.node}`, container && `container ${container}`];
  const where = place.filter(Boolean).join(", ");
  const parts = [where && `Where: ${where}`, evidence && `Evidence: ${evidence}`, advice && `What to do: ${advice}`];
  return parts.filter(Boolean).map(part => html`<br><small>${part}</small>`);
}

/** One link, or one per container where there are several. None where no log is kept. */
function logLink(what, { containers, merged }) {
  const [first, ...others] = Object.entries(containers);
  if (first === undefined) return "";
  if (others.length === 0) return html`<a href="${first[1]}">${what}</a><br>`;
  return html`${what}: ${[first, ...others, ["all", merged]].map(([name, url]) => html`<a href="${url}">${name}</a> `)}<br>`;
}

/** The logs of tries that had a pod: those that ended, and the one under way. */
function logLinks(task) {
  if (task.operator !== "pod") return "";
  const ended = task.tries.filter(({ pod }) => pod !== undefined).map(({ try: number, infra, links }) => logLink(`log of try ${number}${infra > 0 ? `, restart ${infra}` : ""}`, links));
  return task.state === "running" ? [...ended, logLink("log so far", task.links)] : ended;
}

const taskRow = (task, now) => html`
  <tr>
    <td>${stateBadge(task.state)}</td>
    <td><strong>${task.id}</strong>${task.upstream.length > 0 && html`<br><small>after ${task.upstream.join(", ")}</small>`}</td>
    <td class="number">${task.try > 0 && `${task.try} of ${Math.max(task.maxTries, task.try)}`}</td>
    <td class="number">${took(task, now)}</td>
    <td class="reason">${reason(task, now)}${explanation(task)}</td>
    <td>${logLinks(task)}</td>
  </tr>`;

const runBlock = (run, now, open) => html`
  <details id="details-${run.id}" ${new Safe(open ? "open" : "")}>
    <summary>${stateBadge(run.state)} <strong>${run.id}</strong> <small>${run.trigger.kind}${run.trigger.by && ` by ${run.trigger.by}`} · ${ago(run.createdAt, now)} · ${took(run, now)}</small></summary>
    <p class="actions">
      <a href="${run.links.ui}">page of this run</a> <a href="${run.links.self}">JSON</a>
      ${isLive(run.state) && html`<button id="cancel-${run.id}" class="quiet" data-method="POST" data-url="${run.links.cancel}">${run.cancelAt === undefined ? "Cancel" : "Cancelling …"}</button>`}
    </p>
    <div class="wide"><table>
      <thead><tr><th>State</th><th>Task</th><th class="number">Try</th><th class="number">Took</th><th>Why</th><th>Logs</th></tr></thead>
      <tbody>${run.tasks.map(task => taskRow(task, now))}</tbody>
    </table></div>
  </details>`;

const importErrors = errors =>
  errors.length > 0 &&
  html`<section class="errors" aria-labelledby="errors"><h2 id="errors">✖ ${errors.length} DAG ${errors.length === 1 ? "file" : "files"} could not be loaded</h2>
    <ul>${errors.map(error => html`<li><strong>${error.file}${error.line && `:${error.line}`}</strong> <code>${error.code}</code> <pre>${error.message}</pre>${error.next}</li>`)}</ul></section>`;

const workersLine = workers => {
  if (workers.length === 0) return html`<p class="warn">⚠ No worker is alive: tasks stay queued.</p>`;
  const sum = field => workers.reduce((total, worker) => total + worker[field], 0);
  return html`<p><small>${workers.length} ${workers.length === 1 ? "worker" : "workers"}, ${sum("held")} of ${sum("concurrency")} slots in use</small></p>`;
};

/** The start page: what is broken, the DAGs, the latest runs. `now` in milliseconds. */
export function renderHome({ dags, runs, errors, workers }, now) {
  return html`
    ${importErrors(errors)}
    <section aria-labelledby="dags"><h2 id="dags">DAGs</h2>
      ${
        dags.length === 0
          ? html`<p>No DAG has been loaded yet. Put a file into the DAG folder; it shows here within a second.</p>`
          : html`<div class="wide"><table>
              <thead><tr><th>DAG</th><th>Schedule</th><th class="number">Tasks</th><th>File</th><th></th></tr></thead>
              <tbody>${dags.map(dagRow)}</tbody></table></div>`
      }
    </section>
    <section aria-labelledby="runs"><h2 id="runs">Latest runs</h2>
      ${workersLine(workers)}
      ${runs.length === 0 ? html`<p>Nothing has run yet.</p>` : runs.map((run, index) => runBlock(run, now, index === 0 || isLive(run.state)))}
    </section>`.text;
}

/** The page of one run. */
export function renderRun(run, now) {
  const conf = Object.keys(run.conf).length > 0 && html`<h2>Parameters</h2><pre>${JSON.stringify(run.conf, null, 2)}</pre>`;
  return html`<section><h2>Run</h2>${runBlock(run, now, true)}${conf}</section>`.text;
}

/** The frame around a view. `view` is "home" or a run's id; the browser renders it again and again. */
export function renderShell({ view, title, content, message, login }) {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${title}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/page.css">
  <script type="module" src="/page.js"></script>
</head>
<body data-view="${view}">
  <header><h1><a href="/">Windlass</a></h1><nav><a href="/queues">Queues</a> <a href="/api/v1/dags">API</a></nav>${login && html`<form method="post" action="/logout"><input type="hidden" name="csrf" value="${login.csrf}">${login.name} <button class="quiet">Log out</button></form>`}</header>
  <p id="message" role="status">${message}</p>
  <main id="content">${new Safe(content)}</main>
</body>
</html>
`.text;
}
