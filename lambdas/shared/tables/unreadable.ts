/** Bytes that are not what they should be. The message is a sentence for the buyer, naming the row where one is at fault. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
