// What is signed: a text as a patient reads it, and one that no wallet may mangle (length in bytes is not length in characters).
export const texts = [
  `Galen consent
I allow "Mercy" (0x0202020202020202020202020202020202020202020202020202020202020202) to use my health records kept by "General" (0x0101010101010101010101010101010101010101010101010101010101010101).
Purposes: treatment, research
Period: until 2027-05-04 10:00:00 UTC
Confidentiality up to: N (normal)
Specially protected topics: none
Form: 0xf0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0
My key: as enrolled
Chain: 0x4747474747474747474747474747474747474747474747474747474747474747
Number: 0
Sign before: 2026-05-04 10:00:00 UTC
`,
  'Größe 9, 東京, 🩺 "quoted" \\ back\tslash\n\nnull follows: \u0000.',
];

export const bytes = (text) => new TextEncoder().encode(text);
export const hex = (data) => '0x' + Buffer.from(data).toString('hex');
