// The load generator: HTTP/1.1 over kept-alive connections, closed loop (as fast as answers come) or open loop
// (at a fixed rate, whatever the answers do). Every answer but the expected one ends the bench.
import fs from "node:fs";
import http from "node:http";

/**
 * One request; resolves to its answer. workerd ends a kept connection after 5 s without a request, which on a
 * busy machine crosses with the next one: that one goes again on a new connection, as HTTP clients do, and its time counts on.
 */
export function send(agent, base, request) {
  return once(agent, base, request).catch((error) => {
    if (error.code === "ECONNRESET" && error.reused) return once(false, base, request);
    throw error;
  });
}

function once(agent, base, { method = "GET", path, headers = {}, body }) {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.isBuffer(body) ? body : Buffer.from(body);
    const url = new URL(path, base);
    const options = {
      agent,
      method,
      host: url.hostname,
      port: url.port,
      path: url.pathname + url.search,
      headers: bytes === undefined ? headers : { ...headers, "content-length": bytes.length },
    };
    const request = http.request(options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        resolve({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString("utf8") });
      });
    });
    request.setNoDelay(true);
    request.on("error", (error) => reject(Object.assign(error, { reused: request.reusedSocket })));
    request.end(bytes);
  });
}

/**
 * `count` requests, `concurrency` at a time. `make(index)` gives them; made before the clock starts. With the
 * server's `pid` (Linux) also its CPU in ms a request, what it does after the answers included.
 */
export async function closedLoop(base, { count, concurrency, make, expect, pid }) {
  const requests = Array.from({ length: count }, (_, index) => make(index));
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency, scheduling: "fifo" });
  const times = [];
  let next = 0;
  const cpu = cpuOf(pid);
  const began = performance.now();
  const lane = async () => {
    while (next < count) {
      const request = requests[next++];
      const sent = performance.now();
      const answer = await send(agent, base, request);
      times.push(performance.now() - sent);
      check(answer, expect, request);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  if (pid !== undefined) await new Promise((resolve) => setTimeout(resolve, 300));
  return { rate: count / seconds, cpu: (cpuOf(pid) - cpu) / count, ...latencies(times) };
}

/** `rate` requests a second for `seconds`, each at its own time: a slow answer holds no other back. */
export async function openLoop(base, { rate, seconds, make, expect }) {
  const count = Math.round(rate * seconds);
  const requests = Array.from({ length: count }, (_, index) => make(index));
  const agent = new http.Agent({ keepAlive: true });
  const times = [];
  const flying = [];
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1000) / rate;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const request = requests[index];
    // Counted from when it was due, so that our own lateness is not hidden.
    flying.push(
      send(agent, base, request).then((answer) => {
        times.push(performance.now() - due);
        check(answer, expect, request);
      }),
    );
  }
  await Promise.all(flying);
  agent.destroy();
  return latencies(times);
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

/** CPU of a process so far, in ms, in steps of 10. */
export function cpuOf(pid) {
  if (pid === undefined) return Number.NaN;
  const [user, system] = fs.readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ").slice(11);
  return (Number(user) + Number(system)) * 10;
}

function latencies(times) {
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), times };
}

function check(answer, expect, request) {
  if (answer.status !== expect) {
    throw new Error(`${request.method} ${request.path} answered ${answer.status}, not ${expect}: ${answer.text.slice(0, 300)}`);
  }
}
