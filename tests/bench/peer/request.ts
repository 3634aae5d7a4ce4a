// Reads an event's JSON field by field: every unknown field, wrong type and overlong text is named.
import { type Problem, Refused } from "./refusal";

export interface EventRequest {
  kind: string;
  to: Recipient[];
  title: string;
  body: string;
  link: string | null;
  fields: { label: string; value: string }[];
  thread: string | null;
  urgency: number | null;
  deliverAt: number | null;
}

export type Recipient = { by: "member" | "email" | "company" | "room"; value: string } | { by: "everyone" };

const FIELDS = new Set(["kind", "to", "title", "body", "link", "fields", "thread", "urgency", "deliver_at", "actions"]);
const URGENCIES = ["critical", "normal", "low"];
const DAY = 86_400_000;

export function readEvent(bytes: ArrayBuffer, now: number): EventRequest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new Refused(400, [{ code: "malformed_json" }]);
  }
  if (!isRecord(json)) throw new Refused(422, [{ code: "wrong_type" }]);
  const problems: Problem[] = [];
  const wrong = (code: string, field: string) => void problems.push({ code, field });
  for (const name in json) if (!FIELDS.has(name)) wrong("unknown_field", name);

  const text = (from: Record<string, unknown>, name: string, path: string, limit: number, required: boolean) => {
    const value = from[name];
    if (value === undefined) {
      if (required) wrong("required", path);
      return "";
    }
    if (typeof value !== "string") {
      wrong("wrong_type", path);
      return "";
    }
    // Code units first: counting characters is only needed near the limit.
    if (value.length > limit && [...value].length > limit) wrong("too_long", path);
    return value;
  };
  const optional = (name: string, limit: number) =>
    json[name] === undefined || json[name] === null ? null : text(json, name, name, limit, false);

  const kind = text(json, "kind", "kind", 60, true);
  const title = text(json, "title", "title", 200, true);
  if (title.trim() === "") wrong("required", "title");
  const link = optional("link", 1_000);
  if (link !== null && !isLink(link)) wrong("not_a_link", "link");
  const event: EventRequest = {
    kind,
    title,
    body: text(json, "body", "body", 10_000, false),
    link,
    thread: optional("thread", 200),
    to: recipients(json.to, wrong),
    fields: [],
    urgency: null,
    deliverAt: null,
  };
  if (json.fields !== undefined) {
    if (!Array.isArray(json.fields)) wrong("wrong_type", "fields");
    else {
      if (json.fields.length > 20) wrong("too_many", "fields");
      event.fields = json.fields.map((field: unknown, index) => {
        const path = `fields[${index}]`;
        if (!isRecord(field)) {
          wrong("wrong_type", path);
          return { label: "", value: "" };
        }
        for (const name in field) if (name !== "label" && name !== "value") wrong("unknown_field", `${path}.${name}`);
        return {
          label: text(field, "label", `${path}.label`, 100, true),
          value: text(field, "value", `${path}.value`, 1_000, true),
        };
      });
    }
  }
  if (json.urgency !== undefined && json.urgency !== null) {
    event.urgency = URGENCIES.indexOf(json.urgency as string);
    if (event.urgency < 0) wrong("wrong_type", "urgency");
  }
  if (json.deliver_at !== undefined && json.deliver_at !== null) {
    const at = typeof json.deliver_at === "string" ? Date.parse(json.deliver_at) : Number.NaN;
    if (Number.isNaN(at)) wrong("not_a_time", "deliver_at");
    else if (at > now + 90 * DAY) wrong("too_far_ahead", "deliver_at");
    else if (at > now) event.deliverAt = at;
  }
  if (Array.isArray(json.actions) ? json.actions.length > 0 : json.actions !== undefined) {
    wrong("actions_not_supported", "actions");
  }
  if (problems.length > 0) throw new Refused(422, problems);
  return event;
}

function recipients(to: unknown, wrong: (code: string, field: string) => void): Recipient[] {
  if (!Array.isArray(to)) {
    wrong(to === undefined ? "required" : "wrong_type", "to");
    return [];
  }
  if (to.length === 0) wrong("empty_audience", "to");
  if (to.length > 1_000) wrong("too_many", "to");
  return to.flatMap((entry: unknown, index): Recipient[] => {
    const path = `to[${index}]`;
    const names = isRecord(entry) ? Object.keys(entry) : [];
    const by = names[0];
    if (!isRecord(entry) || names.length !== 1 || by === undefined) {
      wrong("wrong_type", path);
      return [];
    }
    const value = entry[by];
    switch (by) {
      case "everyone":
        if (value !== true) wrong(value === false ? "empty_audience" : "wrong_type", `${path}.everyone`);
        return [{ by }];
      case "member":
      case "email":
      case "company":
      case "room":
        if (typeof value !== "string") {
          wrong("wrong_type", `${path}.${by}`);
          return [];
        }
        return [{ by, value }];
      default:
        wrong("unknown_field", `${path}.${by}`);
        return [];
    }
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isLink(text: string): boolean {
  try {
    return new URL(text).protocol === "https:";
  } catch {
    return false;
  }
}
