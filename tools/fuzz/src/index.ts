// Gives damaged input to decoders. For tests only: they run short and the same each time; `npm run fuzz` runs
// the same targets for long, guided by what their inputs reach (main.ts).

export { fuzzBriefly } from './brief.ts';
export { isSentence } from './sentence.ts';
export { type FuzzTarget, Refused, type Subject } from './target.ts';
