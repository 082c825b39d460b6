// Verifies a consent receipt with nothing but its published keys: `node verify-receipt.mjs RECEIPT JWKS`.
// Prints the protected header and the payload as JSON; exits 1 when the signature does not hold.
import { readFile } from "node:fs/promises";
import { compactVerify, createLocalJWKSet } from "jose";

const [receiptFile, keysFile] = process.argv.slice(2);
const receipt = (await readFile(receiptFile, "utf8")).trim();
const keys = createLocalJWKSet(JSON.parse(await readFile(keysFile, "utf8")));

try {
  const { payload, protectedHeader } = await compactVerify(receipt, keys, { algorithms: ["ES256"] });
  console.log(JSON.stringify({ header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload)) }));
} catch (error) {
  console.error(error.code ?? error.message);
  process.exit(1);
}
