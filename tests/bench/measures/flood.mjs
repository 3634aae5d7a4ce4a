// A flood of one low kind on three messengers at once: what a critical notice of another kind suffers, and whether
// the providers' limits are used and kept.
import { eventTo } from "../data.mjs";
import { closedLoop } from "../load.mjs";
import { botOf, connectChat, connectSlack, enter, route } from "../messengers.mjs";
import { ask, token } from "../stage.mjs";
import { cast, last, sleep } from "./sending.mjs";

const EVERY = 5_000;
const MINUTE = 60_000;
/** What each provider allows: messages a second, and the wait for one of them. */
const PROVIDERS = {
  lineworks: { name: "LINE WORKS", perSecond: 4, own: 250, operations: ["send_user"], face: "lineworks" },
  slack: { name: "a Slack channel", perSecond: 1, own: 1_000, operations: ["chat.postMessage"], face: "slack" },
  google_chat: { name: "a Google Chat space", perSecond: 1, own: 1_000, operations: ["create_message"], face: "google-chat" },
};

export async function flood({ sandbox, worker, sizes, say }) {
  await sandbox.control("POST", "limits", { lineworks_per_minute: 240 });
  const stage = await cast({ dir: "flood", sandbox, worker });
  const { base, access } = stage;
  try {
    await route(sandbox, base);
    const place = { base, access, sandbox };
    const [channel, space] = [await connectSlack(place), await connectChat(place)];
    const rooms = [{ room: await enter(place, "slack") }, { room: await enter(place, "google_chat") }];
    const me = (await ask(base, "GET", "/api/me", { headers: access.admin })).json.id;
    const talk = `bot:${await botOf(place)}`;
    const texts = async () => ({
      lineworks: (await sandbox.control("GET", `talk/sato/${talk}`))?.messages ?? [],
      slack: (await sandbox.control("GET", `slack/talk/${channel}`)).messages,
      google_chat: (await sandbox.control("GET", "state")).google_chat.talks[space].messages,
    });
    // The bots' greetings are counted by the providers too, and so is what an earlier measure sent in the sandbox's
    // present minute.
    await sleep(Math.max(2_000, (Math.floor(Date.now() / MINUTE) + 1) * MINUTE + 1_000 - Date.now()));

    const count = Math.ceil(sizes.flood / (stage.people + rooms.length));
    say(`waited for a new minute; ${(count * (stage.people + rooms.length)).toLocaleString("en")} low ones, then a critical one every ${EVERY / 1000} s`);
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
      const found = await texts();
      for (const notice of notices) {
        for (const provider of Object.keys(PROVIDERS)) {
          notice.delay[provider] ??= delay(found[provider], notice);
        }
      }
    };
    while (Date.now() < began + span) {
      const title = `来客 ${run}-${String(notices.length).padStart(4, "0")}`;
      const notice = { title, at: Date.now(), delay: {} };
      notices.push(notice);
      const make = eventTo(access.key, token(), { to: [{ member: me }, ...rooms], kind: "reception.visitor_arrived", title: () => title });
      await closedLoop(base, { count: 1, concurrency: 1, make, expect: 202 });
      await sleep(notice.at + EVERY - Date.now());
      await look();
    }
    await sleep(3_000);
    await look();

    return Object.entries(PROVIDERS).flatMap(([provider, { name, perSecond, own, operations, face }]) => {
      // What never came waited as long as was looked for.
      const delays = notices.map((notice) => notice.delay[provider] ?? Date.now() - notice.at);
      const ours = entries.filter((entry) => entry.face === face && operations.includes(entry.operation));
      const within = ours.filter((entry) => entry.status < 300 && entry.at >= began && entry.at < began + span).length;
      const share = (within / (perSecond * (span / 1000))) * 100;
      return [
        {
          name: `critical notice during a flood of ${sizes.flood.toLocaleString("en")} low ones, the slowest: ${name}`,
          unit: "ms",
          value: Math.max(...delays),
          target: { most: 2_000 + own },
          rounds: { delays },
          how: "from posting the event to the message's time in the sandbox; one every 5 s while all three are flooded.",
        },
        { name: `429 answers meanwhile: ${name}`, unit: "", value: ours.filter((entry) => entry.status === 429).length, target: { most: 0 } },
        // Too short a span says nothing about a minute's limit.
        { name: `used share of the allowed rate: ${name}`, unit: "%", value: share, ...(span < 60_000 ? {} : { target: { least: 90 } }) },
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
