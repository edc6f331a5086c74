// A hospital's app in TypeScript: who the members are, a patient's key enrolled, a record anchored, a decision asked for, and
// the audit entries that all this leaves. On a development chain, whose hospital is //Alice:
//
//     npm ci
//     npm start [-- ws://127.0.0.1:9944]

import { randomBytes } from "node:crypto"
import { blake2b } from "@noble/hashes/blake2.js"
import { sr25519CreateDerive } from "@polkadot-labs/hdkd"
import { DEV_MINI_SECRET, ss58Address } from "@polkadot-labs/hdkd-helpers"
import { createClient, Enum } from "polkadot-api"
import { getPolkadotSigner } from "polkadot-api/signer"
import { getWsProvider } from "polkadot-api/ws"
import { filter, firstValueFrom, tap } from "rxjs"
import { WebSocket } from "ws"

type Answer<T> = { block: { hash: string; number: number; finalized: boolean }; value: T }
type Page<T> = { items: T[]; next: string | null }
type Entry = { index: number; block: number; kind: string; subject: string }

const url = process.argv[2] ?? "ws://127.0.0.1:9944"
// From version 22 on, Node has a WebSocket of its own.
const client = createClient(getWsProvider(url, { websocketClass: WebSocket as never }))
// Without generated types, so that it runs against any version of the runtime; `papi add` makes them.
const api = client.getUnsafeApi()

const derive = sr25519CreateDerive(DEV_MINI_SECRET)
const keys = derive("//Alice")
const signer = getPolkadotSigner(keys.publicKey, "Sr25519", keys.sign)
const hospital = ss58Address(keys.publicKey)

/** The value that a method of Galen answers, at the finalized head. */
const ask = async <T>(method: string, ...params: unknown[]): Promise<T> =>
  (await client._request<Answer<T>>(method, params)).value

type Call = { signAndSubmit: (from: typeof signer) => Promise<{ ok: boolean; dispatchError?: unknown }> }

/** Signs a call as the hospital and waits until it is final. */
const submit = async (call: Call) => {
  const outcome = await call.signAndSubmit(signer)
  if (!outcome.ok) throw new Error(`the chain refused: ${JSON.stringify(outcome.dispatchError)}`)
}

const members = await ask<Page<{ account: string; name: string }>>("consortium_members")
for (const member of members.items) console.log("member", member.account, member.name)

// One key for each patient at each hospital; here an example's, which anyone can make.
const patient = ss58Address(derive("//Patient//TypeScript").publicKey)
const entriesSoFar = (await ask<{ count: number }>("audit_state")).count
await submit(api.tx.Consent.enrol({ patient }) as Call)

// What goes on chain of a document is a hash under a salt that stays with the document: BLAKE2b-256 of a tag, the scheme
// (0: plain text), the salt and the bytes.
const text = Buffer.from("Mild anaemia. Iron for three months.")
const committed = Buffer.concat([Buffer.from("galen:commitment:v1"), Buffer.of(0), randomBytes(32), text])
const record = "0x" + Buffer.from(blake2b(committed, { dkLen: 32 })).toString("hex")
// Confidentiality N; what else decisions need to know is not said.
const facts = { level: Enum("N"), labels: [], authored: undefined, authors: [], name: undefined, related: [] }
await submit(api.tx.Records.anchor({ commitment: record, attributes: { patient, facts } }) as Call)
console.log("anchored", record)

const question = { patient, custodian: hospital, requester: hospital, purpose: "TREAT", record: { level: "N" } }
const decision = await ask<{ decision: string; reason: string }>("consent_decide", question)
console.log("may the hospital use it for treatment?", decision.decision, decision.reason)

const entries = client._subscribe<Answer<Entry>>("audit_subscribeEntries", "audit_unsubscribeEntries", [
  { patient },
  entriesSoFar,
])
await firstValueFrom(
  entries.pipe(
    tap(({ value }) => console.log("audit entry", value.index, value.kind, "in block", value.block)),
    filter(({ value }) => value.kind === "recordAnchored" && value.subject === record),
  ),
)
// Ending the subscription is a request too; answers come in order.
await ask("audit_state")
client.destroy()
