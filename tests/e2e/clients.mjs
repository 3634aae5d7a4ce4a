// Other people's client libraries, unmodified, pointed at the product. `node clients.mjs NAME`; what it needs
// comes as JSON in CLIENT, what came of it is printed as one line of JSON.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import readline from "node:readline";

const require = createRequire(import.meta.url);
const given = JSON.parse(process.env.CLIENT);

const CLIENTS = {
  /** line-notify-sdk: everything as multipart, in chunks. */
  async "line-notify-sdk"({ url, token, message, image }) {
    const sdk = new (require("line-notify-sdk"))("id", "secret", url);
    sdk.apiBaseURI = `${url}/api`;
    const sent = await sdk.notify(token, message, image, image);
    return { sent, status: await sdk.getStatus(token) };
  },

  async "line-notify-sdk-refused"({ url, token }) {
    const sdk = new (require("line-notify-sdk"))("id", "secret", url);
    sdk.apiBaseURI = `${url}/api`;
    // It rejects with the request and its error.
    return sdk.notify(token, "x").then(() => ({}), (error) => ({ error: error.message }));
  },

  /** line-notify-nodejs: its host is fixed in its code, so its own axios is led elsewhere. */
  async "line-notify-nodejs"({ url, token, message }) {
    const inside = createRequire(require.resolve("line-notify-nodejs"));
    inside("axios").interceptors.request.use((config) => ({ ...config, url: config.url.replace("https://notify-api.line.me", url) }));
    await require("line-notify-nodejs")(token).notify({ message });
    return {};
  },

  /** @slack/webhook: throws on anything but a 2xx, follows no redirect. */
  async "@slack/webhook"({ url, message }) {
    const { IncomingWebhook } = require("@slack/webhook");
    return new IncomingWebhook(url).send(message);
  },

  /** Receives one message of ours and verifies it with standardwebhooks. Prints its port, reads the secret. */
  async standardwebhooks() {
    const { Webhook } = require("standardwebhooks");
    const secret = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    let received;
    const message = new Promise((resolve) => (received = resolve));
    const server = createServer((request, answer) => {
      const chunks = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        answer.writeHead(204).end();
        received({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      });
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    console.log(JSON.stringify({ port: server.address().port }));
    const webhook = new Webhook((await secret.next()).value);
    const { headers, body } = await message;
    const verified = webhook.verify(body, headers);
    let forged = false;
    try {
      webhook.verify(`${body} `, headers);
      forged = true;
    } catch {
      // As it should be.
    }
    return { id: headers["webhook-id"], verified, forged };
  },
};

console.log(JSON.stringify(await CLIENTS[process.argv[2]](given)));
// A server or an open input would keep it.
process.exit(0);
