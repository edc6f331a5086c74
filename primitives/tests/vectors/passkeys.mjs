// Assertions of a headless Chromium with its own virtual authenticator: what browsers really send.
import { blake2AsU8a } from '@polkadot/util-crypto';
import { createHash } from 'node:crypto';
import { chromium } from 'playwright-core';
import { bytes, hex, texts } from './texts.mjs';

const RP = 'clinic.example';
const APP = 'https://app.clinic.example';
export const relyingParties = [
  { id: RP, origins: [APP] },
  { id: 'localhost', origins: ['http://localhost:8080'] },
];

const compressed = (spki) => {
  const point = spki.subarray(-65);
  return Buffer.from([2 + (point[64] & 1), ...point.subarray(1, 33)]);
};
// Whether s of a DER signature (SEQUENCE of INTEGER r and s) is above half of P-256's order.
const HALF = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;
const isHigh = (der) => {
  const raw = Buffer.from(der.slice(2), 'hex');
  return BigInt('0x' + raw.subarray(4 + raw[3] + 2).toString('hex')) > HALF;
};
const rpIdHash = (id) => createHash('sha256').update(id).digest();
// The account id of a passkey, as docs/signing.md has it.
const account = (id, key) => hex(blake2AsU8a(Buffer.concat([Buffer.from('galen:passkey:v1'), rpIdHash(id), key]), 256));

const inPage = {
  create: async (id) => {
    const credential = await navigator.credentials.create({
      publicKey: {
        rp: { id, name: 'Clinic' },
        user: { id: new Uint8Array(16), name: 'patient', displayName: 'patient' },
        challenge: new Uint8Array(32),
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
      },
    });
    return { id: credential.id, key: [...new Uint8Array(credential.response.getPublicKey())] };
  },
  // The challenge is the SHA-256 of the text.
  get: async ({ rpId, text, userVerification }) => {
    const challenge = await crypto.subtle.digest('SHA-256', new Uint8Array(text));
    const { response } = await navigator.credentials.get({ publicKey: { rpId, challenge, userVerification } });
    const list = (buffer) => [...new Uint8Array(buffer)];
    return {
      authenticatorData: list(response.authenticatorData),
      clientDataJSON: list(response.clientDataJSON),
      signature: list(response.signature),
    };
  },
};

async function authenticator(cdp, isUserVerified) {
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    automaticPresenceSimulation: true,
    isUserVerified,
  };
  return (await cdp.send('WebAuthn.addVirtualAuthenticator', { options })).authenticatorId;
}

export async function passkeyVectors() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const by = `Chromium ${browser.version()}`;
  const page = await browser.newPage();
  // No page is fetched: every address answers with an empty document, the portal with the app in a frame.
  await page.route('**/*', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: route.request().url().startsWith('https://portal.example')
        ? `<iframe src="${APP}/" allow="publickey-credentials-get ${APP}"></iframe>`
        : '<!doctype html><title>app</title>',
    }),
  );
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const device = await authenticator(cdp, true);

  const enrol = async (origin, rp) => {
    await page.goto(`${origin}/`);
    return compressed(Uint8Array.from((await page.evaluate(inPage.create, rp)).key));
  };
  const sign = async (frame, rpId, key, text, userVerification = 'required') => {
    const made = await frame.evaluate(inPage.get, { rpId, text: [...bytes(text)], userVerification });
    return {
      by,
      account: account(rpId, key),
      text: hex(bytes(text)),
      signature: {
        scheme: 'passkey',
        publicKey: hex(key),
        authenticatorData: hex(made.authenticatorData),
        clientDataJSON: hex(made.clientDataJSON),
        signature: hex(made.signature),
      },
    };
  };

  const accepted = [];
  const refused = [];
  const refuse = (why, vector) => refused.push({ why, ...vector });

  const key = await enrol(APP, RP);
  // One of each kind: Chromium adds to some answers a member that says not to match against a template, and authenticators
  // leave s high or low as it falls.
  const kinds = new Set();
  for (let n = 0; kinds.size < 4; n++) {
    const vector = await sign(page, RP, key, texts[n % texts.length]);
    const { clientDataJSON, signature } = vector.signature;
    const kind = JSON.stringify([clientDataJSON.includes(hex(bytes('template')).slice(2)), isHigh(signature)]);
    if (!kinds.has(kind)) accepted.push(vector);
    kinds.add(kind);
  }

  await page.goto('https://other.clinic.example/');
  refuse('an origin that is not on the list', await sign(page, RP, key, texts[0]));

  await page.goto('https://portal.example/');
  const frame = page.frames().find((frame) => frame.url().startsWith(APP));
  refuse('a frame within a page of another origin', await sign(frame, RP, key, texts[0]));

  await page.goto(`${APP}/`);
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: device, isUserVerified: false });
  refuse('a user who was not verified', await sign(page, RP, key, texts[0], 'discouraged'));
  await cdp.send('WebAuthn.setUserVerified', { authenticatorId: device, isUserVerified: true });

  const local = await enrol('http://localhost:8080', 'localhost');
  accepted.push(await sign(page, 'localhost', local, texts[0]));

  const elsewhere = await enrol('https://elsewhere.example', 'elsewhere.example');
  refuse('a relying party that is not on the list', await sign(page, 'elsewhere.example', elsewhere, texts[0]));

  await browser.close();
  return { accepted, refused };
}
