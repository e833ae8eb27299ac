// TensorBoard's Event message: as much of it as scalars need.
import { Message } from '../protobuf/index.ts';

/** What an event says: which format the file has (its first event only), or the values of some metrics at a step. */
export type EventContent = { fileVersion: string } | { scalars: readonly (readonly [tag: string, value: number])[] };

/**
 * Encodes one event. `wallTime` is in seconds since 1970; values of scalars are stored as float32.
 *
 * Fields: Event { 1 double wall_time, 2 int64 step, 3 string file_version, 5 Summary summary },
 * Summary { 1 repeated Value value }, Value { 1 string tag, 2 float simple_value }.
 */
export function encodeEvent(wallTime: number, step: number, content: EventContent): Uint8Array {
  const event = new Message().double(1, wallTime).integer(2, step);
  if ('fileVersion' in content) return event.text(3, content.fileVersion).bytes();
  const summary = new Message();
  for (const [tag, value] of content.scalars) {
    summary.message(1, new Message().text(1, tag).float(2, value));
  }
  return event.message(5, summary).bytes();
}
