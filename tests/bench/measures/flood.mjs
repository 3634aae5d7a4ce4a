// A flood of one low kind on several messengers at once: what a critical notice of another kind suffers, and whether
// the providers' limits are used and kept. Three stages, since a channel has one integration in a workspace.
import { eventTo } from "../data.mjs";
import { closedLoop } from "../load.mjs";
import { botOf, connectChat, connectLine, connectResend, connectRetired, connectSlack, enter, lineGroup, route } from "../messengers.mjs";
import { ask, connectSmtp, token } from "../stage.mjs";
import { cast, last, sleep } from "./sending.mjs";

const EVERY = 5_000;
const LOOK = 250;
const MINUTE = 60_000;
const mailbox = async ({ sandbox }) => (await sandbox.control("GET", "mailbox/sato@minato.example")).mails;
const botTalk = async ({ sandbox }, bot) => (await sandbox.control("GET", `talk/sato/bot:${bot}`))?.messages ?? [];

/**
 * Each messenger: what the provider allows (messages a second, and the wait for one of them), how it is connected (which
 * answers where its texts are found), whether a room hears the notices, and how its sends stand in the sandbox's log.
 */
const MESSENGERS = {
  lineworks: { name: "LINE WORKS", perSecond: 4, operations: ["send_user"], face: "lineworks", connect: botOf, texts: botTalk },
  slack: {
    name: "a Slack channel",
    perSecond: 1,
    operations: ["chat.postMessage"],
    face: "slack",
    room: true,
    connect: connectSlack,
    texts: async ({ sandbox }, channel) => (await sandbox.control("GET", `slack/talk/${channel}`)).messages,
  },
  google_chat: {
    name: "a Google Chat space",
    perSecond: 1,
    operations: ["create_message"],
    face: "google-chat",
    room: true,
    connect: connectChat,
    texts: async ({ sandbox }, space) => (await sandbox.control("GET", "state")).google_chat.talks[space].messages,
  },
  // No limit is published for them: what is kept is our own (hub/src/clients.rs), and no share is judged.
  lineworks_v1: {
    name: "LINE WORKS API 1.0",
    operations: ["push"],
    face: "lineworks-v1",
    connect: async (place) => (await connectRetired(place), botOf(place)),
    texts: botTalk,
  },
  smtp: { name: "SMTP", operations: ["mail"], face: "smtp", connect: connectSmtp, texts: mailbox },
  // Its 2,000 a second are far above what six connections do.
  line: {
    name: "a LINE group",
    operations: ["push"],
    face: "line",
    room: true,
    connect: async (place) => (await connectLine(place), lineGroup(place.sandbox)),
    texts: async ({ sandbox }, group) => (await sandbox.control("GET", "state")).line.talks[`group:${group}`].messages,
  },
  resend: { name: "Resend", perSecond: 2, operations: ["emails"], face: "resend", connect: connectResend, texts: mailbox },
};

export async function flood(bench) {
  return [
    ...(await flooded(bench, { dir: "flood", names: ["lineworks", "slack", "google_chat"] })),
    ...(await flooded(bench, { dir: "flood-retired", names: ["lineworks_v1", "line", "resend"], alone: true })),
    ...(await flooded(bench, { dir: "flood-smtp", names: ["smtp"], alone: true })),
  ];
}

/** `alone`: without LINE WORKS 2.0, which is connected otherwise. */
async function flooded({ sandbox, worker, sizes, say }, { dir, names, alone = false }) {
  await sandbox.control("POST", "limits", { lineworks_per_minute: 240, resend_per_second: 2 });
  const providers = names.map((name) => ({ ...MESSENGERS[name], code: name }));
  const places = {};
  const connected = async (place) => {
    await route(sandbox, place.base);
    for (const { code, connect } of providers) places[code] = await connect(place);
  };
  const stage = await cast({ dir, sandbox, worker, ...(alone ? { connected } : {}) });
  const { base, access, me } = stage;
  try {
    if (!alone) await connected(stage);
    const rooms = [];
    for (const { code, room } of providers) if (room) rooms.push({ room: await enter(stage, code) });
    // The bots' greetings are counted by the providers too, and so is what an earlier measure sent in the sandbox's
    // present minute.
    await sleep(Math.max(2_000, (Math.floor(Date.now() / MINUTE) + 1) * MINUTE + 1_000 - Date.now()));

    const perEvent = stage.people * providers.filter((one) => !one.room).length + rooms.length;
    const count = Math.ceil(sizes.flood / perEvent);
    const total = (count * perEvent).toLocaleString("en");
    say(`${names.join(", ")}: ${total} low ones, then a critical one every ${EVERY / 1000} s`);
    let seen = await last(sandbox);
    const low = eventTo(access.key, token(), { to: [{ everyone: true }, ...rooms], kind: "workflow.commented" });
    await closedLoop(base, { count, concurrency: 4, make: low, expect: 202 });

    const entries = [];
    const notices = [];
    const run = token();
    const span = sizes.floodSeconds * 1000;
    const began = Date.now();
    const look = async () => {
      const log = await sandbox.control("GET", `log?after=${seen}`);
      entries.push(...log.entries);
      seen = log.last;
      for (const { code, texts } of providers) {
        const found = await texts(stage, places[code]);
        for (const notice of notices) notice.delay[code] ??= delay(found, notice);
      }
    };
    while (Date.now() < began + span) {
      const title = `来客 ${run}-${String(notices.length).padStart(4, "0")}`;
      const notice = { title, at: Date.now(), delay: {} };
      notices.push(notice);
      const make = eventTo(access.key, token(), { to: [{ member: me }, ...rooms], kind: "reception.visitor_arrived", title: () => title });
      await closedLoop(base, { count: 1, concurrency: 1, make, expect: 202 });
      // Often: a talk shows its last hundred messages, and low ones soon push it out.
      while (Date.now() < notice.at + EVERY) {
        await sleep(LOOK);
        if (providers.some(({ code }) => notice.delay[code] === undefined)) await look();
      }
    }
    await sleep(3_000);
    await look();

    return providers.flatMap(({ code, name, perSecond, operations, face }) => {
      // What never came waited as long as was looked for.
      const delays = notices.map((notice) => notice.delay[code] ?? Date.now() - notice.at);
      const ours = entries.filter((entry) => entry.face === face && operations.includes(entry.operation));
      const within = ours.filter((entry) => entry.status < 300 && entry.at >= began && entry.at < began + span).length;
      const rate = within / (span / 1000);
      const own = perSecond === undefined ? 0 : 1_000 / perSecond;
      return [
        {
          name: `critical notice during a flood of ${sizes.flood.toLocaleString("en")} low ones, the slowest: ${name}`,
          unit: "ms",
          value: Math.max(...delays),
          target: { most: 2_000 + own },
          rounds: { delays },
          how: `from posting the event to the message's time in the sandbox; one every 5 s while ${names.join(", ")} are flooded at once.`,
        },
        { name: `429 answers meanwhile: ${name}`, unit: "", value: ours.filter((entry) => entry.status === 429).length, target: { most: 0 } },
        perSecond === undefined
          ? { name: `calls meanwhile: ${name}`, unit: "/s", value: rate }
          : {
              name: `used share of the allowed rate: ${name}`,
              unit: "%",
              value: (rate / perSecond) * 100,
              // Too short a span says nothing about a minute's limit.
              ...(span < 60_000 ? {} : { target: { least: 90 } }),
            },
      ];
    });
  } finally {
    await stage.stop();
  }
}

function delay(messages, { title, at }) {
  const found = messages.find((one) => JSON.stringify(one).includes(title));
  return found === undefined ? undefined : found.at - at;
}
