import assert from "node:assert/strict";
import { WindlassError } from "#core/errors.ts";
import { FILTERS } from "#core/template/filters.ts";
import { pathsOf, pathText } from "#core/template/paths.ts";
import { renderText, renderTree } from "#core/template/render.ts";

const scope = {
  run: { logicalDate: "2026-01-31T06:30:00Z", ds: "2026-01-31" },
  params: { country: "DE", count: 3, none: null, "two words": "yes", deep: { list: [{ name: "a" }, { name: "b" }] } },
  tasks: { extract: { output: { rows: [1, 2], $ref: "s3://a/b" } }, "group.load": { output: 7 } },
};

const messageOf = (text: string): string => {
  try {
    renderText(text, scope);
  } catch (error) {
    assert.ok(error instanceof WindlassError, String(error));
    assert.equal(error.code, "WL_TEMPLATE");
    return error.message;
  }
  return "";
};

describe("renderText", () => {
  const table: readonly (readonly [text: string, value: unknown])[] = [
    ["", ""],
    ["no braces, } or {", "no braces, } or {"],
    ["}} {", "}} {"],
    ["{{ params.country }}", "DE"],
    ["{{params.country}}", "DE"],
    ["{{\n  params . country\n}}", "DE"],
    ["{{ params.count }}", 3],
    [" {{ params.count }}", " 3"],
    ["{{ params.none }}", null],
    ["{{ params.deep.list }}", [{ name: "a" }, { name: "b" }]],
    ["list: {{ params.deep.list }}", 'list: [{"name":"a"},{"name":"b"}]'],
    ["{{ params.deep.list[1].name }}", "b"],
    ['{{ params["two words"] }}', "yes"],
    ["{{ params['two words'] }}", "yes"],
    ['{{ tasks["group.load"].output }}', 7],
    ["{{ tasks.extract.output.$ref }}", "s3://a/b"],
    ["{{ run.ds }}/{{ params.country | lower }}.csv", "2026-01-31/de.csv"],
    ["{{ params.missing | default('x') }}", "x"],
    ["{{ params.missing.deeper | default(1) }}", 1],
    ["{{ params.none | default(true) }}", true],
    ["{{ params.country | default('x') }}", "DE"],
    ["{{ params.missing | default(null) }}", null],
    ['{{ "{{" }}', "{{"],
    ['a {{ "{{" }} b }}', "a {{ b }}"],
    ['{{ "}} \\" \\\\ \\n" }}', '}} " \\ \n'],
    ['{{ "\\u00e9\\/" }}', "é/"],
    ["{{ 'it''s' }}", undefined],
    ["{{ -1.5e2 }}", -150],
    ["{{ true }}", true],
    ["{{ null }}", null],
    ['{{ params.country | replace("D", "{{ run.ds }}") }}', "{{ run.ds }}E"],
  ];
  for (const [text, value] of table) {
    if (value === undefined) it(`${text} is refused`, () => assert.notEqual(messageOf(text), ""));
    else it(JSON.stringify(text), () => assert.deepEqual(renderText(text, scope), value));
  }

  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    ["{{ params.countr }}", /^\{\{ params\.countr }}: params has no 'countr'; did you mean 'country'\?$/],
    ["{{ parms.country }}", /has no 'parms'; did you mean 'params'\?/],
    ["{{ zzzzz }}", /has no 'zzzzz'; there are run, params, tasks$/],
    ["{{ params.country.length }}", /params\.country is a text and has no 'length'/],
    ["{{ params.none.x }}", /params\.none is null and has no 'x'/],
    ["{{ tasks.extract.output.rows[2] }}", /tasks\.extract\.output\.rows is a list of 2 and has no \[2]/],
    ["{{ tasks.extract.output.rows.length }}", /is a list of 2 and has no length/],
    ["{{ params.constructor }}", /params has no 'constructor'/],
    ["{{ params.__proto__ }}", /params has no '__proto__'/],
    ["{{ params.country.constructor }}", /is a text and has no 'constructor'/],
    ["{{ params.deep.toString }}", /params\.deep has no 'toString'/],
    ["a {{ params.none }}", /null is no text; put `\| default\("…"\)` behind it/],
    ["{{ params.count | upper }}", /filter 'upper' takes a text, got number/],
    ["{{ params.count | uper }}", /unknown filter 'uper'; did you mean 'upper'\?/],
    ["{{ params.count | constructor }}", /unknown filter 'constructor'/],
    ["{{ params.country | replace('a') }}", /filter 'replace' is written replace\(from, to\)/],
    ["{{ params.country | trim(1) }}", /filter 'trim' is written trim without arguments/],
    ["{{ run.ds | addDays('1') }}", /filter 'addDays': days has to be a whole number/],
    ["{{ run.ds | ds('Mars/Olympus') }}", /zone has to be an IANA time zone/],
    ["{{ params.country | ds }}", /filter 'ds' takes a date, got text/],
    ["{{ run.ds | format('YYYY') }}", /filter 'format': 'YYYY' in the pattern means nothing/],
    ["{{ run.ds | addYears(9000) }}", /outside of the years 0 to 9999/],
    ["{{ run.ds | addDays(9007199254740991) }}", /outside of the years 0 to 9999/],
    ["{{ 1 + 1 }}", /expected '\|' or '}}'/],
    ["{{ run.ds() }}", /expected '\|' or '}}'/],
    ["{{ run.ds", /expected '\|' or '}}'/],
    ["{{", /expected a name such as run\.ds; a literal "\{\{" is written/],
    ["{{ .State }}", /expected a name such as run\.ds/],
    ["{{ run. }}", /expected a name behind the '\.'/],
    ["{{ run[-1] }}", /expected an index or a name in brackets/],
    ["{{ run[x] }}", /expected an index or a name in brackets/],
    ["{{ run.ds | }}", /expected a filter's name/],
    ["{{ run.ds | default(x) }}", /expected a literal/],
    ["{{ run.ds | default(1 2) }}", /expected ',' or '\)'/],
    ['{{ "open }}', /a text has no closing quote/],
    ['{{ "\\q" }}', /'\\q' means nothing in a text/],
    ["{{ 1e999 }}", /the number is too large/],
  ];
  for (const [text, message] of wrong) it(`refuses ${text}`, () => assert.match(messageOf(text), message));

  it("quotes the expression as evidence", () =>
    assert.throws(() => renderText("a {{ run.dss }} b", scope), { code: "WL_TEMPLATE", evidence: "{{ run.dss }}" }));

  it("refuses to write out what is nested too deeply", () => {
    const deep = JSON.parse("[".repeat(50_000) + "]".repeat(50_000));
    assert.throws(() => renderText("{{ deep | json }}", { deep }), { code: "WL_TEMPLATE" });
    assert.throws(() => renderText("a {{ deep }}", { deep }), { code: "WL_TEMPLATE" });
  });

  it("is bounded, whatever a chain of filters makes of a text", () => {
    const doubling = ' | replace("a", "aa")'.repeat(40);
    assert.match(messageOf(`{{ "a"${doubling} }}`), /longer than 1048576 characters/);
  });
});

describe("filters", () => {
  for (const [name, { example }] of Object.entries(FILTERS)) {
    it(name, () => assert.deepEqual(renderText(`{{ ${example[0]} }}`, scope), example[1]));
  }

  const dates: readonly (readonly [expression: string, value: unknown])[] = [
    // Both edges of summer time in Berlin: the clocks keep their time of day, hours are hours.
    ['"2026-03-28T11:00:00Z" | addDays(1, "Europe/Berlin")', "2026-03-29T10:00:00Z"],
    ['"2026-03-28T11:00:00Z" | addDays(1)', "2026-03-29T11:00:00Z"],
    ['"2026-10-24T10:00:00Z" | addDays(1, "Europe/Berlin")', "2026-10-25T11:00:00Z"],
    ['"2026-10-24T10:00:00Z" | addHours(24)', "2026-10-25T10:00:00Z"],
    ['"2026-10-25T01:30:00Z" | startOfHour("Europe/Berlin")', "2026-10-25T01:00:00Z"],
    ['"2026-10-25T00:30:00Z" | startOfHour("Europe/Berlin")', "2026-10-25T00:00:00Z"],
    ['"2026-10-25T12:00:00Z" | startOfDay("Europe/Berlin")', "2026-10-24T22:00:00Z"],
    ['"2026-03-29T12:00:00Z" | startOfDay("Europe/Berlin")', "2026-03-28T23:00:00Z"],
    ['"2026-02-01T00:00:00Z" | ds("America/New_York")', "2026-01-31"],
    ['"2026-03-31" | addMonths(-1)', "2026-02-28T00:00:00Z"],
    ['"2024-02-29" | addYears(1)', "2025-02-28T00:00:00Z"],
    ['"2026-01-01" | startOfWeek', "2025-12-29T00:00:00Z"],
    ['"2026-01-01T00:00:00.250Z" | addSeconds(1)', "2026-01-01T00:00:01.250Z"],
    ["0 | ts", "1970-01-01T00:00:00Z"],
    ['"2026-01-01T06:30:00+05:30" | ts', "2026-01-01T01:00:00Z"],
    ['"2026-07-01" | ts("Asia/Kolkata")', "2026-07-01T05:30:00+05:30"],
    ['"2026-07-04" | format("EEEE, d MMM yyyy \'at\' H:mm")', "Saturday, 4 Jul 2026 at 0:00"],
    ["\"2026-07-04\" | format(\"''yy''\")", "'26'"],
  ];
  for (const [expression, value] of dates) {
    it(expression, () => assert.deepEqual(renderText(`{{ ${expression} }}`, scope), value));
  }
});

describe("renderTree", () => {
  it("renders every text inside and no name of a field", () =>
    assert.deepEqual(renderTree({ "{{ run.ds }}": ["{{ params.count }}", { a: "x{{ run.ds }}" }, 1, null] }, scope), {
      "{{ run.ds }}": [3, { a: "x2026-01-31" }, 1, null],
    }));

  it("returns what has no expression itself", () => {
    const tree = { a: ["b", { c: "d" }] };
    assert.equal(renderTree(tree, scope), tree);
  });

  it("keeps a field __proto__ a field", () => {
    const tree = JSON.parse('{"__proto__": {"polluted": "{{ run.ds }}"}}');
    const made = renderTree(tree, scope) as object;
    assert.deepEqual(Object.keys(made), ["__proto__"]);
    assert.equal((made as { polluted?: unknown }).polluted, undefined);
  });
});

describe("pathsOf", () => {
  it("lists every path once", () =>
    assert.deepEqual(pathsOf({ a: "{{ run.ds }} {{ params['b c'][0] | json }}", b: ["{{ run.ds | ds }}", '{{ "lit" }}', 1] }), [
      ["run", "ds"],
      ["params", "b c", 0],
    ]));

  it("refuses what is no expression", () => assert.throws(() => pathsOf(["{{ a b }}"]), { code: "WL_TEMPLATE" }));
});

describe("pathText", () => {
  for (const text of ["run.ds", 'tasks["a.b"].output[0].$ref', "params.with-dash"]) {
    it(text, () => assert.equal(pathText(pathsOf(`{{ ${text} }}`)[0]!), text));
  }
});
