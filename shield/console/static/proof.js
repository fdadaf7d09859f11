// Checks a record's inclusion proof in the reader's own browser: RFC 9162 over SHA-256 (WebCrypto), the C2SP
// checkpoint, and its Ed25519 signature where the browser has Ed25519. The server gives the material; every
// verdict is computed here. Pasted checkpoints and keys stay in the page, but for the size that a pasted
// checkpoint names, for which the server is asked for hashes.
"use strict";

const utf8 = new TextEncoder();

function fromBase64(text) {
  const binary = atob(text);
  if (btoa(binary) !== text) throw new Error("base64 that is not canonical");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

const leafHash = (entry) => sha256(joined(Uint8Array.of(0), entry));
const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));
const same = (left, right) => left.length === right.length && left.every((byte, at) => byte === right[at]);

// RFC 9162, 2.1.3.2. Sizes may pass 2^32, so they are BigInt.
async function rootOf(leaf, index, size, path) {
  let position = BigInt(index);
  let last = BigInt(size) - 1n;
  if (position < 0n || position > last) throw new Error("there is no such record in a tree of this size");
  let value = leaf;
  for (const sibling of path) {
    if (last === 0n) throw new Error("the proof is longer than the tree is high");
    if (position & 1n || position === last) {
      value = await nodeHash(sibling, value);
      while (!(position & 1n) && position) {
        position >>= 1n;
        last >>= 1n;
      }
    } else {
      value = await nodeHash(value, sibling);
    }
    position >>= 1n;
    last >>= 1n;
  }
  if (last) throw new Error("the proof is shorter than the tree is high");
  return value;
}

// RFC 9162, 2.1.4.2: the two roots that a consistency proof leads to.
async function rootsOf(oldSize, newSize, oldRoot, path) {
  const [older, newer] = [BigInt(oldSize), BigInt(newSize)];
  if (older === newer) {
    if (path.length) throw new Error("a proof between trees of one size must be empty");
    return [oldRoot, oldRoot];
  }
  const steps = [...path];
  if ((older & (older - 1n)) === 0n) steps.unshift(oldRoot);
  if (!steps.length) throw new Error("the proof is empty");
  let position = older - 1n;
  let last = newer - 1n;
  while (position & 1n) {
    position >>= 1n;
    last >>= 1n;
  }
  let [before, after] = [steps[0], steps[0]];
  for (const sibling of steps.slice(1)) {
    if (last === 0n) throw new Error("the proof is longer than the tree is high");
    if (position & 1n || position === last) {
      before = await nodeHash(sibling, before);
      after = await nodeHash(sibling, after);
      while (!(position & 1n) && position) {
        position >>= 1n;
        last >>= 1n;
      }
    } else {
      after = await nodeHash(after, sibling);
    }
    position >>= 1n;
    last >>= 1n;
  }
  if (last) throw new Error("the proof is shorter than the tree is high");
  return [before, after];
}

function parseCheckpoint(note) {
  const text = note.replace(/\r\n/g, "\n").trim() + "\n";
  const at = text.lastIndexOf("\n\n");
  if (at < 0) throw new Error("a checkpoint is three lines, an empty line, and a signature");
  const body = text.slice(0, at + 1);
  const lines = body.split("\n");
  if (lines.length < 4 || !/^(0|[1-9][0-9]{0,18})$/.test(lines[1])) throw new Error("this is not a checkpoint");
  const signatures = text.slice(at + 2).split("\n").filter(Boolean).map((line) => {
    const parts = /^\u2014 (\S+) (\S+)$/.exec(line);
    if (!parts) throw new Error("a signature line of the checkpoint is malformed");
    return { name: parts[1], blob: fromBase64(parts[2]) };
  });
  const root = fromBase64(lines[2]);
  if (root.length !== 32) throw new Error("the root of the checkpoint is not 32 bytes long");
  return { origin: lines[0], size: lines[1], root, body: utf8.encode(body), signatures };
}

// A vkey is NAME+KEYID+BASE64(0x01 || 32 bytes); the key id is SHA-256(NAME \n 0x01 key)[:4].
async function parseKey(text) {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim());
  if (!parts) throw new Error("a verifier key has the form NAME+KEYID+BASE64");
  const raw = fromBase64(parts[3]);
  if (raw.length !== 33 || raw[0] !== 1) throw new Error("the verifier key is no Ed25519 key");
  const id = (await sha256(joined(utf8.encode(parts[1]), Uint8Array.of(10), raw))).slice(0, 4);
  if (toHex(id) !== parts[2]) throw new Error("the key id does not belong to the verifier key");
  return { name: parts[1], id, raw: raw.slice(1) };
}

// true, false, or null where this browser cannot tell.
async function signed(checkpoint, key) {
  const own = checkpoint.signatures.filter(
    (line) => line.name === key.name && line.blob.length === 68 && same(line.blob.slice(0, 4), key.id),
  );
  if (!own.length) return false;
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return null;
  }
  for (const line of own) {
    if (await crypto.subtle.verify({ name: "Ed25519" }, imported, line.blob.slice(4), checkpoint.body)) return true;
  }
  return false;
}

const panel = document.querySelector("[data-proof]");

class Verdict {
  constructor() {
    this.list = panel.querySelector("[data-steps]");
    this.box = panel.querySelector("[data-verdict]");
    this.said = panel.querySelector("[data-said]");
    this.list.replaceChildren();
    this.worst = "yes";
  }

  step(state, text) {
    const item = document.createElement("li");
    item.className = state;
    const word = document.createElement("span");
    word.className = "visually-hidden";
    word.textContent = { yes: "Holds: ", no: "Does not hold: ", unknown: "Not checked: " }[state];
    item.append(word, text);
    this.list.append(item);
    if (state === "no" || (state === "unknown" && this.worst === "yes")) this.worst = state;
  }

  say(good) {
    const [kind, words] = {
      yes: ["good", good],
      unknown: ["warn", "Not all of it was checked in this browser: see the lines below."],
      no: ["bad", "NOT VERIFIED. What the server holds is not what was signed."],
    }[this.worst];
    this.box.className = `verdict ${kind}`;
    this.said.textContent = words;
    panel.dataset.state = this.worst;
  }
}

async function getProof(size) {
  const url = panel.dataset.proof + (size ? `?size=${encodeURIComponent(size)}` : "");
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const proof = await response.json();
  if (proof.problem) throw new Error(proof.problem);
  return proof;
}

async function checkOwn(verdict, proof, pastedKey) {
  const entry = fromBase64(proof.entry);
  const leaf = await leafHash(entry);
  const checkpoint = parseCheckpoint(proof.checkpoint);
  const shown = same(entry, utf8.encode(document.querySelector("[data-record]").textContent));
  verdict.step(shown ? "yes" : "no", shown ? "The record on this page is, byte for byte, the one in the proof."
    : "The record on this page differs from the one in the proof.");
  let place = null;
  try {
    place = JSON.parse(new TextDecoder().decode(entry)).index;
  } catch { /* damaged: the path says so too */ }
  const named = place === Number(panel.dataset.index) && checkpoint.origin === panel.dataset.origin;
  verdict.step(named ? "yes" : "no", named ? `It says itself that it is record ${place}, and the checkpoint is of ${checkpoint.origin}.`
    : "The record or the checkpoint belongs to another place than this page says.");
  try {
    const reached = await rootOf(leaf, panel.dataset.index, checkpoint.size, proof.path.map(fromBase64));
    const fits = same(reached, checkpoint.root);
    verdict.step(fits ? "yes" : "no", `${proof.path.length} hashes lead from the record to `
      + (fits ? `the root of the checkpoint over ${checkpoint.size} records.` : "another root than the checkpoint's."));
  } catch (error) {
    verdict.step("no", `The path of hashes does not fit: ${error.message}.`);
  }
  const key = await parseKey(pastedKey || proof.vkey);
  const whose = pastedKey ? "the key that you gave" : "the log's own key file (compare it with one from elsewhere)";
  const valid = await signed(checkpoint, key);
  if (valid === null) verdict.step("unknown", "The signature: this browser has no Ed25519. `shield audit verify-proof` checks it.");
  else verdict.step(valid ? "yes" : "no", valid ? `The checkpoint is signed by ${whose}.` : `The checkpoint is not signed by ${whose}.`);
  return { leaf, checkpoint, key };
}

async function checkKept(verdict, own, proof, kept) {
  if (kept.origin !== own.checkpoint.origin) {
    verdict.step("no", `Your checkpoint belongs to another log: ${kept.origin}.`);
    return;
  }
  const valid = await signed(kept, own.key);
  if (valid === null) verdict.step("unknown", "The signature of your checkpoint: this browser has no Ed25519.");
  else verdict.step(valid ? "yes" : "no", valid ? "Your checkpoint is signed by the same key." : "Your checkpoint is not signed by this key.");
  if (BigInt(kept.size) > BigInt(own.checkpoint.size)) {
    verdict.step("no", `Your checkpoint covers ${kept.size} records, the log here only ${own.checkpoint.size}: it was cut back.`);
    return;
  }
  const given = proof.kept;
  if (!given || !given.consistency) {
    verdict.step("unknown", "Nothing can be shown from a checkpoint of an empty log.");
    return;
  }
  const [before, after] = await rootsOf(kept.size, own.checkpoint.size, kept.root, given.consistency.map(fromBase64));
  const extended = same(before, kept.root) && same(after, own.checkpoint.root);
  verdict.step(extended ? "yes" : "no", extended
    ? `The log of ${own.checkpoint.size} records extends that of your checkpoint (${kept.size}): nothing in it was changed or removed since.`
    : `The log here does not extend your checkpoint (${kept.size} records): something in it was changed or removed.`);
  if (BigInt(panel.dataset.index) >= BigInt(kept.size)) {
    verdict.step("yes", `This record is newer than your checkpoint of ${kept.size}: only the log's newest one covers it.`);
    return;
  }
  const reached = await rootOf(own.leaf, panel.dataset.index, kept.size, given.path.map(fromBase64));
  const fits = same(reached, kept.root);
  verdict.step(fits ? "yes" : "no", fits ? "This record is under your checkpoint." : "This record is not the one under your checkpoint.");
}

async function check() {
  const verdict = new Verdict();
  const pasted = panel.querySelector("[data-kept]").value.trim();
  const pastedKey = panel.querySelector("[data-key]").value.trim();
  try {
    if (!globalThis.crypto || !crypto.subtle) {
      verdict.step("unknown", "Browsers offer cryptography only to pages served over https or from the same machine. Nothing was checked here.");
    } else {
      const kept = pasted ? parseCheckpoint(pasted) : null;
      const proof = await getProof(kept ? kept.size : "");
      const own = await checkOwn(verdict, proof, pastedKey);
      if (kept) await checkKept(verdict, own, proof, kept);
    }
  } catch (error) {
    verdict.step("no", `It cannot be proved: ${error.message}.`);
  }
  verdict.say(pasted ? "Verified in this browser, against the checkpoint that you gave."
    : "Verified in this browser, under the log's newest checkpoint.");
}

if (panel) {
  panel.querySelector("[data-check]").addEventListener("click", (event) => {
    event.preventDefault();
    check();
  });
  if (panel.dataset.begin === "yes") check();
}
