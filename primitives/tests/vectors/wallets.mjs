// Signatures by the libraries that wallets are built of.
import { personalSign } from '@metamask/eth-sig-util';
import { ed25519CreateDerive, sr25519CreateDerive } from '@polkadot-labs/hdkd';
import { DEV_PHRASE, entropyToMiniSecret, mnemonicToEntropy } from '@polkadot-labs/hdkd-helpers';
import { Keyring } from '@polkadot/keyring';
import { u8aWrapBytes } from '@polkadot/util';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { Wallet } from 'ethers';
import { bytes, hex, texts } from './texts.mjs';

// The account id of an Ethereum key, as docs/signing.md has it.
const ethereumAccount = (address) => address.toLowerCase() + 'ee'.repeat(12);

export async function walletVectors() {
  await cryptoWaitReady();
  const vectors = [];
  const add = (by, account, text, signature) =>
    vectors.push({ by, account, text: hex(bytes(text)), signature });

  for (const scheme of ['sr25519', 'ed25519']) {
    const pair = new Keyring({ type: scheme }).addFromUri('//Galen vectors//1');
    for (const text of texts) {
      const account = hex(pair.publicKey);
      // pair.sign as an app's own key does; wrapped as the extensions' signRaw does.
      add('@polkadot/keyring', account, text, { scheme, signature: hex(pair.sign(bytes(text))) });
      add('@polkadot/keyring <Bytes>', account, text, {
        scheme,
        signature: hex(pair.sign(u8aWrapBytes(bytes(text)))),
      });
    }
  }

  const seed = entropyToMiniSecret(mnemonicToEntropy(DEV_PHRASE));
  for (const [scheme, derive] of [['sr25519', sr25519CreateDerive(seed)], ['ed25519', ed25519CreateDerive(seed)]]) {
    const pair = derive('//GalenVectors');
    for (const text of texts) {
      add('@polkadot-labs/hdkd', hex(pair.publicKey), text, { scheme, signature: hex(pair.sign(bytes(text))) });
    }
  }

  const secret = '0x' + '47'.repeat(32);
  const wallet = new Wallet(secret);
  for (const text of texts) {
    const account = ethereumAccount(wallet.address);
    add('ethers', account, text, { scheme: 'ethereum', signature: await wallet.signMessage(bytes(text)) });
    const signature = personalSign({ privateKey: Buffer.from(secret.slice(2), 'hex'), data: hex(bytes(text)) });
    add('@metamask/eth-sig-util', account, text, { scheme: 'ethereum', signature });
  }
  return vectors;
}
