// Writes vectors.json: see README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { passkeyVectors, relyingParties } from './passkeys.mjs';
import { walletVectors } from './wallets.mjs';

const { dependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url)));
const passkeys = await passkeyVectors();
const vectors = {
  madeWith: dependencies,
  relyingParties,
  accepted: [...(await walletVectors()), ...passkeys.accepted],
  refused: passkeys.refused,
};
writeFileSync(new URL('vectors.json', import.meta.url), JSON.stringify(vectors, null, 2) + '\n');
console.log(`${vectors.accepted.length} accepted, ${vectors.refused.length} refused`);
process.exit(0);
