// How soon somebody who presses a button is answered: the provider's callback in, the claim and the news for the
// others written, the answer out.
import { eventTo } from "../data.mjs";
import { closedLoop, quantile } from "../load.mjs";
import { botOf, enter, poll, route } from "../messengers.mjs";
import { ask, token } from "../stage.mjs";
import { cast, last, UNLIMITED, until } from "./sending.mjs";

const RATE = 20;
const ACTIONS = [
  { id: "take", label: "対応します", style: "primary" },
  { id: "pass", label: "できません" },
];

export async function claims({ sandbox, worker, sizes, say }) {
  await sandbox.control("POST", "limits", { lineworks_per_minute: UNLIMITED });
  const stage = await cast({ dir: "claims", sandbox, worker });
  const { base, access } = stage;
  try {
    await route(sandbox, base);
    const talk = `bot:${await botOf({ base, access })}`;
    const room = await enter({ base, access, sandbox }, "lineworks");
    const { people } = await sandbox.control("GET", "state");
    const members = (await ask(base, "GET", "/api/v1/members", { headers: access.admin })).json.items;
    const readers = people.map(({ short, mail }) => ({ short, member: members.find((one) => one.login_email === mail).id }));
    const reader = (index) => readers[index % readers.length];
    const run = token();
    const count = RATE * sizes.pressSeconds;
    const title = (index) => `来客 ${run}-${String(index).padStart(6, "0")}`;
    const to = (index) => [{ member: reader(index).member }, { room }];
    say(`${count} notices with buttons`);
    const after = await last(sandbox);
    await closedLoop(base, { count, concurrency: 4, make: eventTo(access.key, run, { to, title, actions: ACTIONS }), expect: 202 });
    await until(sandbox, after, count);
    const messages = async (short) => (await sandbox.control("GET", `talk/${short}/${talk}`)).messages;
    const sent = new Map();
    for (const { short } of readers) sent.set(short, await messages(short));
    const numbers = Array.from({ length: count }, (_, index) => find(sent.get(reader(index).short), title(index), (one) => one.buttons.length > 0).no);

    say(`${RATE} presses a second`);
    const pressed = [];
    const began = performance.now();
    const flying = [];
    for (let index = 0; index < count; index += 1) {
      const wait = began + (index * 1000) / RATE - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      pressed.push(Date.now());
      flying.push(sandbox.control("POST", "press", { person: reader(index).short, talk, message: numbers[index], button: 0 }));
    }
    await Promise.all(flying);
    const times = await poll(async () => {
      const now = new Map();
      for (const { short } of readers) now.set(short, await messages(short));
      const answer = (index) => find(now.get(reader(index).short), title(index), (one) => JSON.stringify(one.content).includes("受け付けました"));
      const answers = pressed.map((_, index) => answer(index));
      return answers.every(Boolean) && answers.map((one, index) => one.at - pressed[index]);
    });
    return [
      {
        name: `claim answered to the presser p99 at ${RATE} presses/s`,
        unit: "ms",
        value: quantile(times, 0.99),
        target: { most: 500 },
        rounds: { p50: quantile(times, 0.5), p99: quantile(times, 0.99), most: Math.max(...times) },
        how: `${count} notices, each to one person and one room on LINE WORKS; from the press in the sandbox to the answer's arrival in the same talk, by the sandbox's clock. Each press also sends the news to the room.`,
      },
      { name: "claim answered to the presser p50", unit: "ms", value: quantile(times, 0.5) },
    ];
  } finally {
    await stage.stop();
  }
}

/** The last message that has the words. */
function find(messages, words, fits) {
  return messages.findLast((one) => JSON.stringify(one.content).includes(words) && fits(one));
}
