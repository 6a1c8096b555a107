// Where the program of a handler's thread is. A one-file executable has it inside itself, and another module
// in the place of this one (packaging/bundle.mjs). Next: thread-main.ts, the program.

/** What a handler's thread runs. */
export const threadProgram = new URL('./thread-main.js', import.meta.url);
