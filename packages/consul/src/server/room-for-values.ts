// How large a state of somebody else may be that is read beside the present one. Its bytes say little: what
// takes one there may take hundreds of V8's heap, and a process whose heap is full ends.

import { getHeapStatistics } from 'node:v8';

/** So many values of msgpack have room in what is left of the heap. */
export function roomForValues(): number {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  return Math.max(0, Math.trunc((limit - used) / heapBytesPerValue));
}

/** A key takes half a kibibyte and has 15 values; short texts in lists and maps take as much each. */
const heapBytesPerValue = 48;
